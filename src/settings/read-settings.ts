import path from 'node:path';
import { parse as parseDotEnv } from 'dotenv';
import { type Problem, ProblemError } from '../problems/problem.js';
import type { FlagValues } from './declaration.js';
import {
  configFlag,
  DEFAULT_CONFIG_FILE,
  DEFAULT_ENV_FILE,
  envFileFlag,
} from './declarations/files.js';
import { variableInFile, type Variables } from './layers/environment.js';
import { type Loaded, readAuthorities, readMapping, readTextFile } from './read-referenced.js';
import { resolveSettings, type SettingSources, type SettingsUse } from './resolve-settings.js';
import type {
  IntegrationType,
  ResolvedSettings,
  SettingFacts,
  SettingParts,
  Settings,
} from './settings.js';
import type { Locate, SettingsFile } from './spelling.js';
import { parseSettingsTree, type YamlFailure } from './yaml-tree.js';

/** What settings are read from. */
export interface SettingSurroundings {
  readonly flags: FlagValues;
  readonly env: Variables;
  /** The working directory, absolute. */
  readonly cwd: string;
}

/** Settings as far as they are known, with everything that is missing or wrong. */
export interface SettingsReading extends SettingFacts {
  readonly parts: SettingParts & Pick<Settings, 'mapping' | 'authorities'>;
  /** Null: nothing tells which Bitbucket is meant. */
  readonly type: IntegrationType | null;
  /** A mapping that is named may be one that cannot be read. */
  readonly isMappingNamed: boolean;
  /** Settings files that were read. */
  readonly files: readonly string[];
  /** Settings files that cannot be read: what they would have set is not missing. */
  readonly unreadable: readonly Problem[];
  /** All at once. */
  readonly problems: readonly Problem[];
}

/**
 * Reads the settings files and everything that they name, and resolves all of it. A file that cannot be
 * read is left out, with its problem. `wholeSettings` demands that there is none.
 */
export async function readSettings(
  surroundings: SettingSurroundings,
  use: SettingsUse = {},
): Promise<SettingsReading> {
  const { cwd } = surroundings;
  const { value: sources, problems: unreadable } = await readSources(surroundings);
  const resolution = resolveSettings(sources, use);
  const needs = (part: 'mapping' | 'authorities'): boolean => use.parts?.includes(part) ?? true;
  const needsAuthorities = needs('authorities') && use.isOffline !== true;
  const [mapping, authorities] = await Promise.all([
    readMapping(needs('mapping') ? resolution.mapping : null, sources.yaml?.text, cwd),
    readAuthorities(needsAuthorities ? resolution.authorities : [], cwd),
  ]);
  return {
    ...resolution,
    parts: { ...resolution.parts, mapping: mapping.value, authorities: authorities.value },
    isMappingNamed: resolution.mapping !== null,
    files: [sources.dotEnv, sources.yaml].flatMap((file) => (file === null ? [] : file.file)),
    unreadable,
    problems: [
      ...unreadable,
      ...inOrderOfLines(resolution.problems),
      ...mapping.problems,
      ...authorities.problems,
    ],
  };
}

/** What stands in a file is told in the order of its lines, where the first of them would be told. */
function inOrderOfLines(problems: readonly Problem[]): readonly Problem[] {
  const lineOf = (problem: Problem): number => ('at' in problem ? problem.at.line : Infinity);
  const located = problems.filter((problem) => lineOf(problem) < Infinity);
  const sorted = located.toSorted((one, other) => lineOf(one) - lineOf(other));
  return problems.map((problem) =>
    located.includes(problem) ? (sorted.shift() ?? problem) : problem,
  );
}

/**
 * Settings that are complete and right.
 * @throws SettingsError with every problem at once
 */
export function wholeSettings(reading: SettingsReading): ResolvedSettings {
  const refusal = refusalOf(reading);
  if (refusal !== null) throw refusal;
  const { parts, ...facts } = reading;
  const { port, bitbucket } = parts;
  if (port === null || bitbucket === null) {
    throw new Error('settings are neither complete nor wrong');
  }
  return { ...facts, settings: { ...parts, port, bitbucket } };
}

/** What is to be thrown where there is any problem; null: there is none. */
export function refusalOf({
  unreadable,
  problems,
  notices,
}: SettingsReading): SettingsError | null {
  const isUnreadable = unreadable.length > 0;
  const [first, ...others] = isUnreadable ? unreadable : problems;
  return first === undefined
    ? null
    : new SettingsError([first, ...others], isUnreadable ? [] : notices);
}

/** Reads the settings files; one that cannot be read is left out, with its problem. */
export async function readSources(
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
      unassigned: content.unassigned,
      cwd,
    },
    problems: [...dotEnv.problems, ...yaml.problems, ...ofEnv.problems, ...ofDotEnv.problems],
  };
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
  const parsed = 'text' in reading ? { ...reading, ...parse(reading.text) } : reading;
  if ('content' in parsed) return { value: { file, ...parsed }, problems: [] };
  const at = 'at' in parsed ? { at: { file, ...parsed.at } } : {};
  const reason = parsed.failure;
  const problem: Problem = { code: 'settings-file-unreadable', file, reason, ...at };
  return { value: null, problems: [problem] };
}

/** An `.env` file, taken apart. */
interface DotEnv {
  readonly variables: Variables;
  readonly cutShort: ReadonlySet<string>;
  /** Numbers of lines that set nothing and are no comment. */
  readonly unassigned: readonly number[];
}

const NO_VARIABLES: DotEnv = { variables: {}, cutShort: new Set(), unassigned: [] };

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
  const content = {
    variables: parseDotEnv(text),
    cutShort: new Set(cutShort),
    unassigned: unassignedLines(text),
  };
  return { content, locate };
}

/** A variable whose value stands in quotes; it may go on over several lines. */
const IN_QUOTES =
  /\s*(?:export\s+)?[\w.-]+\s*(?:=|:\s)\s*(["'`])(?:\\[^]|(?!\1)[^\\])*\1[^\S\n]*(?:#.*)?$/muy;
/** Another variable, a comment, or nothing. */
const PLAIN_LINE = /^\s*(?:#|$|(?:export\s+)?[\w.-]+\s*(?:=|:\s))/u;

/** The numbers of lines that are passed over because they set nothing. */
function unassignedLines(text: string): readonly number[] {
  const whole = text.replace(/\r\n?/gu, '\n');
  const numbers: number[] = [];
  let line = 1;
  for (let at = 0; at < whole.length;) {
    IN_QUOTES.lastIndex = at;
    const quoted = IN_QUOTES.exec(whole)?.[0] ?? '';
    const end = whole.indexOf('\n', at + quoted.length);
    const next = end < 0 ? whole.length : end + 1;
    const taken = whole.slice(at, next);
    if (quoted === '' && !PLAIN_LINE.test(taken)) numbers.push(line);
    line += taken.split('\n').length - 1;
    at = next;
  }
  return numbers;
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
