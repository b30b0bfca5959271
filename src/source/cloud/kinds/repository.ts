import { z } from 'zod';
import { codeOwnersField } from '../../files/selector-keys.js';
import { isSegment } from '../../segment.js';
import { repositoryFilter, repositoryQuery, repositorySelectorKeys } from '../repository-filter.js';
import { cloudKind } from './kind.js';

/** A text that there need not be. */
const someText = z.string().min(1).nullish().catch(null);

/** Repositories of the workspace, empty ones included. Other kinds are below them. */
export const repository = cloudKind({
  name: 'repository',
  plural: 'repositories',
  selector: repositorySelectorKeys,
  filterKey: 'repoQuery',
  extras: [codeOwnersField],
  path: ['repositories', '{}'],
  widest: repositoryQuery({ role: null, query: null }),
  pages: ['{}'],
  // All but the UUID may be missing in an answer.
  item: z.object({ uuid: z.string().min(1), slug: someText, full_name: someText }),
  key: ({ uuid }) => uuid,
  // The UUID stands for the slug in addresses, where Bitbucket gives none that could stand there.
  segments: ({ uuid, slug, full_name: fullName }) => [
    [slug, fullName?.split('/').at(-1)].find(isSegment) ?? uuid,
  ],
  wanted: (selector) => ({ query: repositoryQuery(repositoryFilter(selector)) }),
  only: ({ uuid }) => `uuid="${uuid}"`,
});
