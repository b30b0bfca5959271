import type { RequestFacts } from '../model/request-facts.js';
import { cutText, grouped } from '../model/text.js';
import type { FileLocation, OfExpression, Side } from './file-location.js';

export { grouped } from '../model/text.js';

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

/** `2026-11-30`, UTC. */
export function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

/** Clocks of two machines are compared by answers that took their time. */
export function wholeMinutes(milliseconds: number): number {
  return Math.round(Math.abs(milliseconds) / 60_000) * 60_000;
}

const LONGEST_QUOTE = 120;

/** The text in one line, cut where it is long. */
export function shortened(text: string): string {
  return cutText(text.replace(/\s+/gu, ' ').trim(), LONGEST_QUOTE);
}

/** `expression at mapping.yml:14:22 is: .slug`. */
export function expressionWords({ expression, at }: OfExpression): string {
  return `expression${locationWords(at)} is: ${shortened(expression)}`;
}

/** ` at mapping.yml:14:22`, as compilers write it and editors open it; nothing where there is no place. */
export function locationWords(at: FileLocation | undefined): string {
  return at === undefined ? '' : ` at ${at.file}:${at.line}:${at.column}`;
}

/** `mapping.yml:14:22: `, before what is wrong there; nothing where there is no place. */
export function placeWords(at: FileLocation | undefined): string {
  return at === undefined ? '' : `${at.file}:${at.line}:${at.column}: `;
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

/** `1 entity`, `2 entities`. */
export function counted(count: number, one: string, several: string): string {
  return `${grouped(count)} ${count === 1 ? one : several}`;
}

/** As a user writes a duration: `90s`, `25m`, `1h`. */
export function timeLimit(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

/** A share as `90 %`, to a tenth. */
export function percent(ratio: number): string {
  return `${Math.round(ratio * 1000) / 10} %`;
}

/** A size as `1 MiB`, to a tenth. */
export function mebibytes(bytes: number): string {
  return `${Math.round((bytes / (1024 * 1024)) * 10) / 10} MiB`;
}
