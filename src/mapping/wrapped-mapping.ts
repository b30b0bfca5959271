import { z } from 'zod';
import type { Finding } from './schema-issues.js';

const object = z.record(z.string(), z.unknown());

/** A line that begins a mapping, in a text. */
const BEGINS_MAPPING = /^\s*["']?resources["']?\s*:/mu;

/**
 * What is wrong with a value that is no mapping at all, said so that a person sees how to make one of
 * it; null where the value has `resources`, or nothing better can be said than what the schema says.
 */
export function mistakenForMapping(value: unknown): Finding | null {
  if (value === null || value === undefined) {
    return { path: [], reason: 'is empty: a mapping holds a list of resources' };
  }
  if (Array.isArray(value)) {
    return { path: [], reason: 'is a list: write resources: above it, and indent it below' };
  }
  const { data } = object.safeParse(value);
  if (data === undefined || 'resources' in data) return null;
  return wrapperIn(data, []);
}

/** How a mapping stands below a key: as in the answer of an API, a settings file, a page of docs. */
function wrapperIn(
  holder: Readonly<Record<string, unknown>>,
  above: readonly string[],
): Finding | null {
  for (const [key, member] of Object.entries(holder)) {
    const path = [...above, key];
    if (typeof member === 'string' && BEGINS_MAPPING.test(member)) {
      return { path, reason: 'is a text: leave this line out, and begin with what is below it' };
    }
    const { data } = object.safeParse(member);
    if (data === undefined) continue;
    if ('resources' in data) {
      return { path, reason: 'is no part of a mapping: begin with what is below it' };
    }
    const inner = wrapperIn(data, path);
    if (inner !== null) return inner;
  }
  return null;
}
