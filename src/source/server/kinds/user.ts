import { z } from 'zod';
import { serverKind } from './kind.js';

/** `users`: everybody, with or without an e-mail address. */
export const user = serverKind({
  name: 'user',
  plural: 'users',
  selector: {
    /** `admin` tells more of each, such as the directory and the last login. */
    source: z.enum(['admin']).nullish(),
  },
  path: ['users'],
  pages: ['users/{}'],
  missing: 'NoSuchUserException',
  item: z.object({
    id: z.int(),
    slug: z.string().nullish(),
    name: z.string().nullish().catch(null),
    active: z.boolean().nullish(),
  }),
  key: ({ id }) => id,
  segments: ({ slug }) => [slug ?? ''],
  wanted: ({ source }) =>
    source === 'admin'
      ? // The address of a user tells less: the listing is asked for this one.
        { path: ['admin', 'users'], only: ({ name }) => (name ? { filter: name } : null) }
      : // Somebody who left keeps an address, and is listed no more.
        { shows: ({ active }) => active !== false },
});
