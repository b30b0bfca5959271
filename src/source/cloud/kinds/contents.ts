import { z } from 'zod';

/** What is in repositories is looked for branch by branch, and has no address of its own. */
export const contentsOfRepositories = {
  under: 'repository',
  path: ['src'],
  pages: [],
  item: z.never(),
  key: () => '',
  segments: () => [],
} as const;
