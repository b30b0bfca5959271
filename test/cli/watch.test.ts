import { describe, expect, it } from '@jest/globals';
import { commands, type CommandDescription, type CommandRun } from '../../src/cli/commands.js';
import { SIGNAL_EXIT_CODES, type StopSignal } from '../../src/model/signal.js';
import { run } from '../../src/run.js';
import { fakeRuntime } from './fake-runtime.js';

/** A process that a test can stop, or let run into a bug. */
function aProcess(argv: readonly string[]) {
  const signals = new Set<(signal: StopSignal) => void>();
  const bugs = new Set<(error: unknown) => void>();
  const exits: number[] = [];
  const listening =
    <Listener>(listeners: Set<Listener>) =>
    (listener: Listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    };
  const runtime = fakeRuntime(argv, {
    onSignal: listening(signals),
    onBug: listening(bugs),
    exitNow: (code) => exits.push(code),
  });
  return {
    runtime,
    exits,
    listeners: () => signals.size + bugs.size,
    signal: (name: StopSignal) => {
      for (const listener of signals) listener(name);
    },
    bug: (error: unknown) => {
      for (const listener of bugs) listener(error);
    },
  };
}

/** The real commands, with something else behind each. */
function commandsThat(action: CommandRun): readonly CommandDescription[] {
  return commands.map((command) => ({ ...command, load: () => Promise.resolve(action) }));
}

/** Tells when a command has begun that never ends. */
function endless(): { readonly begun: Promise<void>; readonly command: CommandRun } {
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  return {
    begun,
    command: () => {
      begin();
      return new Promise(() => undefined);
    },
  };
}

describe('a command that has not begun its run', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ends with a word on %s', async (name) => {
    const process = aProcess(['sync']);
    const { begun, command } = endless();
    const ended = run(process.runtime, commandsThat(command));
    await begun;
    process.signal(name);
    expect(await ended).toBe(SIGNAL_EXIT_CODES[name]);
    expect(process.runtime.written.stderr).toContain(`error: stopped by ${name}; nothing new`);
    // What is under way would keep the process from ending.
    expect(process.exits).toEqual([SIGNAL_EXIT_CODES[name]]);
  });

  it('ends with a sentence on a bug that nobody could catch', async () => {
    const process = aProcess(['sync']);
    const { begun, command } = endless();
    const ended = run(process.runtime, commandsThat(command));
    await begun;
    process.bug(new TypeError('x is not a function'));
    expect(await ended).toBe(1);
    const { stderr } = process.runtime.written;
    expect(stderr).toContain('this is a bug in bitbucket-port: x is not a function');
    expect(stderr).not.toMatch(/^ {4}at /mu);
  });

  it('leaves signals to its run once that has begun, and minds them again behind it', async () => {
    const process = aProcess(['sync']);
    const heard: string[] = [];
    const ended = run(
      process.runtime,
      commandsThat(({ onSignal }) => {
        const release = onSignal((name) => heard.push(name));
        process.signal('SIGTERM');
        release();
        expect(process.listeners()).toBe(2);
        return Promise.resolve(0);
      }),
    );
    expect(await ended).toBe(0);
    expect(heard).toEqual(['SIGTERM']);
    expect(process.exits).toEqual([]);
    expect(process.listeners()).toBe(0);
  });
});
