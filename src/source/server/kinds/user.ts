import { z } from 'zod';
import { RootReading } from '../root-reading.js';
import type { ServerKind } from './kind.js';

/** `users`: everybody, with or without an e-mail address. */
export const userKind: ServerKind = {
  name: 'user',
  selector: z.strictObject({ query: z.unknown().optional() }),
  scope: 'root',
  open: ({ listings }) =>
    new RootReading({
      scope: { type: 'root', name: 'users' },
      listings,
      read: (from, count) => from.users(count),
      keep: () => true,
    }),
};
