import path from 'node:path';
import { ProblemError } from '../../problems/problem.js';
import { DEFAULT_CONFIG_FILE } from '../../settings/declarations/files.js';
import { readTextFile } from '../../settings/read-referenced.js';
import { resolveSettings } from '../../settings/resolve-settings.js';
import { parseSettingsTree } from '../../settings/yaml-tree.js';
import type { IntegrationType } from './init-options.js';

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
