import { z } from 'zod';
import { boundedCommand, isTooLong, runCommand } from './command-line.js';
import type { JqEngine, JqProgram } from './engine.js';
import { type Compilation, ExpressionChecker } from './expression-checker.js';
import { type EngineLimits, startTimeoutMilliseconds } from './limits.js';
import { NativeProcess } from './native-process.js';
import { NativeProgram } from './native-program.js';
import { wrapProgram } from './protocol.js';

/** A jq binary that has told its version. */
export interface NativeJq {
  readonly path: string;
  /** `1.7.1` */
  readonly version: string;
  readonly description: string;
}

const builtinList = z.array(z.string());

/**
 * The engine over a jq binary.
 * @param forLongPrograms the engine for programs that are longer than the system lets an argument
 * be (Linux 128 KiB, Windows 32 KiB); asked for at most once
 * @throws Error when the binary does not list its builtins
 */
export async function startNativeEngine(
  jq: NativeJq,
  limits: EngineLimits,
  forLongPrograms: () => Promise<JqEngine>,
): Promise<JqEngine> {
  return new NativeEngine(jq, limits, await readBuiltins(jq.path), forLongPrograms);
}

async function readBuiltins(path: string): Promise<ReadonlySet<string>> {
  const command = { file: path, arguments: ['-n', '-c', 'builtins'] };
  const end = await runCommand(command, startTimeoutMilliseconds);
  if (end.status === 'not started') throw new Error(end.reason);
  if (end.code !== 0) throw new Error(end.stderr.trim());
  return new Set(builtinList.parse(JSON.parse(end.stdout)));
}

class NativeEngine implements JqEngine {
  readonly #checker: ExpressionChecker;
  readonly #programs = new Set<JqProgram>();
  #longProgramEngine: Promise<JqEngine> | undefined;

  constructor(
    private readonly jq: NativeJq,
    private readonly limits: EngineLimits,
    private readonly builtins: ReadonlySet<string>,
    private readonly forLongPrograms: () => Promise<JqEngine>,
  ) {
    this.#checker = new ExpressionChecker(
      (program) => this.#compile(program),
      builtins,
      async (expression) => (await this.#elsewhere()).check(expression),
    );
  }

  get description(): string {
    return this.jq.description;
  }

  get version(): string {
    return this.jq.version;
  }

  async start(program: string): Promise<JqProgram> {
    const wrapped = wrapProgram(program, this.builtins);
    const command = this.#command(['-c', '--unbuffered', wrapped]);
    try {
      const started = await NativeProgram.start(
        (listener) => new NativeProcess(command, this.limits, listener),
        this.limits,
      );
      this.#programs.add(started);
      return started;
    } catch (error) {
      if (!isTooLong(error)) throw error;
      return (await this.#elsewhere()).start(program);
    }
  }

  check(expression: string): Promise<string | null> {
    return this.#checker.check(expression);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#programs].map((program) => program.close()));
    await (await this.#longProgramEngine)?.close();
  }

  /** Nothing runs, because there is no input to run it on. */
  async #compile(program: string): Promise<Compilation> {
    const end = await runCommand(this.#command(['-c', program]), startTimeoutMilliseconds);
    if (end.status === 'not started') {
      if (end.tooLong) return { status: 'too long' };
      throw new Error(`jq cannot be started: ${end.reason}`);
    }
    return end.code === 0 ? { status: 'compiles' } : { status: 'refused', message: end.stderr };
  }

  #command(args: readonly string[]) {
    return boundedCommand(this.jq.path, args, this.limits.memoryBytes);
  }

  #elsewhere(): Promise<JqEngine> {
    this.#longProgramEngine ??= this.forLongPrograms();
    return this.#longProgramEngine;
  }
}
