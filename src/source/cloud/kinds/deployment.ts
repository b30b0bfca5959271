import { z } from 'zod';
import { withRepository } from '../../kind.js';
import { repositoryKeys } from '../repository-filter.js';
import { cloudKind } from './kind.js';

const someDate = z.string().nullish().catch(null);

/** Answers call the dates otherwise than the documents. */
const state = z.object({
  completion_date: someDate,
  completed_on: someDate,
  start_date: someDate,
  started_on: someDate,
});

/** Deployments of each repository that the selector takes. Each names its environment by its UUID. */
export const deployment = cloudKind({
  name: 'deployment',
  plural: 'deployments',
  under: 'repository',
  selector: repositoryKeys,
  path: ['deployments'],
  pages: [],
  numbered: true,
  item: z.object({
    uuid: z.string().min(1),
    state: state.nullish().catch(null),
    release: z.object({ created_on: someDate }).nullish().catch(null),
  }),
  key: ({ uuid }) => uuid,
  segments: ({ uuid }) => [uuid],
  // One that nobody has begun is as old as what it would deploy.
  changed: ({ state: at, release }) =>
    at?.completion_date ??
    at?.completed_on ??
    at?.start_date ??
    at?.started_on ??
    release?.created_on,
  whole: withRepository,
  isApart: true,
});
