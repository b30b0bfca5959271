import { z } from 'zod';
import { readRoot } from '../../reading/root-reading.js';
import { describeFailure } from '../describe-failure.js';
import type { ServerKind } from './kind.js';

/** `users`: everybody, with or without an e-mail address. */
export const userKind: ServerKind = {
  name: 'user',
  selector: z.strictObject({ query: z.unknown().optional() }),
  scope: 'root',
  open: ({ listings }) =>
    readRoot(
      {
        scope: { type: 'root', name: 'users' },
        listings,
        read: (from, count) => from.users(count),
      },
      describeFailure,
    ),
};
