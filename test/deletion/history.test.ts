import { describe, expect, it } from '@jest/globals';
import { LastReads } from '../../src/model/last-reads.js';
import { WithheldSince } from '../../src/model/withheld-since.js';
import { historyOf, nextMark, type History } from '../../src/deletion/history.js';
import type { IntegrationRecord } from '../../src/stages/choose-mapping.js';

const mark = { judgedAt: 1_000, isTakenOver: false, isStopped: false };

function record(version: string | null, ownMark: typeof mark | null): IntegrationRecord {
  return {
    status: 'found',
    integration: {
      identifier: 'bitbucket-prod',
      type: 'bitbucket-server',
      version,
      config: null,
      arePortResourcesInitialized: false,
      processingMode: null,
      ingest: { logs: null, metrics: null },
      resync: { status: null, lastResyncStart: null, lastResyncEnd: null },
      isHosted: false,
      spec: {},
      mark: ownMark,
      lastReads: LastReads.NONE,
      withheld: WithheldSince.NONE,
      webhook: null,
    },
  };
}

describe('historyOf', () => {
  it.each<[string, IntegrationRecord, History]>([
    ['missing', { status: 'missing' }, { status: 'first' }],
    ['unreadable', { status: 'unreadable' }, { status: 'unreadable' }],
    ['of ours with a mark', record('bitbucket-port-1.0.0', mark), { status: 'known', mark }],
    ['of ours, older than the mark', record('bitbucket-port-0.1.0', null), { status: 'first' }],
    ['of the container', record('0.4.12', null), { status: 'taken over', from: '0.4.12' }],
    [
      'that the container signed after us',
      record('0.4.12', mark),
      { status: 'two writers', other: '0.4.12', mark },
    ],
    [
      'of a program that is called alike',
      record('my-bitbucket-port-1', null),
      { status: 'taken over', from: 'my-bitbucket-port-1' },
    ],
    ['without a version', record(null, null), { status: 'taken over', from: 'an unknown program' }],
  ])('of a record %s', (_name, of, expected) => {
    expect(historyOf(of)).toEqual(expected);
  });

  it.each([
    ['counts', 1_000, 'known'],
    ['counts within the accuracy of clocks', -4_000, 'known'],
    ['counts for nothing from a time to come', -4_001, 'first'],
  ])('of a record whose mark %s', (_name, now, status) => {
    expect(historyOf(record('bitbucket-port-1.0.0', mark), now).status).toBe(status);
  });
});

describe('nextMark', () => {
  const takenOver = { judgedAt: 1_000, isTakenOver: true, isStopped: false };

  it.each<[string, History, number, boolean, typeof mark | null]>([
    [
      'the first run',
      { status: 'first' },
      0,
      false,
      { judgedAt: 9_000, isTakenOver: false, isStopped: false },
    ],
    [
      'a take-over',
      { status: 'taken over', from: '0.4.12' },
      0,
      true,
      { judgedAt: 9_000, isTakenOver: true, isStopped: false },
    ],
    [
      'two writers, and does not move',
      { status: 'two writers', other: '0.4.12', mark },
      0,
      true,
      takenOver,
    ],
    ['a run without a change: none', { status: 'known', mark }, 0, false, null],
    [
      'a run that deletes',
      { status: 'known', mark },
      1,
      false,
      { judgedAt: 9_000, isTakenOver: false, isStopped: false },
    ],
    [
      'a run that loaded more',
      { status: 'known', mark },
      0,
      true,
      { judgedAt: 9_000, isTakenOver: false, isStopped: false },
    ],
    [
      'a run after a take-over that deletes nothing yet',
      { status: 'known', mark: takenOver },
      0,
      true,
      { judgedAt: 9_000, isTakenOver: true, isStopped: false },
    ],
    [
      'the first run after a take-over that deletes',
      { status: 'known', mark: takenOver },
      3,
      false,
      { judgedAt: 9_000, isTakenOver: false, isStopped: false },
    ],
    ['nobody, where the record is unreadable', { status: 'unreadable' }, 3, true, null],
  ])('is left by %s', (_name, history, due, hasGrown, expected) => {
    const judgement = {
      now: 9_000,
      due,
      hasGrown,
      wouldStop: false,
      isStopOver: false,
      beganAt: 8_000,
    };
    expect(nextMark(history, judgement)).toEqual(expected);
  });

  it.each<[string, History, typeof mark | null]>([
    [
      'as of its beginning by the first run: what it loaded makes nothing pass',
      { status: 'first' },
      { judgedAt: 8_000, isTakenOver: false, isStopped: false },
    ],
    [
      'as of its beginning by a take-over',
      { status: 'taken over', from: '0.4.12' },
      { judgedAt: 8_000, isTakenOver: true, isStopped: false },
    ],
    ['where it was by two writers', { status: 'two writers', other: '0.4.12', mark }, takenOver],
    ['where it was by a later run, written again', { status: 'known', mark }, mark],
  ])('while what is gone would stop a run, is left %s', (_name, history, expected) => {
    const judgement = {
      now: 9_000,
      due: 20,
      hasGrown: true,
      wouldStop: true,
      isStopOver: false,
      beganAt: 8_000,
    };
    expect(nextMark(history, judgement)).toEqual(expected);
  });

  const stopped = { ...mark, isStopped: true };
  const over = { judgedAt: 9_000, isTakenOver: false, isStopped: false };

  it.each([
    ['stays while it is not over, whatever was loaded', stopped, 0, true, false, null],
    ['is forgotten once it is over', stopped, 0, false, true, over],
    ['is forgotten with what was approved', stopped, 20, false, true, over],
    ['that never was changes nothing', mark, 0, false, true, null],
  ] as const)('of a stop: it %s', (_name, before, due, hasGrown, isStopOver, expected) => {
    const history: History = { status: 'known', mark: before };
    const judgement = { now: 9_000, due, hasGrown, wouldStop: false, isStopOver, beganAt: 8_000 };
    expect(nextMark(history, judgement)).toEqual(expected);
  });
});
