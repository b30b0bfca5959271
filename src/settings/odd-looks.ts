import type { JsonValue } from '../model/json.js';
import { allSettings } from './declarations/index.js';
import type { Layer } from './layers/layer.js';
import type { Origin } from './origin.js';
import { SettingReader } from './reader.js';

/** What a value looks like that is not what its author meant, and what to do about it. */
const LOOKS: readonly (readonly [look: RegExp, words: string])[] = [
  [/^\s*(["'`]).*\1\s*$/su, 'stands in quotes, which count as a part of it: leave them out'],
  [
    /^\s*(?:\$\{?\w+\}?|\$\(.*\)|%\w+%|\{\{.*\}\})\s*$/su,
    'holds the name of a variable, which nothing replaced by its value',
  ],
  [
    /^\s*(?:\*+|x{4,}|<.*>|\[.*\])\s*$/isu,
    'holds what stands in the place of a secret, not the secret',
  ],
  [/^\s*(?:null|none|nil|undefined)\s*$/iu, 'holds the word for a value that is not there'],
  [
    /^\s*(?:~?\/|\.{1,2}\/|[A-Za-z]:\\)\S+$/u,
    'looks like the path of a file: to have that read, add _FILE to the name of the variable',
  ],
  [/^\s|\s$/u, 'begins or ends with white space'],
  [/[\p{Cc}\p{Cf}\u00a0]/u, 'holds a character that cannot be seen'],
];

const CUT_SHORT = 'ends at a #, which begins a comment: put the value in quotes';

/**
 * What looks wrong about the values of settings, by name: the end of a sentence that begins with the
 * spelling. A value that only looks so may be right: it is told once a server has refused it.
 * @param cutShort variables of the `.env` file whose values an unquoted `#` cut short
 */
export function oddLooks(
  layers: readonly Layer[],
  cutShort: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const reader = new SettingReader(layers);
  const found = allSettings.flatMap((declaration) => {
    const given = reader.given(declaration);
    const words = given === null ? null : oddLook(given.raw, given.origin, cutShort);
    return words === null ? [] : [[declaration.name, words] as const];
  });
  return new Map(found);
}

function oddLook(raw: JsonValue, origin: Origin, cutShort: ReadonlySet<string>): string | null {
  if (origin.layer === 'env-file' && cutShort.has(origin.spelling)) return CUT_SHORT;
  if (typeof raw !== 'string') return null;
  // The line end that `echo` adds is no part of what is sent.
  const text = raw.replace(/[\r\n]+$/u, '');
  return LOOKS.find(([look]) => look.test(text))?.[1] ?? null;
}
