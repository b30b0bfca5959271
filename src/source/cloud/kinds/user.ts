import { z } from 'zod';
import { cloudKind } from './kind.js';

const html = z.object({ html: z.object({ href: z.string() }) });

/** Members of the workspace: each is a membership, with the account as `user`. */
export const user = cloudKind({
  name: 'user',
  plural: 'users',
  selector: {},
  path: ['workspaces', '{}', 'members'],
  // The page of a person is in no workspace.
  pages: ['/{}'],
  item: z.object({
    user: z.object({ uuid: z.string().min(1), links: html.nullish().catch(null) }),
  }),
  key: (item) => item.user.uuid,
  segments: (item) => [item.user.uuid],
  link: { path: '.user.links.html.href', of: (item) => item.user.links?.html.href ?? null },
  smallest: 'user.uuid',
  isApart: true,
});
