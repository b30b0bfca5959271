import stringWidth from 'string-width';
import { isJsonArray, type JsonValue } from '../model/json.js';
import type { FieldChange } from '../model/plan.js';
import { cutColumns } from './text.js';

/** Of two long texts that begin alike, what stands before the difference. */
const LETTERS_BEFORE = 8;

const ARROW = '-> ';

/** A change of a field in words, a line for each that it takes, of at most `room` characters. */
export function changeLines({ old, new: next }: FieldChange, room: number): readonly string[] {
  const members = memberLines(old, next, room);
  if (members !== null) return members;
  const texts = { old: JSON.stringify(old), new: JSON.stringify(next) };
  const whole = `${texts.old} ${ARROW}${texts.new}`;
  if (stringWidth(whole) <= room) return [whole];
  const isLong = Math.max(stringWidth(texts.old), stringWidth(texts.new)) > room - ARROW.length;
  const difference = firstDifference(texts.old, texts.new);
  const start = isLong ? Math.max(0, difference - LETTERS_BEFORE) : 0;
  return [
    excerpt(texts.old, start, room),
    `${ARROW}${excerpt(texts.new, start, room - ARROW.length)}`,
  ];
}

/** A value in words. */
export function valueText(value: JsonValue, room: number): string {
  return excerpt(JSON.stringify(value), 0, room);
}

/** What left a list and what came, when that is all that happened to it. */
function memberLines(old: JsonValue, next: JsonValue, room: number): readonly string[] | null {
  const isList = isJsonArray(old) || isJsonArray(next);
  if (!isList || !(old === null || isJsonArray(old)) || !(next === null || isJsonArray(next))) {
    return null;
  }
  const before = new Set((old ?? []).map((member) => JSON.stringify(member)));
  const after = new Set((next ?? []).map((member) => JSON.stringify(member)));
  const gone = [...before].filter((member) => !after.has(member));
  const come = [...after].filter((member) => !before.has(member));
  // The same members in another order, or as often as before and oftener: shown as a whole.
  if (gone.length + come.length === 0) return null;
  return [
    ...gone.map((member) => `- ${excerpt(bare(member), 0, room - 2)}`),
    ...come.map((member) => `+ ${excerpt(bare(member), 0, room - 2)}`),
  ];
}

/** A text without its quotes; anything else as it is. */
function bare(json: string): string {
  const value: unknown = JSON.parse(json);
  return typeof value === 'string' ? value : json;
}

function firstDifference(one: string, other: string): number {
  let index = 0;
  while (index < one.length && one[index] === other[index]) index += 1;
  return index;
}

function excerpt(text: string, start: number, room: number): string {
  const rest = start === 0 ? text : `…${text.slice(start)}`;
  return cutColumns(rest, Math.max(2, room));
}
