import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson, type JsonValue } from '../../model/json.js';
import { breach } from './refusal.js';
import type { Position } from './scan.js';

const cursorContent = z.tuple([z.number(), z.number(), z.string()]);

/** Names a listing by what was asked for, so that a cursor of another one is noticed. */
export function listingKey(asked: JsonValue): string {
  return createHash('sha1').update(canonicalJson(asked)).digest('base64url');
}

/** The `next` of a page. Opaque to whoever gets it. */
export function encodeCursor(position: Position, listing: string): string {
  const content = JSON.stringify([position.shelf, position.row, listing]);
  return Buffer.from(content).toString('base64url');
}

/**
 * Reads a `from`.
 * @throws ContractBreach for a text that no answer held, or one of another listing
 */
export function decodeCursor(from: string, listing: string): Position {
  const content = cursorContent.safeParse(contentOf(from));
  if (!content.success) throw breach('"from" is no "next" of an earlier answer');
  const [shelf, row, owner] = content.data;
  if (owner !== listing) throw breach('"from" belongs to a search that asked for something else');
  return { shelf, row };
}

function contentOf(from: string): unknown {
  try {
    return JSON.parse(Buffer.from(from, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
