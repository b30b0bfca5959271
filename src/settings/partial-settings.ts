import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.js';
import type { Problem } from '../problems/problem.js';
import { bitbucketSettings } from './declarations/bitbucket.js';
import { refersToUndefined } from './layers/yaml.js';
import type { Layer } from './layers/layer.js';
import type { Variables } from './layers/environment.js';
import { addressedType } from './offline-settings.js';
import { readAuthorities, readMapping } from './read-referenced.js';
import { tryReadSources, type SettingSurroundings } from './read-settings.js';
import { SettingReader } from './reader.js';
import {
  layersOf,
  resolveParts,
  withoutPlatform,
  type SettingParts,
  type SettingSources,
} from './resolve-settings.js';
import type { PlainSettings, SettingFacts, Settings } from './settings.js';
import { MAPPING_KEY } from './yaml-tree.js';

type IntegrationType = PlainSettings['integration']['type'];

/** Settings as far as they are known, with everything that is missing or wrong. */
export interface PartialSettings extends SettingFacts {
  readonly parts: SettingParts;
  /** Null: nothing tells which Bitbucket is meant. */
  readonly type: IntegrationType | null;
  /** Null: nothing names one, or it cannot be read. */
  readonly mapping: Settings['mapping'];
  readonly isMappingNamed: boolean;
  readonly authorities: Settings['authorities'];
  /** Settings files that were read. */
  readonly files: readonly string[];
  readonly problems: readonly Problem[];
}

/**
 * Reads the settings of a command that makes do with half of them. Never throws.
 * @param isOffline nobody is going to be asked: what is missing is no problem, and neither is a
 *   reference to a variable that is not there
 */
export async function readPartialSettings(
  surroundings: SettingSurroundings,
  isOffline: boolean,
): Promise<PartialSettings> {
  const read = await tryReadSources(surroundings);
  const sources = isOffline ? withoutUndefined(read.value) : read.value;
  const { resolution, parts, layers } = resolveParts(sources);
  const { cwd } = surroundings;
  const mapping = await readMapping(resolution.mapping, cwd);
  const authorities = isOffline
    ? { value: [], problems: [] }
    : await readAuthorities(resolution.authorities, cwd);
  const problems = [
    ...read.problems,
    ...resolution.problems,
    ...mapping.problems,
    ...authorities.problems,
  ];
  // An address that is a reference tells the type all the same.
  const { layers: written } = layersOf(read.value, withoutPlatform(read.value.env).env);
  const type = typeIn(layers, written);
  return {
    parts: { ...parts, integration: integrationOf(parts, type) },
    type,
    mapping: mapping.value,
    isMappingNamed: resolution.mapping !== null,
    authorities: authorities.value,
    files: [sources.dotEnv, sources.yaml].flatMap((file) => (file === null ? [] : file.file)),
    problems: isOffline ? problems.filter(({ code }) => code !== 'setting-missing') : problems,
    origins: resolution.origins,
    shown: resolution.shown,
    secrets: resolution.secrets,
    oddLooks: resolution.oddLooks,
    notices: resolution.notices,
    warnings: resolution.warnings,
  };
}

function typeIn(layers: readonly Layer[], written: readonly Layer[]): IntegrationType | null {
  const type = new SettingReader(layers).find(bitbucketSettings.type);
  if (type.state === 'invalid') return null;
  return type.state === 'set' ? type.value : addressedType(written);
}

/** The usual identifier names the type, which may be known where the credentials are not. */
function integrationOf(
  { integration }: SettingParts,
  type: IntegrationType | null,
): PlainSettings['integration'] {
  if (type === null || integration.isIdentifierChosen) {
    return { ...integration, type: type ?? integration.type };
  }
  return { ...integration, type, identifier: `my-${type}-integration` };
}

/** The sources without the values in YAML that refer to what is not there. */
function withoutUndefined(sources: SettingSources): SettingSources {
  const { env, dotEnv, yaml } = sources;
  if (yaml === null) return sources;
  const content = pruned(yaml.content, { ...dotEnv?.content, ...env });
  return { ...sources, yaml: { ...yaml, content } };
}

function pruned(tree: JsonObject, variables: Variables): JsonObject {
  const entries = Object.entries(tree).flatMap(([key, value]): [string, JsonValue][] => {
    if (key === MAPPING_KEY && typeof value !== 'string') return [[key, value]];
    if (isJsonObject(value)) return [[key, pruned(value, variables)]];
    return refersToUndefined(value, variables) ? [] : [[key, value]];
  });
  return Object.fromEntries(entries);
}
