import { describe, expect, it } from '@jest/globals';
import type { Problem } from '../../src/problems/problem.js';
import type { Words } from '../../src/problems/severity.js';
import { wordsOf } from '../../src/problems/words.js';
import { samples } from './samples.js';

const all = Object.values(samples);

describe('wordsOf', () => {
  it.each(all.map((problem) => [problem.code, problem] as const))(
    'has words for %s',
    (_code, problem) => {
      const { message, hint } = wordsOf(problem);
      for (const text of hint === null ? [message] : [message, hint]) {
        expect(text).toBe(text.trim());
        expect(text).not.toBe('');
        expect(text).not.toMatch(/undefined|null\b(?! or empty| on )|NaN|\[object|\.$|\n/u);
      }
    },
  );

  it.each(all.map((problem) => [problem.code, problem] as const))(
    'asks for an exit code for %s when it is a failure, and only then',
    (_code, problem) => {
      const { severity, exitCode } = wordsOf(problem);
      expect(exitCode !== 0).toBe(severity === 'failure');
    },
  );

  it('says of a refusal to delete what to do, and not to run again', () => {
    const problem = samples['entities-not-deleted'];
    expect(wordsOf(problem).hint).toBe('The next run deletes what is still gone');
    const request = { method: 'POST', address: 'https://port.test', attempts: 1, id: null };
    for (const status of [401, 403]) {
      expect(wordsOf({ ...problem, request: { ...request, status } }).hint).toBe(
        'Use PORT_CLIENT_ID and PORT_CLIENT_SECRET of an account that may delete from the catalog',
      );
    }
  });

  // One line each: what decides about a pipeline is not to change by accident.
  it('weighs each problem', () => {
    const weights = all.map((problem) => {
      const { severity, exitCode } = wordsOf(problem);
      return `${problem.code}: ${severity}${exitCode === 0 ? '' : ` ${exitCode}`}`;
    });
    expect(weights).toMatchInlineSnapshot(`
      [
        "usage-invalid: failure 2",
        "setting-missing: failure 2",
        "setting-invalid: failure 2",
        "settings-contradict: failure 2",
        "setting-ignored: warning",
        "setting-unknown: failure 2",
        "settings-file-unreadable: failure 2",
        "mapping-invalid: failure 2",
        "mapping-key-unknown: warning",
        "file-reference-deprecated: notice",
        "expression-invalid: failure 2",
        "selector-idle: notice",
        "filter-refused: failure 2",
        "expression-passed-over: failure 4",
        "jq-unavailable: failure 2",
        "jq-outdated: warning",
        "integration-ambiguous: failure 2",
        "integration-of-other-type: failure 2",
        "integration-missing: failure 2",
        "mapping-absent: failure 2",
        "file-not-written: failure 2",
        "take-over-due: warning",
        "clock-skewed: warning",
        "integration-processed-by-port: warning",
        "credentials-refused: failure 3",
        "token-refused: warning",
        "app-password-removed: warning",
        "organization-blocked: warning",
        "captcha-required: failure 3",
        "permission-refused: failure 3",
        "server-unavailable: failure 4",
        "listing-incomplete: failure 4",
        "root-listing-incomplete: failure 4",
        "request-refused: failure 4",
        "page-size-reduced: warning",
        "request-forecast: notice",
        "coverage: failure 4",
        "attachment-unreadable: failure 4",
        "files-skipped: warning",
        "repositories-unlisted: notice",
        "named-absent: warning",
        "no-proxy-void: warning",
        "verification-off: warning",
        "selector-failed: failure 4",
        "identity-failed: failure 4",
        "blueprint-unlisted: failure 4",
        "field-failed: warning",
        "field-never-filled: warning",
        "items-to-parse-failed: warning",
        "item-failed: failure 4",
        "item-given-up: failure 4",
        "identifier-empty: warning",
        "identifier-refused: warning",
        "target-refused: warning",
        "identifier-collision: warning",
        "nulls-dropped: warning",
        "blueprint-missing: failure 4",
        "blueprint-lacks: failure 4",
        "blueprint-computes: failure 4",
        "blueprint-unfit: failure 4",
        "blueprint-requires: warning",
        "defaults-refused: failure 4",
        "catalog-unreadable: failure 4",
        "entity-of-others: failure 4",
        "entity-refused: failure 4",
        "relation-target-missing: failure 4",
        "relation-left-out: notice",
        "newly-filled: notice",
        "members-lack: warning",
        "bare-not-ours: notice",
        "entity-blocked: failure 4",
        "entity-too-large: failure 4",
        "entities-not-loaded: failure 4",
        "writing-refused: failure 4",
        "run-overlaps: failure 4",
        "best-effort-failed: warning",
        "deletion-stopped: failure 5",
        "deletions-withheld: notice",
        "deletion-refused: warning",
        "entities-not-deleted: failure 4",
        "taken-over: warning",
        "two-writers: failure 4",
        "mark-dropped: warning",
        "none-is-ours: warning",
        "interrupted: failure 143",
        "timed-out: failure 4",
        "report-not-written: warning",
        "result-not-written: failure 4",
        "hooks-refused: failure 3",
        "hook-refused: failure 4",
        "hooks-nowhere: failure 4",
        "webhook-empty: failure 2",
        "webhook-expression-failed: failure 2",
        "webhook-outdated: warning",
        "webhook-unnoted: warning",
        "internal-error: failure 1",
      ]
    `);
  });

  it.each<[string, Problem, Partial<Words>]>([
    [
      'the address of a server that does not answer',
      samples['server-unavailable'],
      { hint: 'Check PORT_BASE_URL, the proxy and the network of this machine; then run again' },
    ],
    [
      'the limit of a server that has one',
      { ...samples['server-unavailable'], status: 429 },
      { hint: 'Run again once its limit is over; others may be using the same account' },
    ],
    [
      'the trouble of a server that has its own',
      { ...samples['server-unavailable'], status: 503 },
      { hint: 'It has a problem of its own: run again later' },
    ],
    ['the nearest key', samples['setting-unknown'], { hint: 'Did you mean sync.concurrency?' }],
    [
      'no nearest key',
      { code: 'setting-unknown', key: 'colour', origin: 'bitbucket-port.yml' },
      { hint: 'Remove it' },
    ],
    [
      'all spellings of what is missing',
      samples['setting-missing'],
      { hint: 'Set PORT_CLIENT_ID or OCEAN__PORT__CLIENT_ID' },
    ],
    [
      'three spellings',
      { code: 'setting-missing', setting: 'x', spellings: ['A', 'B', 'C'] },
      { hint: 'Set A, B or C' },
    ],
    [
      'a mapping that is wrong as a whole',
      { code: 'mapping-invalid', origin: 'mapping.yml', path: '', reason: 'is no object' },
      { message: 'mapping.yml is no object' },
    ],
    [
      'the side, the variables and the remedy of refused credentials',
      samples['credentials-refused'],
      {
        exitCode: 3,
        message:
          'Bitbucket at https://bitbucket.example.com refused BITBUCKET_USERNAME and BITBUCKET_PASSWORD: 401 Unauthorized',
        hint: 'One of them is wrong, expired or revoked',
      },
    ],
    ['SIGINT', { code: 'interrupted', signal: 'SIGINT' }, { exitCode: 130 }],
    ['SIGTERM', { code: 'interrupted', signal: 'SIGTERM' }, { exitCode: 143 }],
    [
      'one entity',
      samples['entities-not-loaded'],
      { message: 'Port did not take 1 entity of service: no answer within 60 s' },
    ],
    [
      'many entities',
      { ...samples['entities-not-loaded'], count: 12_345 },
      { message: 'Port did not take 12,345 entities of service: no answer within 60 s' },
    ],
    [
      'one null',
      { ...samples['nulls-dropped'], dropped: 1 },
      {
        message: `pull-request: 1 null left out of relations.reviewers of ${samples['nulls-dropped'].item}`,
      },
    ],
    [
      'nulls of a wrong path',
      { ...samples['nulls-dropped'], missing: 'user', instead: '.reviewers[].display_name' },
      {
        message: `pull-request: 2 nulls left out of relations.reviewers of ${samples['nulls-dropped'].item}, as there is no key user`,
      },
    ],
    [
      'all the victims, where they are few',
      {
        ...samples['deletion-stopped'],
        due: 1,
        guard: { type: 'threshold', count: 1, owned: 1, threshold: 0.905, blueprint: 'service' },
      },
      {
        exitCode: 5,
        message:
          '1 of 1 entity of service would be deleted, more than the threshold of 90.5 % allows; nothing was deleted. They are: service api',
      },
    ],
    [
      'what nothing proves',
      { ...samples['deletion-stopped'], due: 40, guard: { type: 'unproven', count: 12 } },
      {
        message:
          '40 entities would be deleted, and for 12 of them nothing in Bitbucket proves that they are gone; nothing was deleted. Among them: service api',
        hint: 'If this is right, approve it today: npx bitbucket-port sync --approve 95@2026-11-30',
      },
    ],
    [
      'a first deleting run after a take-over',
      { ...samples['deletion-stopped'], guard: { type: 'taken over' }, approval: null },
      {
        message:
          '95 entities would be deleted by the first run that deletes since another program loaded this integration; nothing was deleted. Among them: service api',
        hint: 'Port did not tell the time, so that nothing can be approved',
      },
    ],
    [
      'entities that all came since the mark, in place of others',
      {
        ...samples['deletion-stopped'],
        guard: { type: 'threshold', count: 95, owned: 0, threshold: 0.9, blueprint: 'service' },
        changed: { blueprint: 'service', appeared: 95, before: 'api', now: 'PAY/api' },
      },
      {
        message:
          '95 entities of service would be deleted, all of which came after deletions were last judged; nothing was deleted. Among them: service api. 95 entities of service appeared in their place: the identifier in the mapping seems to have changed, such as from api to PAY/api',
        hint: 'If you meant the change, approve it today: npx bitbucket-port sync --approve 95@2026-11-30; if not, undo it',
      },
    ],
    [
      'a take-over with nothing to delete',
      { ...samples['taken-over'], due: 0 },
      { hint: 'The next run deletes what is gone' },
    ],
    [
      'a take-over that did not look at everything',
      { ...samples['taken-over'], isWhole: false },
      { hint: 'Deletions begin after a run that reads everything, without --kinds and the like' },
    ],
    [
      'entities that are kept with a warning',
      { ...samples['deletions-withheld'], weight: 'warning', named: [] },
      {
        severity: 'warning',
        exitCode: 0,
        message:
          'kept 12 entities of service that this run did not produce: its repository could not be read to its end',
      },
    ],
    [
      'an approval of another day',
      { ...samples['deletion-stopped'], refused: '95@2026-11-29' },
      {
        message:
          '95 of 100 entities would be deleted, more than the threshold of 90 % allows; nothing was deleted. Among them: service api. The approval 95@2026-11-29 is for another day: today it has to be for at least 95@2026-11-30',
      },
    ],
    [
      'an approval of too few',
      { ...samples['deletion-stopped'], refused: '94@2026-11-30' },
      {
        message:
          '95 of 100 entities would be deleted, more than the threshold of 90 % allows; nothing was deleted. Among them: service api. The approval 94@2026-11-30 is not enough: it has to be for at least 95@2026-11-30',
      },
    ],
    [
      'entities that are kept as something has to be done',
      { ...samples['deletions-withheld'], weight: 'incomplete', count: 2 },
      {
        severity: 'failure',
        exitCode: 4,
        message:
          'kept 2 entities of service that this run did not produce: its repository could not be read to its end (shop, web)',
        hint: 'Fix what interrupted the reading.',
      },
    ],
  ])('tells of %s', (_name, problem, expected) => {
    expect(wordsOf(problem)).toMatchObject(expected);
  });

  it.each([
    [90_000, '90s'],
    [1_500_000, '25m'],
    [7_200_000, '2h'],
    [1_500, '1.5s'],
  ])('tells a time limit of %d ms as %s', (limitMilliseconds, words) => {
    expect(wordsOf({ code: 'timed-out', limitMilliseconds }).message).toContain(`of ${words} ran`);
  });

  it('quotes a long expression in part and on one line', () => {
    const expression = `.a |\n  ${'.b | '.repeat(100)}`;
    const { hint } = wordsOf({ ...samples['selector-failed'], expression });
    expect(hint).toMatch(/^The expression is: \.a \| \.b \|[^\n]*…$/u);
    expect(hint!.length).toBeLessThan(150);
  });
});
