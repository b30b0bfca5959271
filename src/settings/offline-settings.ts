import { bitbucketSettings } from './declarations/bitbucket.js';
import { cloudSettings } from './declarations/bitbucket-cloud.js';
import { serverSettings } from './declarations/bitbucket-server.js';
import { outputSettings } from './declarations/output.js';
import { secretsIn } from './facts.js';
import type { Layer } from './layers/layer.js';
import { shownSettings, type ShownSetting } from './shown-settings.js';
import { SettingReader } from './reader.js';
import { readMapping } from './read-referenced.js';
import { readSources, refuse, type SettingSurroundings } from './read-settings.js';
import { resolveOutput, resolveJq } from './resolve-run.js';
import { layersOf, resolveMapping, withoutPlatform } from './resolve-settings.js';
import type { MappingDocument, OutputSettings, PlainSettings } from './settings.js';

/** The settings of a command that asks neither Bitbucket nor Port. */
export interface OfflineSettings {
  /** Null: nothing tells which Bitbucket is meant. */
  readonly type: PlainSettings['integration']['type'] | null;
  /** Null: nothing names one. */
  readonly mapping: MappingDocument | null;
  readonly jq: PlainSettings['jq'];
  readonly output: OutputSettings;
  /** Whether warnings make the exit code 4. */
  readonly strict: boolean;
  /** Every secret that any layer holds: for redaction and nothing else. */
  readonly secrets: readonly string[];
  readonly notices: readonly string[];
  readonly shown: readonly ShownSetting[];
}

/**
 * Reads what little such a command needs. Nothing is missing: no credentials, no addresses.
 * @throws SettingsError with every problem at once
 */
export async function readOfflineSettings(
  surroundings: SettingSurroundings,
): Promise<OfflineSettings> {
  const sources = await readSources(surroundings);
  const { layers, problems } = layersOf(sources, withoutPlatform(sources.env).env);
  const reader = new SettingReader(layers);
  const type = reader.find(bitbucketSettings.type);
  const jq = resolveJq(reader);
  const output = resolveOutput(reader);
  const strict = reader.read(outputSettings.strict);
  const mapping = await readMapping(resolveMapping(reader), surroundings.cwd);
  refuse([...problems, ...reader.problems, ...mapping.problems], reader.notices);
  return {
    type: type.state === 'set' ? type.value : addressedType(layers),
    mapping: mapping.value,
    jq,
    output,
    strict,
    secrets: secretsIn(layers),
    notices: reader.notices,
    shown: shownSettings(layers, reader.origins),
  };
}

/** The type whose address is set. What is wrong with an address that nobody is asked at is no matter. */
export function addressedType(layers: readonly Layer[]): OfflineSettings['type'] {
  const reader = new SettingReader(layers);
  const hasBaseUrl = reader.whereSet(serverSettings.baseUrl) !== null;
  const hasWorkspace = reader.whereSet(cloudSettings.workspace) !== null;
  if (hasBaseUrl === hasWorkspace) return null;
  return hasBaseUrl ? 'bitbucket-server' : 'bitbucket-cloud';
}
