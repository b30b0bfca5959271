import { z } from 'zod';
import { withRepository } from '../../kind.js';
import { repositoryKeys } from '../repository-filter.js';
import { cloudKind } from './kind.js';

const target = z.object({
  date: z.string().nullish().catch(null),
  repository: z.object({ full_name: z.string() }).nullish().catch(null),
});

const mainBranch = z.object({ mainbranch: z.object({ name: z.string().min(1) }) });

/** Branches of each repository that the selector takes, each with its newest commit. */
export const branch = cloudKind({
  name: 'branch',
  plural: 'branches',
  under: 'repository',
  selector: {
    ...repositoryKeys,
    /** Nothing but the main branch of each repository. */
    defaultOnly: z.boolean().nullish(),
  },
  path: ['refs', 'branches'],
  widest: { sort: 'name' },
  pages: ['branch/{...}'],
  item: z.object({ name: z.string().min(1), target: target.nullish().catch(null) }),
  key: ({ name }) => name,
  segments: ({ name }) => [name],
  called: ({ name }) => name,
  changed: (item) => item.target?.date,
  whole: withRepository,
  home: (item) => item.target?.repository?.full_name ?? null,
  wanted: ({ defaultOnly }) =>
    defaultOnly === true
      ? {
          keeps: ({ name }, repository) => {
            // Bitbucket does not tell the main branch of every repository.
            const main = mainBranch.safeParse(repository).data?.mainbranch.name;
            return main === undefined ? null : name === main;
          },
        }
      : {},
});
