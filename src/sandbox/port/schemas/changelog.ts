import { z } from 'zod';

/** Where changes are sent. */
export const changelogTarget = z.union([
  z.strictObject({ type: z.literal('KAFKA') }),
  z.strictObject({
    type: z.literal('WEBHOOK'),
    url: z.url(),
    agent: z.boolean().optional(),
  }),
]);
