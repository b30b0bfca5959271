import { z } from 'zod';
import { oneLine } from './failure.js';

const message = z.looseObject({ message: z.string() });

/** How Bitbucket Cloud shapes an error. */
const cloudError = z
  .strictObject({ type: z.literal('error'), error: message })
  .transform(({ error }) => error);

/** The same, and Bitbucket Data Center and gateways before either. */
const anyError = z.union([
  cloudError,
  z.strictObject({ errors: z.array(message).min(1) }).transform(({ errors: [first] }) => first),
  z
    .strictObject({
      error: z.union([message, z.string().transform((text) => ({ message: text }))]),
    })
    .transform(({ error }) => error),
  z.strictObject({ message: z.string(), status: z.number().optional() }),
]);

/** Longer ones are no errors. */
const longestError = 10_000;

/**
 * The words of an error that came with a status of success, in place of a text that was asked for; null
 * where it is none.
 * @param isJson whether the text may be JSON of its own: then only what leaves no doubt is an error
 */
export function errorIn(text: string, isJson = false): string | null {
  if (text.length > longestError || !/^\s*\{/u.test(text)) return null;
  try {
    const shape = isJson ? cloudError : anyError;
    return oneLine(shape.parse(JSON.parse(text))?.message ?? '');
  } catch {
    return null;
  }
}
