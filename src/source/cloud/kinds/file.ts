import { z } from 'zod';
import { filesKey, idleFiles } from '../files/selector-keys.js';
import { repositorySelectorKeys } from '../repository-filter.js';
import { cloudKind } from './kind.js';

/** What is in repositories is looked for branch by branch, and has no address of its own. */
export const contentsOfRepositories = {
  under: 'repository',
  path: ['src'],
  pages: [],
  item: z.never(),
  key: () => '',
  segments: () => [],
} as const;

/** Files of main branches, with their content. */
export const file = cloudKind({
  ...contentsOfRepositories,
  name: 'file',
  plural: 'files',
  contents: 'files',
  selector: { ...repositorySelectorKeys, ...filesKey },
  idleParts: idleFiles,
});
