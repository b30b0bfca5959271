import { describe, expect, it } from '@jest/globals';
import { referenceKey } from '../../src/model/entity.js';
import type { Scope } from '../../src/model/page.js';
import type { Reading } from '../../src/source/source.js';
import { confirmGone } from '../../src/stages/confirm-gone.js';
import {
  aRepository,
  aResource,
  aRun,
  complete,
  incomplete,
  nothingNew,
  repositories,
  repositoryScope,
  type RunDifference,
} from './a-run.js';

const api = repositoryScope('PAY/api');
const always = (): boolean => true;

/** A run of pull requests, and the scopes that it was asked to read again. */
async function aConfirmedRun(difference: Partial<RunDifference>) {
  const asked: (readonly Scope[])[] = [];
  const { confirm = nothingNew, ...others } = difference;
  const run = await aRun({
    resource: aResource('pull-request', ['pullRequest', 'review']),
    map: ({ key }) => [{ blueprint: 'pullRequest', identifier: key }],
    confirm: (scopes) => {
      asked.push(scopes);
      return confirm(scopes);
    },
    ...others,
  });
  return { run, asked };
}

const missing =
  (key: string): Reading['confirm'] =>
  (scopes) =>
    Promise.resolve({
      missed: [{ scope: api, items: [{ key, link: null, value: {} }] }],
      ends: scopes.map((scope) => complete(scope, 2)),
    });

describe('confirmGone', () => {
  it('reads again what took several pages, and what is needed, and nothing else', async () => {
    const { run, asked } = await aConfirmedRun({
      ends: [
        complete(repositories, 2),
        complete(api, 3),
        complete(repositoryScope('PAY/web'), 2),
        complete(repositoryScope('PAY/one'), 1),
        incomplete(repositoryScope('PAY/bad')),
      ],
    });
    const needed = (_run: unknown, scope: Scope): boolean =>
      scope.type === 'root' || scope.repository.key !== 'PAY/web';
    const reading = await confirmGone([run], needed);
    expect(asked).toEqual([[repositories, api]]);
    expect(reading).toEqual({
      alive: new Set(),
      failed: new Set(),
      unconfirmed: new Set(),
      unread: new Map(),
      problems: [],
    });
  });

  it('asks nothing where nothing is needed', async () => {
    const { run, asked } = await aConfirmedRun({ ends: [complete(api, 3)] });
    await confirmGone([run], () => false);
    expect(asked).toEqual([]);
  });

  it('tells what the first reading missed', async () => {
    const { run } = await aConfirmedRun({ ends: [complete(api, 2)], confirm: missing('7') });
    const { alive } = await confirmGone([run], always);
    expect(alive).toEqual(new Set([referenceKey({ blueprint: 'pullRequest', identifier: '7' })]));
  });

  it('protects every blueprint of a resource of which a missed item fails', async () => {
    const { run } = await aConfirmedRun({
      ends: [complete(api, 2)],
      confirm: missing('7'),
      map: () => 'failed',
    });
    const { failed } = await confirmGone([run], always);
    expect(failed).toEqual(new Set(['pullRequest', 'review']));
  });

  it('tells root listings and repositories apart that could not be read again', async () => {
    const { run } = await aConfirmedRun({
      ends: [complete(repositories, 2), complete(api, 2)],
      confirm: (scopes) => Promise.resolve({ missed: [], ends: scopes.map(incomplete) }),
    });
    const { unconfirmed, unread } = await confirmGone([run], always);
    expect(unconfirmed).toEqual(new Set(['pullRequest', 'review']));
    expect(unread).toEqual(new Map([[run, [aRepository('PAY/api')]]]));
  });

  it('tells of which run a repository could not be read again', async () => {
    const { run: broken } = await aConfirmedRun({
      ends: [complete(api, 2), complete(repositoryScope('PAY/web'), 2)],
      confirm: (scopes) => Promise.resolve({ missed: [], ends: scopes.map(incomplete) }),
    });
    const { run: good } = await aConfirmedRun({ ends: [complete(api, 2)] });
    const { unread } = await confirmGone([broken, good], always);
    expect(unread).toEqual(new Map([[broken, [aRepository('PAY/api'), aRepository('PAY/web')]]]));
  });
});
