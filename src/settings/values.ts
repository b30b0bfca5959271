import { z } from 'zod';
import { PATTERN_RULE, patternSegments } from '../source/requests/asked.js';
import { nearest } from '../problems/nearest.js';

/** What reading a text gives: the value, or why not, continuing a sentence that begins with the spelling. */
type TextReading<Value> = { readonly value: Value } | { readonly reason: string };

/**
 * A schema for a value that is one text in variables and flags and may be a number or boolean in
 * YAML. Messages never repeat the value: it may be a secret that was pasted into the wrong place.
 * @param written what JSON Schema can say of the value as it is written, for editors
 */
function fromText<Value>(
  must: string,
  read: (text: string) => TextReading<Value>,
  written: Readonly<Record<string, unknown>> = {},
) {
  return z
    .union([z.string(), z.number(), z.boolean()], must)
    .transform((raw, context): Value => {
      const reading = read(String(raw));
      if ('value' in reading) return reading.value;
      context.addIssue({ code: 'custom', message: reading.reason });
      return z.NEVER;
    })
    .meta(written);
}

const CONTROL_CHARACTER = /\p{Cc}/u;

/** One line of text as `trim` leaves it; `fault` says what else is wrong with it. */
function oneLine(
  trim: (raw: string) => string,
  fault: (value: string) => string | null = () => null,
) {
  return fromText('must be text', (raw) => {
    const value = trim(raw);
    const reason = CONTROL_CHARACTER.test(value)
      ? 'must be one line without control characters'
      : fault(value);
    return reason === null ? { value } : { reason };
  });
}

/** One line of text. */
export const text = oneLine((raw) => raw.trim());

/** A password: all of it counts, but for the line end that `echo` adds. */
export const password = oneLine((raw) => raw.replace(/[\r\n]+$/u, ''));

/** A user name for Basic authentication, which cannot carry a colon (RFC 7617, section 2). */
export const userName = oneLine(
  (raw) => raw.trim(),
  (value) => (value.includes(':') ? 'must not hold a colon' : null),
);

const TOKEN = /^[\x21-\x7e]+$/u;
const TOKEN_RULE = 'must be the bare token: ASCII letters, digits and signs without spaces';

/** A credential that travels in a header or in JSON as it is. */
export const token = fromText('must be text', (raw) => {
  const value = raw.trim();
  return TOKEN.test(value) ? { value } : { reason: TOKEN_RULE };
});

/** One or more tokens, separated by commas. */
export const tokens = fromText('must be text', (raw) => {
  const value = listed(raw);
  return value.length > 0 && value.every((part) => TOKEN.test(part))
    ? { value }
    : { reason: 'must be one or more tokens, separated by commas, without spaces inside' };
});

/** Characters that Port takes in an identifier and a `User-Agent` header can carry; not dots alone. */
const IDENTIFIER = /^(?!\.{1,2}$)[A-Za-z0-9@_.+:\\/=-]+$/u;

/** The identifier of an integration in Port. */
export const identifier = matching(
  IDENTIFIER,
  'may hold letters, digits and @ _ . + : \\ / = - only',
);

/** A Bitbucket Cloud workspace: its slug, or its UUID in braces. */
export const workspace = matching(
  /^(?:(?!\.{1,2}$)[A-Za-z0-9_.-]+|\{[0-9A-Fa-f-]+\})$/u,
  "must be the workspace's name as it stands in its address, such as acme",
);

function matching(pattern: RegExp, must: string) {
  return fromText(
    must,
    (raw) => {
      const value = raw.trim();
      return pattern.test(value) ? { value } : { reason: must };
    },
    { pattern: pattern.source },
  );
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'yes', 'on', '1'].map((word) => [word, true] as const),
  ...['false', 'no', 'off', '0'].map((word) => [word, false] as const),
]);

/** True or false, in the words that people use. */
export const truth = fromText(
  'must be true or false',
  (raw) => {
    const value = BOOLEANS.get(raw.trim().toLowerCase());
    return value === undefined ? { reason: 'must be true or false' } : { value };
  },
  { enum: [true, false, ...BOOLEANS.keys(), 1, 0] },
);

/** A whole number within bounds, both included. */
export function wholeNumber(least: number, most: number) {
  const must = `must be a whole number from ${least} to ${most}`;
  return fromText(
    must,
    (raw) => {
      const value = /^\d+$/u.test(raw.trim()) ? Number(raw) : NaN;
      return value >= least && value <= most ? { value } : { reason: must };
    },
    {
      anyOf: [
        { type: 'integer', minimum: least, maximum: most },
        { type: 'string', pattern: '^\\s*\\d+\\s*$' },
      ],
    },
  );
}

/** A share from 0 to 1. */
export const ratio = fromText(
  'must be a number from 0 to 1',
  (raw) => {
    const value = /^(?:\d+\.?\d*|\.\d+)$/u.test(raw.trim()) ? Number(raw) : NaN;
    if (value >= 0 && value <= 1) return { value };
    const share = value >= 2 && value <= 100 ? `; ${value} % is ${value / 100}` : '';
    return { reason: `must be a number from 0 to 1${share}` };
  },
  {
    anyOf: [
      { type: 'number', minimum: 0, maximum: 1 },
      { type: 'string', pattern: '^\\s*[\\d.]+\\s*$' },
    ],
  },
);

const APPROVAL_RULE =
  'must be a number and a day, such as 25@2026-11-30, as the stopped run printed it';

/** How many deletions are approved, and on which day, as a run that was stopped prints it. */
export const approval = fromText(
  APPROVAL_RULE,
  (raw) => {
    const [, most = '', day = ''] = /^(\d{1,9})@(\d{4}-\d{2}-\d{2})$/u.exec(raw.trim()) ?? [];
    return most !== '' && z.iso.date().safeParse(day).success
      ? { value: { most: Number(most), day } }
      : { reason: APPROVAL_RULE };
  },
  { type: 'string', pattern: '^\\d+@\\d{4}-\\d{2}-\\d{2}$' },
);

const UNITS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

/** Longer than any run; a timer of Node.js overflows after 24.8 days. */
const LONGEST_DURATION = 7 * 24 * 3_600_000;

/** A time in milliseconds, from `500ms`, `90s`, `25m`, `1h` or bare seconds. */
export const duration = fromText(
  'must be a time such as 90s, 25m or 1h',
  (raw) => {
    const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|)$/u.exec(raw.trim()) ?? [];
    const value = amount === '' ? NaN : Math.round(Number(amount) * (UNITS.get(unit) ?? NaN));
    return value > 0 && value <= LONGEST_DURATION
      ? { value }
      : { reason: 'must be a time such as 90s, 25m or 1h (more than 0, at most 7 days)' };
  },
  {
    anyOf: [
      { type: 'number', exclusiveMinimum: 0 },
      { type: 'string', pattern: '^\\s*\\d+(?:\\.\\d+)?\\s*(?:ms|s|m|h|)\\s*$' },
    ],
  },
);

/** One of the given words, in any case. `synonyms` are words that mean one of them. */
export function oneOf<const Word extends string>(
  words: readonly [Word, ...Word[]],
  synonyms: Readonly<Record<string, Word>> = {},
) {
  const must = `must be one of ${words.join(', ')}`;
  const known = new Map<string, Word>([
    ...words.map((word) => [word.toLowerCase(), word] as const),
    ...Object.entries(synonyms),
  ]);
  return fromText(
    must,
    (raw) => {
      const value = known.get(raw.trim().toLowerCase());
      return value === undefined ? { reason: `${must}${meant(raw.trim(), words)}` } : { value };
    },
    { enum: [...words, ...Object.keys(synonyms)] },
  );
}

const LIST_RULE = 'must be a list of names, separated by commas';

/** A list of names: separated by commas, or a list in YAML or JSON. Only `[]` is an empty one. */
export const names: z.ZodType<readonly string[]> = z.union(
  [
    fromText(LIST_RULE, (raw) => {
      if (raw.trim().startsWith('[')) {
        const value = jsonList(raw);
        return value === null ? { reason: LIST_RULE } : { value };
      }
      const value = listed(raw);
      return value.length === 0 ? { reason: LIST_RULE } : { value };
    }),
    z.array(text),
  ],
  LIST_RULE,
);

/** A list of patterns for paths of the API. */
export const pathPatterns = names.refine(
  (patterns) => patterns.every((pattern) => patternSegments(pattern) !== null),
  PATTERN_RULE,
);

/** A list with at least one name. */
export const someNames = names.refine((value) => value.length > 0, 'must name at least one');

/** A list of the given words. */
export function someOf<const Word extends string>(words: readonly Word[]) {
  const isWord = (name: string): name is Word => words.some((word) => word === name);
  return names
    .transform((value, context): readonly Word[] => {
      if (value.every(isWord)) return value;
      const wrong = value.find((name) => !isWord(name)) ?? '';
      const message = `may list ${words.join(', ')} only${meant(wrong, words)}`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    })
    .meta({ type: ['array', 'string', 'number', 'boolean'], items: { enum: words } });
}

/** What is short for a word has at least so many letters of it. */
const LEAST_BEGINNING = 3;

/** `; did you mean user?`, where a word looks like a typo of one that there is, or is short for it. */
function meant(wrong: string, words: readonly string[]): string {
  const [begun, ...others] = words.filter((word) => word.startsWith(wrong));
  const isShort = wrong.length >= LEAST_BEGINNING && others.length === 0;
  const word = isShort && begun !== undefined ? begun : nearest(wrong, words);
  return word === undefined ? '' : `; did you mean ${word}?`;
}

function listed(raw: string): readonly string[] {
  return raw
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function jsonList(raw: string): readonly string[] | null {
  try {
    const parsed = z.array(z.string()).safeParse(JSON.parse(raw));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
