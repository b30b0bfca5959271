import { z } from 'zod';
import type { JsonObject } from '../../../model/json.js';
import type { RawItem } from '../../../model/page.js';
import { branchesKey, withRepository } from '../../kind.js';
import { repositoryKeys } from '../repository-filter.js';
import { cloudKind } from './kind.js';

const someText = z.string().nullish().catch(null);

/** What it ran for. Only a branch is one by name: a pull request names two, a commit alone none. */
const target = z.object({ ref_type: someText, ref_name: someText });

/** A name that is no pattern. */
const plainName = /^[\w./-]+$/u;

/** Runs of Bitbucket Pipelines in each repository that the selector takes, the newest first. */
export const pipeline = cloudKind({
  name: 'pipeline',
  plural: 'pipelines',
  under: 'repository',
  selector: { ...repositoryKeys, ...branchesKey },
  path: ['pipelines'],
  widest: { sort: '-created_on' },
  pages: ['pipelines/results/{}'],
  numbered: true,
  item: z.object({
    build_number: z.int(),
    created_on: someText,
    repository: z.object({ full_name: z.string() }).nullish().catch(null),
    target: target.nullish().catch(null),
    __link: someText,
  }),
  key: ({ build_number: number }) => number,
  segments: ({ build_number: number }) => [number],
  home: ({ repository }) => repository?.full_name ?? null,
  // A run that began before a window and ended in it is of the time before: so the order is that of the window.
  changed: (item) => item.created_on,
  newestFirst: true,
  onBranch: (item) =>
    item.target && (item.target.ref_type === 'branch' ? item.target.ref_name : ''),
  whole: withLink,
  link: { path: '.__link', of: (item) => item.__link ?? null },
  wanted: ({ branches }) => {
    const [only = '', ...others] = branches ?? [];
    const isOne = others.length === 0 && plainName.test(only);
    return { query: { sort: '-created_on', ...(isOne ? { 'target.branch': only } : {}) } };
  },
  isApart: true,
});

/** Its answer names no page for people. */
function withLink(value: JsonObject, repository: RawItem): JsonObject {
  const whole = withRepository(value, repository);
  const { build_number: number } = value;
  if (repository.link === null || typeof number !== 'number') return whole;
  return { ...whole, __link: `${repository.link}/pipelines/results/${number}` };
}
