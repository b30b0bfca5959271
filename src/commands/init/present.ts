import path from 'node:path';
import { readOnlyClient } from '../../port/watched-client.js';
import { type Problem, ProblemError } from '../../problems/problem.js';
import type { Runtime } from '../../runtime.js';
import { DEFAULT_CONFIG_FILE } from '../../settings/declarations/files.js';
import { readTextFile } from '../../settings/read-referenced.js';
import type { SettingsReading } from '../../settings/read-settings.js';
import { resolveSettings } from '../../settings/resolve-settings.js';
import type { IntegrationType } from '../../settings/settings.js';
import { parseSettingsTree } from '../../settings/yaml-tree.js';
import { findIntegration } from '../../stages/choose-mapping.js';
import { checkConnection, openCheck } from '../check/either-side.js';
import { openPort } from '../connections/port.js';
import type { InitOptions } from './init-options.js';
import { MAPPING_FILE } from './planned-files.js';

/** A settings file that is there already and stays as it is: what is written has to go with it. */
export interface PresentConfig {
  /** Null: it does not tell. */
  readonly type: IntegrationType | null;
  /** The mapping that it names, from its own folder; null: none, or one that it holds itself. */
  readonly mappingFile: string | null;
}

/**
 * What the settings file of a folder says for itself; null when there is none.
 * @throws ProblemError settings-file-unreadable: nothing can be written to go with it
 */
export async function presentConfig(folder: string, shown: string): Promise<PresentConfig | null> {
  const reading = await readTextFile(path.join(folder, DEFAULT_CONFIG_FILE));
  if ('failure' in reading && reading.isAbsent) return null;
  const parsed = 'text' in reading ? parseSettingsTree(reading.text) : reading;
  if ('failure' in parsed) {
    throw ProblemError.of({
      code: 'settings-file-unreadable',
      file: path.join(shown, DEFAULT_CONFIG_FILE),
      reason: parsed.failure,
    });
  }
  const yaml = { file: DEFAULT_CONFIG_FILE, content: parsed.content };
  const { type, mapping } = resolveSettings({ flags: {}, env: {}, dotEnv: null, yaml });
  return {
    type,
    mappingFile: mapping?.type === 'file' ? path.normalize(mapping.reference.file) : null,
  };
}

/**
 * A pipeline or a mapping for one Bitbucket beside the settings of the other would fail in its first run.
 * @throws ProblemError settings-contradict
 */
export function refuseOtherType(
  wanted: IntegrationType | null,
  present: PresentConfig | null,
  shown: string,
): void {
  const there = present?.type ?? null;
  if (wanted === null || there === null || wanted === there) return;
  const option = wanted === 'bitbucket-cloud' ? '--type cloud' : '--type server';
  const file = path.join(shown, DEFAULT_CONFIG_FILE);
  throw ProblemError.of({
    code: 'settings-contradict',
    spellings: [option, file],
    reason: `the file is there already, and for ${there}; leave out --type to write what goes with it, name another folder with --dir, or replace all of it with --force`,
  });
}

/** Whether Port keeps a mapping already. */
export type PortMapping =
  /** There are no credentials to ask with. */
  | { readonly status: 'unknown' }
  | { readonly status: 'none'; readonly identifier: string }
  | { readonly status: 'kept'; readonly identifier: string };

/**
 * Asks Port, where there are credentials.
 * @throws ProblemError when Port refuses them or does not answer: a mapping on the side would then
 *   win over one that was not seen
 */
export async function portMapping(
  runtime: Runtime,
  settings: SettingsReading,
  type: IntegrationType,
): Promise<PortMapping> {
  const { port, integration } = settings.parts;
  if (port === null) return { status: 'unknown' };
  const { isIdentifierChosen } = integration;
  const identifier = isIdentifierChosen ? integration.identifier : `my-${type}-integration`;
  const context = openCheck(runtime, settings, false, () => undefined);
  const options = checkConnection(context);
  const opened = openPort({
    ...options,
    settings: {
      ...options.settings,
      port,
      integration: { type, identifier, isIdentifierChosen },
    },
  });
  const client = readOnlyClient(opened);
  try {
    await client.authenticate();
    const record = await findIntegration(client, false, isIdentifierChosen, () => undefined);
    const isKept = record.status === 'found' && record.integration.config !== null;
    return { status: isKept ? 'kept' : 'none', identifier };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const [first, ...others] = error.problems;
    const subject = 'looking for a mapping in Port';
    const reason = 'init did nothing, as the pipeline may go on with that mapping';
    const remedy = 'To go on without Port, unset PORT_CLIENT_ID for this command';
    const wayOn: Problem = { code: 'best-effort-failed', subject, reason, remedy };
    throw new ProblemError([first, ...others, wayOn], { cause: error });
  } finally {
    context.control.release();
    await opened.close();
  }
}

/** Settings that are there decide which mapping is used; beside new ones it is one in Port, if any. */
export function hasMapping(
  mapping: PortMapping | PresentConfig,
  { wantsMapping }: Pick<InitOptions, 'wantsMapping'>,
): boolean {
  if (wantsMapping) return true;
  return 'status' in mapping ? mapping.status !== 'kept' : mapping.mappingFile === MAPPING_FILE;
}
