import path from 'node:path';
import { parse as parseDotEnv } from 'dotenv';
import type { Problem } from '../problems/problem.js';
import {
  configFlag,
  DEFAULT_CONFIG_FILE,
  DEFAULT_ENV_FILE,
  envFileFlag,
} from './declarations/files.js';
import type { FlagValues } from './flag-values.js';
import type { Variables } from './layers/environment.js';
import { readTextFile } from './read-file.js';
import { readAuthorities, readMapping, type Loaded } from './read-referenced.js';
import { resolveSettings, type SettingSources, type SettingsFile } from './resolve-settings.js';
import type { ResolvedSettings } from './settings.js';
import { SettingsError } from './settings-error.js';
import { parseSettingsTree } from './yaml-tree.js';

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
  const { settings, origins, shown, secrets, notices, warnings } = resolution;
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
  const { flags, env } = surroundings;
  const [dotEnv, yaml] = await Promise.all([
    readSettingsFile(surroundings, envFileFlag.name, DEFAULT_ENV_FILE, readVariables),
    readSettingsFile(surroundings, configFlag.name, DEFAULT_CONFIG_FILE, parseSettingsTree),
  ]);
  return {
    value: { flags, env, dotEnv: dotEnv.value, yaml: yaml.value },
    problems: [...dotEnv.problems, ...yaml.problems],
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
  parse: (text: string) => { readonly content: Content } | { readonly failure: string },
): Promise<Loaded<SettingsFile<Content> | null>> {
  const named = flags[flag];
  const isNamed = typeof named === 'string' && named !== '';
  const file = isNamed ? named : defaultFile;
  const reading = await readTextFile(path.resolve(cwd, file));
  if ('failure' in reading && reading.isAbsent && !isNamed) return { value: null, problems: [] };
  const parsed = 'text' in reading ? parse(reading.text) : reading;
  if ('content' in parsed) return { value: { file, content: parsed.content }, problems: [] };
  const problem: Problem = { code: 'settings-file-unreadable', file, reason: parsed.failure };
  return { value: null, problems: [problem] };
}

function readVariables(text: string): { readonly content: Variables } {
  return { content: parseDotEnv(text) };
}
