import { z } from 'zod';
import { withRepository } from '../../kind.js';
import { repositoryKeys } from '../repository-filter.js';
import { cloudKind } from './kind.js';

const someDate = z.string().nullish().catch(null);

const target = z.object({
  date: someDate,
  repository: z.object({ full_name: z.string() }).nullish().catch(null),
});

/** Tags of each repository that the selector takes, each with its commit. */
export const tag = cloudKind({
  name: 'tag',
  plural: 'tags',
  under: 'repository',
  selector: repositoryKeys,
  path: ['refs', 'tags'],
  widest: { sort: 'name' },
  pages: ['commits/tag/{...}'],
  item: z.object({
    name: z.string().min(1),
    date: someDate,
    target: target.nullish().catch(null),
  }),
  key: ({ name }) => name,
  segments: ({ name }) => [name],
  called: ({ name }) => name,
  // Only an annotated tag has a date of its own.
  changed: (item) => item.date ?? item.target?.date,
  whole: withRepository,
  home: (item) => item.target?.repository?.full_name ?? null,
});
