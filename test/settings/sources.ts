import type { Problem } from '../../src/problems/problem.js';
import type { FlagValues } from '../../src/settings/declaration.js';
import {
  resolveSettings,
  type Resolution,
  type SettingSources,
  type SettingsUse,
} from '../../src/settings/resolve-settings.js';
import type { PlainSettings } from '../../src/settings/settings.js';
import { parseSettingsTree } from '../../src/settings/yaml-tree.js';

/** What a test changes about settings that are otherwise complete. Undefined takes a variable away. */
export interface Changes {
  readonly flags?: FlagValues;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly dotEnv?: Readonly<Record<string, string>>;
  readonly yaml?: string;
}

/** The fewest variables that a run over Data Center needs. */
export const COMPLETE_ENV = {
  PORT_CLIENT_ID: 'id-of-port-client',
  PORT_CLIENT_SECRET: 'secret-of-port-client',
  BITBUCKET_BASE_URL: 'https://bitbucket.example.com',
  BITBUCKET_TOKEN: 'token-of-bitbucket',
};

/** Nothing is set but what the test sets. */
export function resolveOnly(
  { flags = {}, env = {}, dotEnv, yaml }: Changes,
  use: SettingsUse = {},
): Resolution {
  const sources: SettingSources = {
    flags,
    env,
    dotEnv: dotEnv === undefined ? null : { file: '.env', content: dotEnv },
    yaml: yaml === undefined ? null : { file: 'bitbucket-port.yml', content: treeOf(yaml) },
  };
  return resolveSettings(sources, use);
}

/** Complete settings with the test's changes. */
export function resolveWith(changes: Changes = {}, use: SettingsUse = {}): Resolution {
  return resolveOnly({ ...changes, env: { ...COMPLETE_ENV, ...changes.env } }, use);
}

/** The settings, which must be without problems. */
export function settingsOf(resolution: Resolution): PlainSettings {
  if (resolution.settings === null) {
    throw new Error(`problems: ${JSON.stringify(resolution.problems)}`);
  }
  return resolution.settings;
}

/** The problems that complete settings have after the test's changes. */
export function problemsWith(changes: Changes): readonly Problem[] {
  return resolveWith(changes).problems;
}

function treeOf(yaml: string) {
  const parsed = parseSettingsTree(yaml);
  if ('failure' in parsed) throw new Error(parsed.failure);
  return parsed.content;
}
