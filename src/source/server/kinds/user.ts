import { z } from 'zod';
import { serverKind } from './kind.js';

/** `users`: everybody, with or without an e-mail address. */
export const user = serverKind({
  name: 'user',
  plural: 'users',
  selector: {},
  path: ['users'],
  pages: ['users/{}'],
  missing: 'NoSuchUserException',
  item: z.object({ id: z.int(), slug: z.string().nullish(), active: z.boolean().nullish() }),
  key: ({ id }) => id,
  segments: ({ slug }) => [slug ?? ''],
  // Somebody who left keeps an address, and is listed no more.
  wanted: () => ({ shows: ({ active }) => active !== false }),
});
