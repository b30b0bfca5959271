import { z } from 'zod';
import { withRepository } from '../../kind.js';
import { repositoryKeys } from '../repository-filter.js';
import { cloudKind } from './kind.js';

/** Where each repository that the selector takes is deployed to. */
export const environment = cloudKind({
  name: 'environment',
  plural: 'environments',
  under: 'repository',
  selector: repositoryKeys,
  path: ['environments'],
  pages: [],
  numbered: true,
  item: z.object({ uuid: z.string().min(1), name: z.string().catch('') }),
  key: ({ uuid }) => uuid,
  segments: ({ uuid }) => [uuid],
  called: ({ name }) => name,
  whole: withRepository,
  isApart: true,
});
