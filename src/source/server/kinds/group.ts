import { z } from 'zod';
import { serverKind } from './kind.js';

const membersField = '__members';

/** `admin/groups`, each with its members where an expression mentions them. */
export const group = serverKind({
  name: 'group',
  plural: 'groups',
  selector: {},
  path: ['admin', 'groups'],
  // It has no page, and no route of its own.
  pages: [],
  item: z.object({ name: z.string().min(1) }),
  key: ({ name }) => name,
  segments: ({ name }) => [name],
  called: ({ name }) => name,
  more: {
    field: membersField,
    question: ({ name }) => ({
      path: ['admin', 'groups', 'more-members'],
      query: { context: name },
    }),
    isListing: true,
    isWanted: ({ mentions }) => mentions(membersField),
  },
  alsoCosts: '1 for 1,000 members of each where `__members` is used',
  isApart: true,
});
