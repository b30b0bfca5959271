import type { RequestFacts } from '../model/request-facts.js';
import type { Side } from './places.js';
import { counted } from './number-words.js';

/** The two systems as people call them. */
export const SIDE_NAMES = { bitbucket: 'Bitbucket', port: 'Port' } as const satisfies Record<
  Side,
  string
>;

/** `A, B or C`. */
export function oneOf(spellings: readonly string[]): string {
  if (spellings.length < 2) return spellings[0] ?? 'it';
  return `${spellings.slice(0, -1).join(', ')} or ${spellings.at(-1) ?? ''}`;
}

/** `2 entities of service`. */
export function entitiesOf(blueprint: string, count: number): string {
  return `${counted(count, 'entity', 'entities')} of ${blueprint}`;
}

/** Clocks of two machines are compared by answers that took their time. */
export function wholeMinutes(milliseconds: number): number {
  return Math.round(Math.abs(milliseconds) / 60_000) * 60_000;
}

const LONGEST_QUOTE = 120;

/** The text in one line, cut where it is long. */
export function shortened(text: string): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  return line.length <= LONGEST_QUOTE ? line : `${line.slice(0, LONGEST_QUOTE - 1)}…`;
}

/** `answered 500 Internal Server Error, after 6 attempts (GET https://…, request id 4c2)`. */
export function withRequest(reason: string, request: RequestFacts | undefined): string {
  if (request === undefined) return reason;
  const { method, address, id } = request;
  return `${reason} (${method} ${address}${id === null ? '' : `, request id ${id}`})`;
}

/** What somebody who runs the server needs to find the request; empty where it names none. */
export function askAdministrators(side: Side, request: RequestFacts | undefined): string {
  const id = request?.id ?? null;
  const whom = side === 'port' ? "Port's support" : "Bitbucket's administrators";
  return id === null ? '' : `. If it stays, give ${whom} the request id ${id}`;
}
