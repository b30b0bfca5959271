import { afterEach, describe, expect, it } from '@jest/globals';
import { Chalk } from 'chalk';
import type { RunEvent } from '../../src/model/event.js';
import type { LogLevel } from '../../src/report/reporter.js';
import { TerminalReporter } from '../../src/report/terminal-reporter.js';
import { samples } from '../problems/samples.js';
import { aStream, aSummary, pullRequest, repository, someCounts } from './a-run.js';
import { FakeTerminal } from './fake-terminal.js';

const HIDDEN_CURSOR = '\u001b[?25l';
const SHOWN_CURSOR = '\u001b[?25h';

const started: RunEvent = {
  type: 'run-started',
  at: 0,
  source: 'Bitbucket',
  port: 'https://api.getport.io',
  integration: 'bitbucket-prod',
  resources: [repository, pullRequest],
};

const reporters: TerminalReporter[] = [];

function aReporter(
  level: LogLevel = 'info',
  {
    now = () => 0,
    columns = 80,
    isOneScreen = false,
  }: {
    readonly now?: () => number;
    readonly columns?: number;
    readonly isOneScreen?: boolean;
  } = {},
) {
  const terminal = new FakeTerminal();
  terminal.columns = columns;
  const stdout = aStream();
  const stderr = aStream({ isTTY: true, columns, terminal, write: (text) => terminal.write(text) });
  const reporter = new TerminalReporter(
    {
      stdout,
      stderr,
      isOneScreen,
      level,
      colors: new Chalk({ level: 0 }),
      now,
      redact: (text) => text.replaceAll('hunter2', '***').replaceAll('pass##[word', '***'),
    },
    terminal,
  );
  reporters.push(reporter);
  /** What is seen, with the turning sign as `*`. */
  const seen = (): readonly string[] =>
    terminal.screen().map((line) => line.replace(/^[^\w\s] /u, '* '));
  /** The live lines alone, as the next turn of the sign shows them: a log line draws them anew. */
  const redrawn = (): readonly string[] => {
    reporter.listen({ type: 'note', level: 'info', text: '-' });
    const lines = seen();
    return lines.slice(lines.lastIndexOf('-') + 1);
  };
  return { reporter, terminal, stdout, seen, redrawn };
}

function progressed(resource: typeof repository, fetched: number): RunEvent {
  return { type: 'resource-progressed', at: 0, resource, counts: someCounts({ fetched }) };
}

// A live view that nobody stops would keep the process alive.
afterEach(() => {
  for (const reporter of reporters.splice(0)) {
    reporter.finish({ summary: null, problems: [], exitCode: 0 });
  }
});

describe('TerminalReporter', () => {
  it('shows one live line per resource, in config order', () => {
    const { reporter, terminal, seen } = aReporter();
    reporter.listen(started);
    reporter.listen({ type: 'resource-started', at: 0, resource: pullRequest });
    reporter.listen({ type: 'resource-started', at: 0, resource: repository });
    reporter.listen(progressed(repository, 50));
    reporter.listen(progressed(pullRequest, 1_200));
    const counts = someCounts({ fetched: 120, mapped: 120 });
    reporter.listen({
      type: 'resource-ended',
      at: 0,
      resource: repository,
      counts,
      status: 'complete',
    });
    // The next turn of the sign shows it; an ordinary log line draws the view anew as well.
    reporter.listen({ type: 'note', level: 'info', text: 'a fact' });
    expect(seen()).toEqual([
      'Bitbucket -> Port https://api.getport.io, integration bitbucket-prod',
      'a fact',
      '* repository    120 read, 120 mapped, done',
      '  pull-request  1,200 read',
    ]);
    expect(terminal.written).toContain(HIDDEN_CURSOR);
  });

  it('marks a resource that is incomplete', () => {
    const { reporter, seen } = aReporter();
    reporter.listen(started);
    const counts = someCounts({ fetched: 7 });
    reporter.listen({
      type: 'resource-ended',
      at: 0,
      resource: repository,
      counts,
      status: 'incomplete',
    });
    expect(seen().at(-1)).toBe('* repository    7 read, incomplete');
  });

  it('leaves problems to the end, but says at once that the run stops', () => {
    const { reporter, seen } = aReporter();
    reporter.listen({ type: 'problem', problem: samples['listing-incomplete'] });
    expect(seen()).toEqual(['']);
    reporter.listen({ type: 'problem', problem: samples.interrupted });
    expect(seen()[0]).toContain('stopped by SIGTERM');
  });

  it('says so in a word where the result follows on the same terminal', () => {
    const { reporter, seen } = aReporter('info', { isOneScreen: true });
    reporter.listen({ type: 'problem', problem: samples.interrupted });
    expect(seen()).toEqual(['interrupted (details at the end)', '']);
  });

  it('says what it waits for, above the live lines', () => {
    const { reporter, seen } = aReporter('warning');
    reporter.listen(started);
    reporter.listen({ type: 'resource-started', at: 0, resource: repository });
    reporter.listen({
      type: 'waiting',
      at: 0,
      side: 'port',
      reason: 'asked to by Port',
      milliseconds: 90_000,
    });
    expect(seen()).toEqual([
      'Port: waiting 1m30s: asked to by Port (until 00:01:30 UTC)',
      '* repository    reading',
      '  Port waits until 00:01:30 UTC: asked to by Port',
    ]);
  });

  it('leaves a wait of less than a second to the live lines', () => {
    const { reporter, seen } = aReporter();
    reporter.listen(started);
    reporter.listen({ type: 'resource-started', at: 0, resource: repository });
    reporter.listen({ type: 'waiting', at: 0, side: 'port', reason: 'busy', milliseconds: 999 });
    reporter.listen({ type: 'note', level: 'info', text: 'a fact' });
    expect(seen()).toEqual([
      'Bitbucket -> Port https://api.getport.io, integration bitbucket-prod',
      'a fact',
      '* repository    reading',
      '  Port waits until 00:00:00 UTC: busy',
    ]);
  });

  it('says so in the live lines until the wait is over', () => {
    let now = 0;
    const { reporter, redrawn } = aReporter('info', { now: () => now });
    reporter.listen(started);
    reporter.listen({ type: 'resource-started', at: 0, resource: repository });
    for (const [milliseconds, reason] of [
      [90_000, 'asked to by Bitbucket, which is busy with a migration of all of its repositories'],
      [10_000, 'another'],
    ] as const) {
      reporter.listen({ type: 'waiting', at: 0, side: 'bitbucket', reason, milliseconds });
    }
    expect(redrawn()).toEqual([
      '* repository    reading',
      '  Bitbucket waits until 00:01:30 UTC: asked to by Bitbucket, which is busy with…',
    ]);
    now = 90_000;
    reporter.listen(progressed(repository, 50));
    expect(redrawn()).toEqual(['* repository    50 read']);
  });

  it('shows how fast a resource is read', () => {
    const { reporter, redrawn } = aReporter();
    reporter.listen(started);
    reporter.listen({ type: 'resource-started', at: 10_000, resource: pullRequest });
    const counts = someCounts({ fetched: 1_240, mapped: 1_180 });
    reporter.listen({ type: 'resource-progressed', at: 10_900, resource: pullRequest, counts });
    // Too soon: that would be the rate of a page.
    expect(redrawn()).toEqual(['* pull-request  1,240 read, 1,180 mapped']);
    reporter.listen({ type: 'resource-progressed', at: 14_000, resource: pullRequest, counts });
    expect(redrawn()).toEqual(['* pull-request  1,240 read, 1,180 mapped, 310/s']);
    const end = { at: 14_000, resource: pullRequest, counts, status: 'complete' } as const;
    reporter.listen({ type: 'resource-ended', ...end });
    expect(redrawn()).toEqual(['* pull-request  1,240 read, 1,180 mapped, done']);
  });

  it('shows how many repositories were read through, where it is known how many there are', () => {
    const { reporter, redrawn } = aReporter('info', { columns: 60 });
    reporter.listen(started);
    reporter.listen({ type: 'resource-started', at: 0, resource: pullRequest });
    const event = {
      type: 'resource-progressed',
      at: 4_000,
      resource: pullRequest,
      counts: someCounts({ fetched: 1_240, mapped: 1_180, created: 12 }),
    } as const;
    reporter.listen(event);
    expect(redrawn()).toEqual(['* pull-request  1,240 read, 1,180 mapped, 12 new, 310/s']);
    reporter.listen({ ...event, repositories: { done: 120, total: 300 } });
    expect(redrawn()).toEqual(['* pull-request  120 of 300 repositories, 12 new, 310/s']);
  });

  it.each([
    [80, '* pull-request  1,240,000 read, 120,000 new, 3,000 changed, 12 failed, 310/s'],
    [50, '* pull-request  1,240,000 read, 12 failed, 310/s'],
    [40, '* pull-request  1,240,000 read, 310/s'],
    [24, '* pull-request  1,240,0…'],
  ])('fits into %i columns', (columns, line) => {
    const { reporter, redrawn } = aReporter('info', { columns });
    reporter.listen(started);
    reporter.listen({ type: 'resource-started', at: 0, resource: pullRequest });
    const counts = someCounts({
      fetched: 1_240_000,
      mapped: 1_180_000,
      created: 120_000,
      updated: 3_000,
      failed: 12,
    });
    reporter.listen({ type: 'resource-progressed', at: 4_000_000, resource: pullRequest, counts });
    expect(redrawn()).toEqual([line]);
  });

  it('removes the live lines, gives the cursor back and prints the result on stdout', () => {
    const { reporter, terminal, stdout, seen } = aReporter('error');
    reporter.listen(started);
    reporter.listen(progressed(repository, 50));
    reporter.listen(progressed(pullRequest, 50));
    reporter.finish({ summary: aSummary(), problems: [], exitCode: 0 });
    expect(seen().join('')).toBe('');
    expect(terminal.written.lastIndexOf(SHOWN_CURSOR)).toBeGreaterThan(
      terminal.written.lastIndexOf(HIDDEN_CURSOR),
    );
    expect(stdout.text()).toContain('Complete in 1m04s (exit 0)');
  });

  it('masks secrets and passes no escape codes on', () => {
    const { reporter, terminal, seen } = aReporter();
    reporter.listen({ type: 'note', level: 'info', text: 'hunter2 \u001b]0;owned\u0007' });
    expect(seen()[0]).toBe(String.raw`*** \u001b]0;owned\u0007`);
    reporter.listen({ type: 'note', level: 'info', text: 'not pass##[word' });
    expect(seen()[1]).toBe('not ***');
    expect(terminal.written).not.toMatch(/hunter2|word/u);
  });
});
