import path from 'node:path';
import { parse as parseDotEnv } from 'dotenv';
import { type Problem, ProblemError } from '../problems/problem.js';
import {
  configFlag,
  DEFAULT_CONFIG_FILE,
  DEFAULT_ENV_FILE,
  envFileFlag,
} from './declarations/files.js';
import type { FlagValues } from './declaration.js';
import { variableInFile, type Variables } from './layers/environment.js';
import { type Loaded, readAuthorities, readMapping, readTextFile } from './read-referenced.js';
import type { Locate, SettingsFile } from './spelling.js';
import { resolveSettings, type SettingSources } from './resolve-settings.js';
import type { ResolvedSettings } from './settings.js';
import { parseSettingsTree, type YamlFailure } from './yaml-tree.js';

/** What settings are read from. */
export interface SettingSurroundings {
  readonly flags: FlagValues;
  readonly env: Variables;
  /** The working directory, absolute. */
  readonly cwd: string;
}

/**
 * Reads the settings files and everything that they name, and resolves all of it.
 * @throws SettingsError with every problem at once
 */
export async function readSettings(surroundings: SettingSurroundings): Promise<ResolvedSettings> {
  const { cwd } = surroundings;
  const resolution = resolveSettings(await readSources(surroundings));
  const { settings, origins, shown, secrets, oddLooks, notices, warnings } = resolution;
  const [mapping, authorities] = await Promise.all([
    readMapping(resolution.mapping, cwd),
    readAuthorities(resolution.authorities, cwd),
  ]);
  refuse([...resolution.problems, ...mapping.problems, ...authorities.problems], notices);
  if (settings === null) throw new Error('settings are neither complete nor wrong');
  return {
    settings: { ...settings, mapping: mapping.value, authorities: authorities.value },
    origins,
    shown,
    secrets,
    oddLooks,
    notices,
    warnings,
  };
}

/**
 * Reads the settings files.
 * @throws SettingsError when one cannot be read or parsed
 */
export async function readSources(surroundings: SettingSurroundings): Promise<SettingSources> {
  const { value, problems } = await tryReadSources(surroundings);
  // What an unreadable file would have set is not missing: its own problem is all there is to tell.
  refuse(problems, []);
  return value;
}

/** Reads the settings files; one that cannot be read is left out, with its problem. */
export async function tryReadSources(
  surroundings: SettingSurroundings,
): Promise<Loaded<SettingSources>> {
  const { flags, env, cwd } = surroundings;
  const [dotEnv, yaml] = await Promise.all([
    readSettingsFile(surroundings, envFileFlag.name, DEFAULT_ENV_FILE, readVariables),
    readSettingsFile(surroundings, configFlag.name, DEFAULT_CONFIG_FILE, parseSettingsTree),
  ]);
  const { file = null, content = NO_VARIABLES } = dotEnv.value ?? {};
  const [ofEnv, ofDotEnv] = await Promise.all([
    readContents(env, null, cwd),
    readContents(content.variables, file, cwd),
  ]);
  return {
    value: {
      flags,
      env,
      dotEnv: dotEnv.value === null ? null : { ...dotEnv.value, content: content.variables },
      yaml: yaml.value,
      contents: { env: ofEnv.value, dotEnv: ofDotEnv.value },
      cutShort: content.cutShort,
      cwd,
    },
    problems: [...dotEnv.problems, ...yaml.problems, ...ofEnv.problems, ...ofDotEnv.problems],
  };
}

/** @throws SettingsError when there is any problem */
export function refuse(problems: readonly Problem[], notices: readonly string[]): void {
  const [first, ...others] = problems;
  if (first !== undefined) throw new SettingsError([first, ...others], notices);
}

/** The file that an option names, which must be there, or the default one, which need not. */
async function readSettingsFile<Content>(
  { flags, cwd }: SettingSurroundings,
  flag: string,
  defaultFile: string,
  parse: (text: string) => { readonly content: Content; readonly locate: Locate } | YamlFailure,
): Promise<Loaded<SettingsFile<Content> | null>> {
  const named = flags[flag];
  const isNamed = typeof named === 'string' && named !== '';
  const file = isNamed ? named : defaultFile;
  const reading = await readTextFile(path.resolve(cwd, file));
  if ('failure' in reading && reading.isAbsent && !isNamed) return { value: null, problems: [] };
  const parsed = 'text' in reading ? parse(reading.text) : reading;
  if ('content' in parsed) {
    return { value: { file, content: parsed.content, locate: parsed.locate }, problems: [] };
  }
  const at = 'at' in parsed ? { at: { file, ...parsed.at } } : {};
  const reason = parsed.failure;
  const problem: Problem = { code: 'settings-file-unreadable', file, reason, ...at };
  return { value: null, problems: [problem] };
}

/** An `.env` file, taken apart. */
interface DotEnv {
  readonly variables: Variables;
  readonly cutShort: ReadonlySet<string>;
}

const NO_VARIABLES: DotEnv = { variables: {}, cutShort: new Set() };

const ASSIGNMENT = /^\s*(?:export\s+)?([\w.-]+)\s*[=:]\s*([^\r\n]*)$/gmu;

const NAME = /^\s*(?:export\s+)?([\w.-]+)\s*[=:]/u;

function readVariables(
  text: string,
): { readonly content: DotEnv; readonly locate: Locate } | YamlFailure {
  if (/[\0\uFFFD]/u.test(text)) return { failure: 'it is not UTF-8 text: save it as UTF-8' };
  // What follows a # without a space before it was meant as a part of the value.
  const cutShort = [...text.matchAll(ASSIGNMENT)].flatMap(([, name = '', value = '']) =>
    /^[^"'`#\s][^#]*(?<=\S)#/u.test(value) ? [name] : [],
  );
  const locate: Locate = ([name]) => {
    const lines = text.split('\n').map((line) => line.search(/\S/u) + 1);
    // Of names that stand twice, the last counts.
    const line = text.split('\n').findLastIndex((each) => NAME.exec(each)?.[1] === name);
    return line < 0 ? null : { line: line + 1, column: lines[line] ?? 1 };
  };
  return { content: { variables: parseDotEnv(text), cutShort: new Set(cutShort) }, locate };
}

/** The files that variables such as PORT_CLIENT_SECRET_FILE name; what is set itself needs none. */
async function readContents(
  variables: Variables,
  definedIn: string | null,
  cwd: string,
): Promise<Loaded<Variables>> {
  const contents: Record<string, string> = {};
  const problems: Problem[] = [];
  for (const [name, file = ''] of Object.entries(variables)) {
    const variable = variableInFile(name);
    if (variable === null || file === '' || (variables[variable] ?? '') !== '') continue;
    const reading = await readTextFile(path.resolve(cwd, file));
    if ('text' in reading) contents[name] = reading.text;
    else {
      const spelling = definedIn === null ? name : `${name} in ${definedIn}`;
      const named = `${file} (${spelling})`;
      problems.push({ code: 'settings-file-unreadable', file: named, reason: reading.failure });
    }
  }
  return { value: contents, problems };
}

/** Settings that cannot be used: every problem at once, and what may explain them. */
export class SettingsError extends ProblemError {
  constructor(
    problems: readonly [Problem, ...Problem[]],
    /** Sentences such as `PORT_CLIENT_ID is empty`. They hold no values. */
    readonly notices: readonly string[],
  ) {
    super(problems);
  }
}
