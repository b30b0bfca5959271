import { describe, expect, it } from '@jest/globals';
import { Chalk } from 'chalk';
import type { RunEvent } from '../../src/model/event.js';
import type { Problem } from '../../src/problems/problem.js';
import { PlainReporter, type PlainOptions } from '../../src/report/plain-reporter.js';
import type { LogLevel } from '../../src/report/reporter.js';
import { samples } from '../problems/samples.js';
import { createFakeClock } from '../world/fake-clock.js';
import { aStream, aSummary, grouped, pullRequest, repository, someCounts } from './a-run.js';

/** A reporter with its streams and a clock that the test moves. */
function aReporter(difference: Partial<PlainOptions> = {}) {
  const stdout = aStream();
  const stderr = aStream();
  const clock = createFakeClock();
  const reporter = new PlainReporter({
    stdout,
    stderr,
    level: 'info',
    isOneScreen: false,
    colors: new Chalk({ level: 0 }),
    now: () => clock.now(),
    redact: (text) => text.replaceAll('hunter2 or 3', '***'),
    ...difference,
  });
  const started: RunEvent = {
    type: 'run-started',
    at: clock.now(),
    source: 'Bitbucket Data Center https://bitbucket.example.com',
    port: 'https://api.getport.io',
    integration: 'bitbucket-prod',
    resources: [repository, pullRequest],
  };
  return { reporter, stdout, stderr, clock, started };
}

describe('PlainReporter', () => {
  it('tells a run in lines with times', () => {
    const { reporter, stderr, clock, started } = aReporter();
    const counts = someCounts({
      fetched: 1_200,
      mapped: 1_180,
      created: 12,
      updated: 3,
      failed: 1,
    });
    const at = (): number => clock.now();
    reporter.listen({ type: 'note', level: 'info', text: 'jq: /usr/bin/jq 1.7.1' });
    reporter.listen(started);
    reporter.listen({ type: 'resource-started', at: at(), resource: repository });
    clock.advance(12_000);
    reporter.listen({ type: 'resource-progressed', at: at(), resource: repository, counts });
    reporter.listen({
      type: 'waiting',
      at: at(),
      side: 'port',
      reason: 'asked to by Retry-After',
      milliseconds: 90_000,
    });
    clock.advance(90_000);
    reporter.listen({ type: 'problem', problem: samples['listing-incomplete'] });
    reporter.listen({
      type: 'resource-ended',
      at: at(),
      resource: repository,
      counts,
      status: 'incomplete',
    });
    expect(stderr.text()).toMatchInlineSnapshot(`
      "00:00:00 info    jq: /usr/bin/jq 1.7.1
      00:00:00 info    Bitbucket Data Center https://bitbucket.example.com -> Port https://api.getport.io, integration bitbucket-prod
      00:00:12 info    repository: 1,200 read, 1,180 mapped, 12 new, 3 changed, 1 failed
      00:00:12 warning Port: waiting 1m30s: asked to by Retry-After (until 00:01:42 UTC)
      00:01:42 error   pull requests of PAY/api could not be read to the end: 500 Internal Server Error, 6 times
      00:01:42 info    repository: incomplete, 1,200 read, 1,180 mapped, 12 new, 3 changed, 1 failed
      "
    `);
  });

  it('shows the progress of each resource at most every ten seconds', () => {
    const { reporter, stderr, clock } = aReporter();
    const start = clock.now();
    for (const resource of [repository, pullRequest]) {
      reporter.listen({ type: 'resource-started', at: start, resource });
    }
    for (let second = 1; second <= 35; second += 1) {
      clock.advance(1_000);
      for (const resource of [repository, pullRequest]) {
        const counts = someCounts({ fetched: second });
        reporter.listen({ type: 'resource-progressed', at: clock.now(), resource, counts });
      }
    }
    const shown = (kind: string): readonly (string | undefined)[] =>
      stderr.written
        .filter((line) => line.includes(`${kind}:`))
        .map((line) => /(\d+) read/u.exec(line)?.[1]);
    expect(shown('repository')).toEqual(['10', '20', '30']);
    expect(shown('pull-request')).toEqual(['10', '20', '30']);
  });

  it('shows how many repositories were read through, where it is known how many there are', () => {
    const { reporter, stderr, clock } = aReporter();
    reporter.listen({ type: 'resource-started', at: clock.now(), resource: pullRequest });
    for (const repositories of [
      { done: 120, total: 300 },
      { done: 1, total: 1 },
    ]) {
      clock.advance(10_000);
      const counts = someCounts({ fetched: 2_340, mapped: 2_335 });
      const event = { at: clock.now(), resource: pullRequest, counts, repositories };
      reporter.listen({ type: 'resource-progressed', ...event });
    }
    expect(stderr.written).toEqual([
      '00:00:10 info    pull-request: 120 of 300 repositories, 2,340 read, 2,335 mapped\n',
      '00:00:20 info    pull-request: 1 of 1 repository, 2,340 read, 2,335 mapped\n',
    ]);
  });

  it('always shows the end of a resource', () => {
    const { reporter, stderr, clock } = aReporter();
    const event = { at: clock.now(), resource: repository, counts: someCounts({ fetched: 3 }) };
    reporter.listen({ type: 'resource-started', at: clock.now(), resource: repository });
    reporter.listen({ type: 'resource-progressed', ...event });
    reporter.listen({ type: 'resource-ended', ...event, status: 'complete' });
    expect(stderr.written).toEqual(['00:00:00 info    repository: done, 3 read\n']);
  });

  it('shows the first failure of a sort at once, and leaves warnings to the end', () => {
    const { reporter, stderr } = aReporter();
    for (let count = 0; count < 1_000; count += 1) {
      reporter.listen({
        type: 'problem',
        problem: { ...samples['field-failed'], item: `item ${count}` },
      });
      reporter.listen({ type: 'problem', problem: samples['item-failed'] });
    }
    expect(stderr.written).toHaveLength(1);
    expect(stderr.written[0]).toContain('error   pull-request:');
  });

  it.each<[Problem, string]>([
    [samples['listing-incomplete'], 'pull requests of PAY/api: not read to the end'],
    [samples['credentials-refused'], 'Bitbucket: credentials refused'],
    [samples['blueprint-missing'], 'pull-request: blueprint missing'],
    [samples['entities-not-loaded'], 'service: entities not loaded'],
    [samples['entity-refused'], 'service api: entity refused'],
    [samples['timed-out'], 'timed out'],
  ])('mentions a failure of %j where the result stands on the same screen', (problem, words) => {
    const { reporter, stderr, stdout, started } = aReporter({ isOneScreen: true });
    reporter.listen(started);
    reporter.listen({ type: 'problem', problem });
    reporter.finish({ summary: null, problems: grouped(problem), exitCode: 4 });
    expect(stderr.written.at(-1)).toBe(`00:00:00 error   ${words} (details at the end)\n`);
    expect(stdout.text().match(/^error: /gmu)).toHaveLength(1);
  });

  it('does not take the first of several counts for all of them', () => {
    const { reporter, stderr } = aReporter();
    const problem = { ...samples['entities-not-loaded'], count: 1 };
    for (let count = 0; count < 135; count += 1) reporter.listen({ type: 'problem', problem });
    expect(stderr.text()).toMatch(/ 1 entity of .* \(total in the summary\)\n$/u);
    expect(stderr.written).toHaveLength(1);
  });

  it('sets the result apart from the log where there is one', () => {
    const { reporter, stdout } = aReporter();
    reporter.finish({ summary: aSummary(), problems: [], exitCode: 0 });
    expect(stdout.text()).toMatch(/^\nResource /u);
  });

  it.each<[LogLevel, readonly string[]]>([
    ['debug', ['details', 'facts', 'waiting', 'could not be read']],
    ['info', ['facts', 'waiting', 'could not be read']],
    ['warning', ['waiting', 'could not be read']],
    ['error', ['could not be read']],
  ])('at level %s shows what weighs as much or more', (level, expected) => {
    const { reporter, stderr } = aReporter({ level });
    reporter.listen({ type: 'note', level: 'debug', text: 'details' });
    reporter.listen({ type: 'note', level: 'info', text: 'facts' });
    reporter.listen({ type: 'waiting', at: 0, side: 'bitbucket', reason: 'busy', milliseconds: 5 });
    reporter.listen({ type: 'problem', problem: samples['listing-incomplete'] });
    expect(stderr.written).toHaveLength(expected.length);
    for (const [index, words] of expected.entries()) expect(stderr.written[index]).toContain(words);
  });

  it('prints the result on stdout, whatever the level', () => {
    const { reporter, stdout, stderr } = aReporter({ level: 'error' });
    reporter.finish({ summary: aSummary(), problems: [], exitCode: 0 });
    expect(stderr.text()).toBe('');
    expect(stdout.text()).toMatch(/^Resource .*\n[^]*\nComplete in 1m04s \(exit 0\): [^]*Port\n$/u);
  });

  it('masks secrets and makes texts from outside harmless, live and at the end', () => {
    const { reporter, stdout, stderr } = aReporter();
    const reason = `the password hunter2 or 3\n::error::is not right, ${'said the server '.repeat(9)}`;
    const problem = { ...samples['listing-incomplete'], reason };
    reporter.listen({ type: 'note', level: 'info', text: reason });
    reporter.listen({ type: 'problem', problem });
    reporter.finish({ summary: null, problems: grouped(problem), exitCode: 4 });
    for (const text of [...stderr.written, stdout.text()]) {
      expect(text.replace(/\s+/gu, ' ')).toContain('the password *** : :error::is not right');
    }
    expect(stderr.written.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true);
  });

  it('masks a secret before its characters are escaped', () => {
    const secret = 'pass##[word\u0007';
    const { reporter, stdout, stderr } = aReporter({
      redact: (text) => text.replaceAll(secret, '***'),
    });
    const problem = { ...samples['listing-incomplete'], reason: `not ${secret}` };
    reporter.listen({ type: 'problem', problem });
    reporter.finish({ summary: null, problems: grouped(problem), exitCode: 4 });
    for (const text of [stderr.text(), stdout.text()]) {
      expect(text).toContain('not ***');
      expect(text).not.toContain('word');
    }
  });

  it('masks a secret with blanks wherever a line is broken', () => {
    for (let length = 1; length < 80; length += 1) {
      const { reporter, stdout } = aReporter();
      const reason = `${'x'.repeat(length)} hunter2 or 3`;
      const problems = grouped({ ...samples['listing-incomplete'], reason });
      reporter.finish({ summary: null, problems, exitCode: 4 });
      expect(stdout.text()).not.toContain('hunter2');
    }
  });

  it.each([
    [undefined, 80],
    [100, 100],
    [400, 120],
    [0, 40],
  ])('with %p columns breaks lines at %d', (columns, width) => {
    const stdout = aStream({ columns });
    const { reporter } = aReporter({ stdout });
    const reason = 'a b '.repeat(100).trim();
    const problems = grouped({ ...samples['listing-incomplete'], reason });
    reporter.finish({ summary: null, problems, exitCode: 4 });
    const longest = Math.max(
      ...stdout
        .text()
        .split('\n')
        .map((line) => line.length),
    );
    expect(longest).toBeLessThanOrEqual(width);
    expect(longest).toBeGreaterThan(width - 4);
  });
});
