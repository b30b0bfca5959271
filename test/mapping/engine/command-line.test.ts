import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  boundedCommand,
  type CommandLine,
  isExecutable,
  runCommand,
  spawnCommand,
} from '../../../src/mapping/engine/command-line.js';

const gibibyte = 2 ** 30;

/** What needs a shell is not there to be tested on a system without one. */
const describeWithShell = isExecutable('/bin/sh')
  ? describe
  : (name: string): void => {
      it.todo(`${name} (no shell here)`);
    };

/** Tells its process number, then is busy for as long as it is let. */
const busy = ['-c', 'echo $$; while true; do true; done'];

/** What our process is to the commands that it starts, in a process that can be killed. */
const starter = `
const { spawn } = require('node:child_process');
const { file, arguments: args } = JSON.parse(process.argv[1]);
const child = spawn(file, args, { env: {}, stdio: ['pipe', 'pipe', 'inherit', 'pipe'] });
child.stdout.pipe(process.stdout);
`;

const started: ChildProcess[] = [];
const numbers: number[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  for (const number of numbers.splice(0)) if (isThere(number)) process.kill(number, 'SIGKILL');
});

async function numberOf(child: ChildProcess): Promise<number> {
  started.push(child);
  if (child.stdout === null) throw new Error('no output');
  const [bytes] = (await once(child.stdout, 'data')) as [Buffer];
  const number = Number(bytes.toString('utf8'));
  numbers.push(number);
  return number;
}

function isThere(number: number): boolean {
  try {
    return process.kill(number, 0);
  } catch {
    return false;
  }
}

async function untilGone(number: number): Promise<void> {
  while (isThere(number)) await new Promise((resolve) => setImmediate(resolve));
}

describeWithShell('a bounded command', () => {
  it('does not outlive the process that started it, though it is busy and that one was killed', async () => {
    const command = boundedCommand('/bin/sh', busy, gibibyte);
    const child = spawn(process.execPath, ['-e', starter, JSON.stringify(command)]);
    const number = await numberOf(child);
    expect(isThere(number)).toBe(true);
    child.kill('SIGKILL');
    await untilGone(number);
  });

  it('is not told to end by what ends a run that is interrupted', async () => {
    const child = spawnCommand(boundedCommand('/bin/sh', busy, gibibyte));
    await numberOf(child);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) child.kill(signal);
    expect(child.exitCode).toBeNull();
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(child.signalCode).toBe('SIGKILL');
  });

  it('has no environment, and bounded memory', async () => {
    const command: CommandLine = boundedCommand('/bin/sh', ['-c', 'env; ulimit -v'], gibibyte);
    const end = await runCommand(command, 10_000);
    expect(end).toMatchObject({ status: 'ended', code: 0, stderr: '' });
    if (end.status !== 'ended') return;
    const lines = end.stdout.trim().split('\n');
    expect(lines.filter((line) => !/^(?:PWD|OLDPWD|SHLVL|_)=/.test(line))).toEqual([
      process.platform === 'linux' ? String(gibibyte / 1024) : expect.any(String),
    ]);
  });
});

describe('runCommand', () => {
  it('ends a command that takes too long', async () => {
    const command = boundedCommand(process.execPath, ['-e', 'while (true);'], 64 * gibibyte);
    expect(await runCommand(command, 100)).toMatchObject({ status: 'ended', code: null });
  });

  it('tells why a command cannot be started', async () => {
    const command = { file: '/nowhere/jq', arguments: [], hasLifeline: false };
    expect(await runCommand(command, 1_000)).toEqual({
      status: 'not started',
      reason: 'spawn /nowhere/jq ENOENT',
      tooLong: false,
    });
  });
});
