import { oneOf, placeWords, shortened, SIDE_NAMES, timeLimit, wholeMinutes } from '../phrases.js';
import type { AtMapping, Excerpt, FileLocation, Side } from '../file-location.js';
import { incomplete, settings, warning, type WordsFor } from '../severity.js';

/** What is wrong with the command line, the settings or the mapping, before or while a run begins. */
export interface SettingsProblems {
  /** A command line that cannot be understood. */
  'usage-invalid': { readonly reason: string; readonly suggestion?: string };
  /** A required setting that nothing sets. `spellings`: the variable or key that a user would set. */
  'setting-missing': { readonly setting: string; readonly spellings: readonly string[] };
  /** A value that cannot be used, under the spelling that the user wrote. */
  'setting-invalid': {
    readonly spelling: string;
    readonly reason: string;
    readonly remedy?: string;
    readonly at?: FileLocation;
  };
  /** A setting that the Bitbucket which is read has no use for. */
  'setting-ignored': {
    readonly spelling: string;
    readonly bitbucket: 'Bitbucket Cloud' | 'Bitbucket Data Center';
  };
  /** Settings that exclude one another. */
  'settings-contradict': { readonly spellings: readonly string[]; readonly reason: string };
  /** A key that no setting has. */
  'setting-unknown': {
    readonly key: string;
    readonly origin: string;
    readonly nearest?: string;
    readonly at?: FileLocation;
  };
  /** A settings file that cannot be read or parsed. */
  'settings-file-unreadable': {
    readonly file: string;
    readonly reason: string;
    readonly at?: FileLocation;
  };
  /** A mapping that cannot be read or has the wrong shape. */
  'mapping-invalid': AtMapping & { readonly reason: string };
  /** A key of a mapping that Port or another program may know and we do not; it is passed over. */
  'mapping-key-unknown': AtMapping & { readonly reason: string };
  /** A leaf of the form `file://PATH`, which still works. `path`: that of the leaf. */
  'file-reference-deprecated': {
    readonly origin: string;
    readonly kind: string;
    readonly path: string;
    readonly file: string;
  };
  /** A part of a selector that names nothing. */
  'selector-idle': { readonly origin: string; readonly path: string };
  /** A jq expression that does not compile. */
  'expression-invalid': AtMapping & { readonly expression: string; readonly message: string };
  /** The same in a mapping that Port holds, where it costs only what it fills. */
  'expression-passed-over': AtMapping & {
    readonly expression: string;
    readonly message: string;
    readonly costs: 'field' | 'entities' | 'resource';
  };
  /** Neither a native jq nor the WebAssembly one could be started. */
  'jq-unavailable': { readonly reason: string };
  /** jq that the user names is older than the dialect. */
  'jq-outdated': { readonly path: string; readonly version: string };
  /** Port has another integration of this type and the identifier was not chosen by the user. */
  'integration-ambiguous': { readonly identifier: string; readonly existing: readonly string[] };
  /** The integration of this identifier belongs to another program, such as one for GitHub. */
  'integration-of-other-type': {
    readonly identifier: string;
    readonly type: string;
    readonly ours: string;
  };
  /** Port has no integration of this identifier, and the command cannot do without. */
  'integration-missing': { readonly identifier: string };
  /** The integration is there and holds no mapping. */
  'mapping-absent': { readonly identifier: string };
  /** A file of the user's could not be written. `isThere`: because it would be replaced. */
  'file-not-written': {
    readonly file: string;
    readonly reason: string;
    readonly isThere: boolean;
  };
  /** Another program wrote the integration last: the first sync takes its catalog over. */
  'take-over-due': { readonly identifier: string; readonly version: string };
  /** Our clock and a server's differ. `milliseconds`: above 0 when ours is ahead. */
  'clock-skewed': { readonly side: Side; readonly milliseconds: number };
  /** The data source processor of Port writes this catalog on its own. */
  'integration-processed-by-port': { readonly identifier: string };
}

/** What goes without an expression. */
const LOST = {
  field: 'the field is left as it is in Port',
  entities: 'no entity is made with it',
  resource: 'nothing of this resource is loaded',
} as const;

/** Each of them in words. */
export const settingsWords: WordsFor<SettingsProblems> = {
  'usage-invalid': ({ reason, suggestion }) =>
    settings(reason, suggestion ?? 'Run npx bitbucket-port --help for the commands and options'),
  'setting-missing': ({ setting, spellings }) =>
    settings(`${setting} is not set`, `Set ${oneOf(spellings)}`),
  'setting-invalid': ({ spelling, reason, remedy, at }) =>
    settings(
      `${placeWords(at)}${at === undefined ? spelling : spelling.replace(` in ${at.file}`, '')} ${reason}`,
      remedy ?? null,
    ),
  'setting-ignored': ({ spelling, bitbucket }) =>
    warning(`${spelling} means nothing for ${bitbucket} and is ignored`, 'Remove it'),
  'settings-contradict': ({ spellings, reason }) =>
    settings(`${spellings.join(' and ')} do not go together: ${reason}`, null),
  'setting-unknown': ({ key, origin, nearest, at }) =>
    settings(
      at === undefined
        ? `${origin} has an unknown key ${key}`
        : `${placeWords(at)}unknown key ${key}`,
      nearest === undefined ? 'Remove it' : `Did you mean ${nearest}?`,
    ),
  'settings-file-unreadable': ({ file, reason, at }) =>
    settings(
      at === undefined
        ? `${file} cannot be used: ${reason}`
        : `${placeWords(at)}${reason.replace(/^line \d+, column \d+: /u, '')}`,
      null,
    ),
  'mapping-invalid': ({ origin, path, reason, excerpt }) =>
    settings(`${place(origin, excerpt)}${ofPath(path, reason)}`, asKeptInPort(excerpt)),
  'mapping-key-unknown': ({ origin, path, reason, excerpt }) =>
    warning(
      `${place(origin, excerpt)}: ${path === '' ? '' : `${path} `}${reason}; it is ignored`,
      'Correct it if it is a misspelling, or remove it',
    ),
  'file-reference-deprecated': ({ origin, kind, path, file }) => ({
    severity: 'notice',
    exitCode: 0,
    message: `${origin}: ${path} is file://${file}, a spelling that is deprecated`,
    hint:
      kind === 'folder'
        ? 'Write .__includedFiles["PATH"], with the path from the root of the repository, and add it to includedFiles of its selector'
        : `Write .__includedFiles[${JSON.stringify(file)}], and add includedFiles: [${JSON.stringify(file)}] to its selector`,
  }),
  'selector-idle': ({ origin, path }) => ({
    severity: 'notice',
    exitCode: 0,
    message: `${origin}: ${path} names nothing, and nothing is read for it`,
    hint: null,
  }),
  'expression-invalid': ({ origin, path, expression, message, excerpt }) =>
    settings(
      `${place(origin, excerpt)}: ${path} is not valid jq: ${message}`,
      quotedText(expression) ??
        (excerpt === undefined
          ? `The expression is: ${shortened(expression)}`
          : asKeptInPort(excerpt)),
    ),
  'expression-passed-over': ({ origin, path, expression, message, excerpt, costs }) =>
    incomplete(
      `${place(origin, excerpt)}: ${path} is not valid jq: ${message}; ${LOST[costs]}`,
      quotedText(expression) ??
        (excerpt === undefined
          ? `Correct it in Port. The expression is: ${shortened(expression)}`
          : asKeptInPort(excerpt)),
    ),
  'jq-unavailable': ({ reason }) =>
    settings(
      `no jq can be started: ${reason}`,
      'Install jq 1.7 or newer, or name one with JQ_PATH',
    ),
  'jq-outdated': ({ path, version }) =>
    warning(
      `${path} is jq ${version}; mappings are written for jq 1.7`,
      'Point JQ_PATH at jq 1.7 or newer, or unset it',
    ),
  'integration-ambiguous': ({ identifier, existing }) =>
    settings(
      `Port has no integration ${identifier}, but another one of this type: ${existing.join(', ')}`,
      `Set OCEAN__INTEGRATION__IDENTIFIER to ${existing[0] ?? 'it'} to go on with its catalog, or to ${identifier} to load a second one`,
    ),
  'integration-of-other-type': ({ identifier, type, ours }) =>
    settings(
      `integration ${identifier} in Port is of type ${shortened(type)}, not ${ours}`,
      'Set OCEAN__INTEGRATION__IDENTIFIER to the identifier of an integration of Bitbucket, or to one that Port does not have yet',
    ),
  'integration-missing': ({ identifier }) =>
    settings(
      `Port has no integration ${identifier}`,
      'Correct OCEAN__INTEGRATION__IDENTIFIER; or create it with the first sync, or with mapping push --create',
    ),
  'mapping-absent': ({ identifier }) =>
    settings(
      `integration ${identifier} in Port holds no mapping, so that sync uses the built-in one`,
      'Give it one with mapping push',
    ),
  'file-not-written': ({ file, reason, isThere }) =>
    settings(
      `${file} was not written: ${reason}`,
      isThere ? 'Name another file, or let pull replace it with --force' : null,
    ),
  'take-over-due': ({ identifier, version }) =>
    warning(
      `integration ${identifier} was written last by ${version}; the first sync takes its catalog over and deletes nothing`,
      'Look at what will change with npx bitbucket-port plan',
    ),
  'clock-skewed': ({ side, milliseconds }) =>
    warning(
      `the clock of this machine is ${skewWords(milliseconds)} ${milliseconds > 0 ? 'ahead of' : 'behind'} that of ${SIDE_NAMES[side]}`,
      'Synchronize it with a time server: times in logs and reports come from it',
    ),
  'integration-processed-by-port': ({ identifier }) =>
    warning(
      `Port itself maps and loads the raw data of integration ${identifier} until now`,
      'Entities loaded that way may not be recognised as ours and are then never deleted',
    ),
};

function skewWords(milliseconds: number): string {
  const seconds = Math.round(Math.abs(milliseconds) / 1_000);
  return seconds < 120 ? `${seconds}s` : timeLimit(wholeMinutes(milliseconds));
}

/** `: resources[0].kind is missing`; of the whole ` is empty`, and `: the key kind stands twice`. */
function ofPath(path: string, reason: string): string {
  if (path !== '') return `: ${path} ${reason}`;
  return /^(?:is|has|holds) /u.test(reason) ? ` ${reason}` : `: ${reason}`;
}

/** `mapping.yml:14:22`, as compilers write it and editors open it. */
function place(origin: string, excerpt: Excerpt | undefined): string {
  const { line = null, column = null } = excerpt ?? {};
  return line === null || column === null ? origin : `${origin}:${line}:${column}`;
}

/** Where to correct what has no line that a user could go to. */
function asKeptInPort(excerpt: Excerpt | undefined): string | null {
  return excerpt?.line === null ? 'Correct it in Port; the line is as kept there, in YAML' : null;
}

/** `service`, where `"service"` was meant: jq takes a bare word for a function. */
function quotedText(expression: string): string | null {
  const word = expression.trim();
  if (!/^[A-Za-z][\w-]*$/u.test(word)) return null;
  if (/^(?:yes|on)$/iu.test(word)) return 'jq has true for it';
  if (/^(?:no|off)$/iu.test(word)) return 'jq has false for it';
  return `If it is a text, write '"${word}"'`;
}
