import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { z } from 'zod';
import { cleanMessage } from './protocol.js';
import {
  boundedCommand,
  type CommandLine,
  isTooLong,
  reasonOf,
  runCommand,
  spawnCommand,
} from './command-line.js';
import { startTimeoutMilliseconds } from './engine.js';
import type { Compilation, JqEnd, JqHost, JqListener, RunningJq } from './host.js';

/** A jq binary that has told its version. */
export interface NativeJq {
  readonly path: string;
  /** `1.7.1` */
  readonly version: string;
  readonly description: string;
}

/** `JQ_ERROR_COMPILE` of jq's main.c. */
const compileErrorCode = 3;
const stderrCharacters = 4_000;

const builtinList = z.array(z.string());

/**
 * Runs a jq binary, a process each time.
 * @throws Error when it does not list its builtins
 */
export async function nativeHost(jq: NativeJq, memoryBytes: number): Promise<JqHost> {
  const command = (args: readonly string[]): CommandLine =>
    boundedCommand(jq.path, args, memoryBytes);
  return {
    description: jq.description,
    version: jq.version,
    builtins: await readBuiltins(command(['-n', '-c', 'builtins'])),
    compile: (program) => compile(command(['-c', program])),
    launch: (program, listener) =>
      launchProcess(command(['-c', '--unbuffered', program]), listener),
    close: () => Promise.resolve(),
  };
}

async function readBuiltins(command: CommandLine): Promise<ReadonlySet<string>> {
  const end = await runCommand(command, startTimeoutMilliseconds);
  if (end.status === 'not started') throw new Error(end.reason);
  if (end.code !== 0) throw new Error(end.stderr.trim());
  return new Set(builtinList.parse(JSON.parse(end.stdout)));
}

/** Nothing runs, because there is no input to run it on. */
async function compile(command: CommandLine): Promise<Compilation> {
  const end = await runCommand(command, startTimeoutMilliseconds);
  if (end.status === 'not started') {
    if (end.tooLong) return { status: 'too long' };
    throw new Error(`jq cannot be started: ${end.reason}`);
  }
  return end.code === 0 ? { status: 'compiles' } : { status: 'refused', message: end.stderr };
}

/** Starts a jq that reads inputs from its standard input. */
export function launchProcess(command: CommandLine, listener: JqListener): RunningJq {
  try {
    return new JqProcess(spawnCommand(command), listener);
  } catch (error) {
    queueMicrotask(() => {
      listener.ended(notStarted(error));
    });
    return noProcess;
  }
}

function notStarted(error: unknown): JqEnd {
  return { cause: isTooLong(error) ? 'too long' : 'crash', message: reasonOf(error) };
}

const nothing = (): undefined => undefined;

/** In place of a process that could not be started. */
const noProcess: RunningJq = {
  isWritable: false,
  progress: 0,
  look: nothing,
  isBloated: false,
  write: nothing,
  hold: nothing,
  release: nothing,
  kill: () => Promise.resolve(),
  stop: () => Promise.resolve(),
};

class JqProcess implements RunningJq {
  readonly isBloated = false;
  progress = 0;
  readonly #gone: Promise<void>;
  #stderr = '';

  constructor(
    private readonly child: ChildProcess,
    listener: JqListener,
  ) {
    const { stdin, stdout, stderr } = child;
    this.#gone = new Promise((resolve) => {
      const settle = (): void => {
        resolve();
      };
      child.once('exit', settle).once('error', settle);
    });
    stdin?.on('drain', () => {
      listener.drained();
    });
    stdout?.on('data', (chunk: Buffer) => {
      this.progress += chunk.length;
      listener.wrote(chunk);
    });
    stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-stderrCharacters);
    });
    child.once('error', (error) => {
      listener.ended(notStarted(error));
    });
    child.once('close', (code, signal) => {
      listener.ended(this.#end(code, signal));
    });
  }

  get isWritable(): boolean {
    return this.child.stdin?.writableNeedDrain === false;
  }

  /** All that it has written was handed over as it came. */
  look(): void {
    return;
  }

  write(text: string): void {
    this.child.stdin?.write(text);
  }

  hold(): void {
    for (const handle of this.#handles()) handle.ref();
  }

  release(): void {
    for (const handle of this.#handles()) handle.unref();
  }

  kill(): Promise<void> {
    this.hold();
    this.child.kill('SIGKILL');
    return this.#gone;
  }

  stop(): Promise<void> {
    return this.kill();
  }

  #handles(): readonly { ref(): unknown; unref(): unknown }[] {
    const sockets = this.child.stdio.filter((stream) => stream instanceof Socket);
    return [this.child, ...sockets];
  }

  #end(code: number | null, signal: NodeJS.Signals | null): JqEnd {
    if (code === compileErrorCode) return { cause: 'refused', message: this.#stderr };
    const said = cleanMessage(this.#stderr);
    const how = signal ?? `exit code ${code ?? 'unknown'}`;
    // The kernel kills with SIGKILL when the machine has no memory left.
    const isMemory = signal === 'SIGKILL' || said.includes('cannot allocate memory');
    const message = `jq ended with ${how}${said === '' ? '' : `: ${said}`}`;
    return { cause: isMemory ? 'memory' : 'crash', message };
  }
}
