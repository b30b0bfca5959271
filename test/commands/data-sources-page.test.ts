import { describe, expect, it } from '@jest/globals';
import { DataSourcesPage, type PageOptions } from '../../src/commands/data-sources-page.js';
import { HttpError } from '../../src/http/http-error.js';
import type { RunSummary } from '../../src/model/summary.js';
import type { Ingest } from '../../src/port/ingest.js';
import type { PortClient } from '../../src/port/port-client.js';
import type { Problem } from '../../src/problems/problem.js';
import { createFakeClock } from '../world/fake-clock.js';

const SUMMARY: RunSummary = {
  resources: [],
  blueprints: [],
  deletedElsewhere: 0,
  requests: { bitbucket: 0, port: 0 },
  milliseconds: 0,
};

const INTEGRATION = { ingest: { logs: 'https://ingest.example.com', metrics: null } };

const port = { integration: { type: 'bitbucket-server', identifier: 'prod', version: '1.0.0' } };

/** A page whose timers end when the test says so. */
function aPage(answer: (call: string, signal: AbortSignal) => Promise<void>) {
  const calls: string[] = [];
  const lines: string[] = [];
  const problems: Problem[] = [];
  const timers = new Map<number, () => void>();
  const writing = new AbortController();
  const options: PageOptions = {
    clock: createFakeClock(),
    random: () => 0.5,
    startedAt: 0,
    redact: (text) => text,
    control: { reading: new AbortController().signal, writing: writing.signal },
    exitCode: () => 0,
    report: (problem) => problems.push(problem),
    startTimer: (milliseconds, onEnd) => {
      timers.set(milliseconds, onEnd);
      return () => timers.delete(milliseconds);
    },
  };
  const page = new DataSourcesPage(options);
  const openPage = ({ signal }: { readonly signal: AbortSignal }): Ingest => {
    const called = (call: string) => () => {
      calls.push(call);
      return answer(call, signal);
    };
    return {
      sendLines: (some) => {
        lines.push(...some.map(({ message }) => message));
        return some.length === 0 ? Promise.resolve() : called('lines')();
      },
      createMetrics: called('create'),
      replaceMetrics: called('replace'),
      beat: called('beat'),
      close: () => Promise.resolve(),
    };
  };
  const open = () => {
    page.opener({ port: port as PortClient, openPage })(INTEGRATION, []);
  };
  return { page, open, calls, lines, problems, timers, writing };
}

const BEAT = 180_000;
const LAST = 3_000;

const never = (_call: string, signal: AbortSignal): Promise<void> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(new HttpError('aborted', 'the page', 'the run was stopped'));
    });
  });

async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

describe('a page that is told of a long run', () => {
  it('hears that it goes on, with the lines so far, again and again', async () => {
    const { page, open, calls, lines, timers } = aPage(() => Promise.resolve());
    open();
    for (const text of ['one', 'two']) {
      page.listen({ type: 'note', level: 'info', text });
      timers.get(BEAT)?.();
      await turns();
    }
    expect(calls).toEqual(['create', 'lines', 'beat', 'lines', 'beat']);
    expect(lines).toEqual(['one', 'two']);
    await page.until(Promise.resolve(SUMMARY));
    expect([...timers.keys()]).toEqual([]);
  });

  it('takes lines in batches before the beat is due, and a thousand in all', async () => {
    const { page, open, calls, lines } = aPage(() => Promise.resolve());
    open();
    for (let line = 0; line < 1_234; line += 1) {
      page.listen({ type: 'note', level: 'info', text: `${'x'.repeat(2_000)}${line}` });
    }
    page.listen({ type: 'note', level: 'debug', text: 'not for the page' });
    await page.until(Promise.resolve(SUMMARY));
    expect(calls.filter((call) => call === 'lines')).toHaveLength(6);
    expect(lines).toHaveLength(1_002);
    expect(lines.slice(-2)).toEqual(['234 more lines were left out', 'Complete in 0ms (exit 0)']);
    expect(Math.max(...lines.map(({ length }) => length))).toBe(1_000);
  });

  it('gets no line twice of problems that are alike', async () => {
    const { page, open, lines } = aPage(() => Promise.resolve());
    open();
    const problem: Problem = {
      code: 'best-effort-failed',
      subject: 'it',
      reason: 'no',
      remedy: 'none',
    };
    for (let time = 0; time < 3; time += 1) page.listen({ type: 'problem', problem });
    await page.until(Promise.resolve(SUMMARY));
    expect(lines).toEqual(['it failed: no', 'Complete in 0ms (exit 0)']);
  });
});

describe('a page that never answers', () => {
  it('holds up no run, and its end for three seconds', async () => {
    const { page, open, calls, problems, timers } = aPage(never);
    open();
    let isOver = false;
    const end = page.until(Promise.resolve(SUMMARY)).then((summary) => {
      isOver = true;
      return summary;
    });
    await turns();
    expect(isOver).toBe(false);
    timers.get(LAST)?.();
    expect(await end).toBe(SUMMARY);
    expect(calls).toEqual(['create']);
    expect(problems).toMatchObject([
      { code: 'best-effort-failed', reason: 'no answer within 3 s at the end of the run' },
    ]);
  });

  it('is given up without a word when a stop ends', async () => {
    const { page, open, problems, writing } = aPage(never);
    open();
    const end = page.until(Promise.reject(new Error('stopped')));
    await turns();
    writing.abort(new Error('stopped'));
    await expect(end).rejects.toThrow('stopped');
    expect(problems).toEqual([]);
  });
});

describe('a page without an address', () => {
  it('is told nothing, and waited for by nobody', async () => {
    const { page, problems, timers } = aPage(never);
    const openPage = (): never => {
      throw new Error('there is nothing to open');
    };
    const ingest = { logs: null, metrics: null };
    page.opener({ port: port as PortClient, openPage })({ ingest }, []);
    page.listen({ type: 'note', level: 'info', text: 'one' });
    expect(await page.until(Promise.resolve(SUMMARY))).toBe(SUMMARY);
    expect([problems, [...timers]]).toEqual([[], []]);
  });
});
