import { describe, expect, it } from '@jest/globals';
import type { RunEvent } from '../../src/model/event.js';
import { JsonReporter } from '../../src/report/json-reporter.js';
import type { LogLevel } from '../../src/report/reporter.js';
import { samples } from '../problems/samples.js';
import { aStream, aSummary, grouped, pullRequest, someCounts } from './a-run.js';

function aReporter(level: LogLevel = 'info') {
  const stdout = aStream();
  const stderr = aStream();
  const reporter = new JsonReporter({
    stdout,
    stderr,
    level,
    now: () => Date.UTC(2026, 0, 1),
    redact: (text) => text.replaceAll('2026', '***').replaceAll('hunter2', '***'),
  });
  return { reporter, stdout, stderr };
}

describe('JsonReporter', () => {
  it('writes an object a line, whatever the texts and secrets are', () => {
    const { reporter, stdout, stderr } = aReporter('debug');
    const twins = [1, 2].map((index) => ({ index, kind: 'pull-request' }));
    const counts = someCounts({ fetched: 2_026 });
    const at = 1_767_225_600_000;
    const events: readonly RunEvent[] = [
      { type: 'run-started', at, source: 'a', port: 'b', integration: 'c', resources: twins },
      { type: 'note', level: 'debug', text: 'a "quoted"\nline ##vso[x] of hunter2 \u001b[31m' },
      { type: 'resource-started', at, resource: pullRequest },
      { type: 'resource-progressed', at: at + 10_000, resource: pullRequest, counts },
      { type: 'resource-ended', at, resource: pullRequest, counts, status: 'complete' },
      { type: 'waiting', at, side: 'port', reason: 'busy', milliseconds: 2_026 },
      { type: 'problem', problem: samples['deletion-stopped'] },
    ];
    events.forEach(reporter.listen);
    reporter.finish({
      summary: aSummary(),
      problems: grouped(samples['item-failed']),
      exitCode: 4,
    });
    const lines = [...stderr.written, ...stdout.written];
    expect(lines).toHaveLength(events.length + 1);
    for (const line of lines) {
      expect(line.indexOf('\n')).toBe(line.length - 1);
      expect(line).not.toMatch(/hunter2|##vso/u);
      expect(JSON.parse(line)).toEqual(expect.any(Object));
    }
  });

  it('tells of the progress of a resource at most every ten seconds', () => {
    const { reporter, stderr } = aReporter();
    reporter.listen({ type: 'resource-started', at: 0, resource: pullRequest });
    for (let seconds = 1; seconds <= 35; seconds += 1) {
      const counts = someCounts({ fetched: seconds });
      const at = seconds * 1_000;
      reporter.listen({ type: 'resource-progressed', at, resource: pullRequest, counts });
    }
    expect(stderr.written.map((line) => /"fetched":(\d+)/u.exec(line)?.[1])).toEqual([
      '10',
      '20',
      '30',
    ]);
  });

  it('tells time, weight, words and the event itself', () => {
    const { reporter, stderr } = aReporter();
    reporter.listen({ type: 'problem', problem: samples['listing-incomplete'] });
    expect(JSON.parse(stderr.text())).toEqual({
      time: '***-01-01T00:00:00.000Z',
      level: 'error',
      message:
        'pull requests of PAY/api could not be read to the end: 500 Internal Server Error, 6 times',
      event: { type: 'problem', problem: samples['listing-incomplete'] },
    });
  });

  it('tells resources of one kind apart', () => {
    const { reporter, stderr } = aReporter('debug');
    const resources = [0, 1].map((index) => ({ index, kind: 'user' }));
    reporter.listen({
      type: 'run-started',
      at: 0,
      source: 'a',
      port: 'b',
      integration: 'c',
      resources,
    });
    reporter.listen({ type: 'resource-started', at: 0, resource: resources[1]! });
    expect(stderr.written[1]).toContain('"message":"user (resource 2): reading"');
  });

  it('keeps to the level', () => {
    const { reporter, stderr } = aReporter('warning');
    reporter.listen({ type: 'note', level: 'info', text: 'facts' });
    reporter.listen({ type: 'problem', problem: samples['field-failed'] });
    expect(stderr.written).toHaveLength(1);
  });

  it('ends with the summary, the problems in words and the exit code, on stdout', () => {
    const { reporter, stdout } = aReporter('error');
    const summary = aSummary();
    const problem = samples['blueprint-missing'];
    reporter.finish({ summary, problems: grouped(problem, problem), exitCode: 4 });
    expect(JSON.parse(stdout.text())).toEqual({
      exitCode: 4,
      summary,
      problems: [
        {
          count: 2,
          severity: 'failure',
          exitCode: 4,
          message: 'pull-request: Port has no blueprint service',
          hint: 'Create it in Port, or correct the mapping',
          samples: [problem, problem],
        },
      ],
    });
  });

  it('logs the first problem of a sort as it comes, and the number of the others at the end', () => {
    const { reporter, stderr } = aReporter();
    const problem = samples['field-failed'];
    for (let count = 0; count < 1_000; count += 1) reporter.listen({ type: 'problem', problem });
    const other = { ...problem, field: 'properties.other' };
    reporter.listen({ type: 'problem', problem: other });
    expect(stderr.written).toHaveLength(2);
    reporter.finish({ summary: null, problems: [], exitCode: 0 });
    expect(stderr.written).toHaveLength(3);
    const { level, message } = wordsIn(stderr.written[0]);
    expect(JSON.parse(stderr.written[2] ?? '')).toEqual({
      time: expect.any(String),
      level,
      message: `999 more like this: ${message}`,
      code: 'field-failed',
      others: 999,
    });
  });
});

function wordsIn(line = ''): { readonly level: string; readonly message: string } {
  return JSON.parse(line) as { level: string; message: string };
}
