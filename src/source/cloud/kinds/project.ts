import { z } from 'zod';
import { cloudKind } from './kind.js';

/** Projects of the workspace, as far as the credentials may see them. */
export const project = cloudKind({
  name: 'project',
  plural: 'projects',
  selector: {},
  path: ['workspaces', '{}', 'projects'],
  pages: ['workspace/projects/{}'],
  item: z.object({ uuid: z.string().min(1), key: z.string().nullish() }),
  key: ({ uuid }) => uuid,
  segments: ({ key }) => [key ?? ''],
});
