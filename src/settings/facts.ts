import path from 'node:path';
import type { JsonValue } from '../model/json.js';
import { type SettingDeclaration, urlSecret, wholeSecret } from './declaration.js';
import { cloudSettings } from './declarations/bitbucket-cloud.js';
import { serverSettings } from './declarations/bitbucket-server.js';
import { allSettings } from './declarations/index.js';
import { meaninglessSettings } from './declarations/meaningless.js';
import { networkSettings } from './declarations/network.js';
import { portSettings } from './declarations/port.js';
import type { UnknownMember } from './layers/branch-variables.js';
import { misspeltVariables, unknownVariables, type Variables } from './layers/environment.js';
import type { Candidate, Layer } from './layers/layer.js';
import { isReference } from './layers/yaml.js';
import { SettingReader, whyUnset } from './reader.js';
import { type Origin, spelledOut } from './spelling.js';

/** Every secret in any layer, used or not, each once. Never empty texts. */
export function secretsIn(layers: readonly Layer[]): readonly string[] {
  const found = allSettings.flatMap((declaration) =>
    layers
      .flatMap((layer) => layer.candidates(declaration))
      .flatMap(({ raw }) => {
        const text = typeof raw === 'string' ? raw : JSON.stringify(raw);
        const isNone = declaration.secret === null || whyUnset(raw) !== null || isReference(text);
        return isNone ? [] : declaration.secret(text);
      }),
  );
  const unused = meaninglessSettings
    .filter(({ secret }) => secret)
    .flatMap((setting) => layers.flatMap((layer) => layer.meaningless(setting)))
    .flatMap(({ raw }) =>
      typeof raw !== 'string' || whyUnset(raw) !== null ? [] : wholeSecret(raw),
    );
  return [...new Set([...found, ...unused])].filter((secret) => secret !== '');
}

/** One sentence about all that a single run has no use for; none when there is nothing of it. */
export function noticesOfMeaningless(layers: readonly Layer[]): readonly string[] {
  const spellings = meaninglessSettings.flatMap((setting) =>
    layers
      .flatMap((layer) => layer.meaningless(setting))
      .filter(({ raw }) => whyUnset(raw) === null && setting.agrees?.(raw) !== true)
      .map(({ origin }) => spelledOut(origin)),
  );
  return spellings.length === 0
    ? []
    : [`without a meaning for a single run, and not used: ${spellings.join(', ')}`];
}

/** Sentences about `OCEAN__` variables that no setting has, and about others that look misspelt. */
export function noticesOfUnknown(variables: Variables, file: string | null): readonly string[] {
  return [...unknownVariables(variables), ...misspeltVariables(variables)].map(
    ({ name, nearest }) =>
      unknownInWords({ name: file === null ? name : `${name} in ${file}`, nearest }),
  );
}

/** `OCEAN__FOO is no setting and not used`. */
export function unknownInWords({ name, nearest }: UnknownMember): string {
  const meant = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  return `${name} is no setting and not used${meant}`;
}

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

/** What decides where credentials are sent, who may read them on the way, and what runs beside them. */
const MOVING: readonly SettingDeclaration<unknown>[] = [
  serverSettings.baseUrl,
  cloudSettings.hostUrl,
  portSettings.baseUrl,
  portSettings.region,
  networkSettings.httpsProxy,
  networkSettings.httpProxy,
  networkSettings.allProxy,
  networkSettings.caFile,
  networkSettings.sslCertFile,
  networkSettings.nodeExtraCaCerts,
  networkSettings.verifyBitbucket,
  networkSettings.verifyPort,
  networkSettings.jqPath,
];

const CREDENTIALS = allSettings.filter(({ secret }) => secret !== null && secret !== urlSecret);

/**
 * A sentence where files of the working directory decide where credentials of the environment go: a
 * pull request may change the files, and a pipeline that runs it lends it the credentials.
 */
export function noticesOfMoved(
  layers: readonly Layer[],
  cwd: string | undefined,
): readonly string[] {
  const reader = new SettingReader(layers);
  const isLent = CREDENTIALS.some((setting) => isOfEnvironment(reader.given(setting)));
  if (!isLent) return [];
  const moved = MOVING.flatMap((setting) => {
    const origin = reader.whereSet(setting);
    return origin !== null && isOfWorkingDirectory(origin, cwd) ? [spelledOut(origin)] : [];
  });
  if (moved.length === 0) return [];
  return [`credentials of the environment go where files of this folder say: ${moved.join(', ')}`];
}

function isOfEnvironment(given: Candidate | null): boolean {
  return given?.origin.layer === 'environment' || given?.isExpanded === true;
}

function isOfWorkingDirectory({ file }: Origin, cwd: string | undefined): boolean {
  if (file === null) return false;
  const relative =
    cwd === undefined ? path.normalize(file) : path.relative(cwd, path.resolve(cwd, file));
  return !path.isAbsolute(relative) && !relative.startsWith('..');
}
