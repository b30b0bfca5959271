import type { JsonObject } from '../model/json.js';
import type { Problem } from '../problems/problem.js';
import { integrationSettings } from './declarations/integration.js';
import { networkSettings } from './declarations/network.js';
import {
  noticesOfMeaningless,
  noticesOfMoved,
  noticesOfUnknown,
  oddLooks,
  secretsIn,
  unknownInWords,
} from './facts.js';
import type { FlagValues } from './declaration.js';
import { variableLayer, type Variables } from './layers/environment.js';
import { flagLayer, type Layer } from './layers/layer.js';
import { yamlLayer } from './layers/yaml.js';
import { type Origin, type SettingsFile, spelledOut } from './spelling.js';
import { SettingReader } from './reader.js';
import { resolveBitbucket } from './resolve-bitbucket.js';
import {
  resolveNetwork,
  resolveOutput,
  resolvePort,
  resolveReports,
  resolveSync,
  resolveJq,
} from './resolve-run.js';
import type { FileReference, MappingReference, PlainSettings, SettingFacts } from './settings.js';
import { shownSettings } from './shown-settings.js';
import { problemsOfTree, takeApart } from './yaml-tree.js';

/** Everything that settings come from, without any reading left to do. */
export interface SettingSources {
  readonly flags: FlagValues;
  readonly env: Variables;
  readonly dotEnv: SettingsFile<Variables> | null;
  /** Texts of the files that variables such as PORT_CLIENT_SECRET_FILE name, by these. */
  readonly contents?: { readonly env: Variables; readonly dotEnv: Variables };
  /** Variables of the `.env` file whose values an unquoted `#` cut short. */
  readonly cutShort?: ReadonlySet<string>;
  /** The working directory; without it, files with relative names alone count as of it. */
  readonly cwd?: string;
  /** Single values are the texts that were written; `mapping` is as YAML types it. */
  readonly yaml: SettingsFile<JsonObject> | null;
}

/** What the sources add up to. */
export interface Resolution extends SettingFacts {
  /** All at once. */
  readonly problems: readonly Problem[];
  /** Null when there are problems. */
  readonly settings: PlainSettings | null;
  readonly mapping: MappingReference | null;
  readonly authorities: readonly FileReference[];
}

/** Settings as far as they are known: null where something is missing or wrong. */
export interface SettingParts extends Omit<PlainSettings, 'port' | 'bitbucket'> {
  readonly port: PlainSettings['port'] | null;
  readonly bitbucket: PlainSettings['bitbucket'] | null;
}

/** What the sources add up to, whole or not. */
export interface PartialResolution {
  readonly resolution: Resolution;
  readonly parts: SettingParts;
  /** The strongest first. */
  readonly layers: readonly Layer[];
}

/**
 * Settings from all their sources: flag, then environment, then `.env` file, then YAML, then
 * default. Pure: reads no file and no global.
 */
export function resolveSettings(sources: SettingSources): Resolution {
  return resolveParts(sources).resolution;
}

/** The same, with what can be told in spite of problems. */
export function resolveParts(sources: SettingSources): PartialResolution {
  const { env, platformWorkspace } = withoutPlatform(sources.env);
  const { layers, problems, notices } = layersOf(sources, env);
  const reader = new SettingReader(layers);
  const warnings: Problem[] = [];
  const parts = readPlain(reader, platformWorkspace, warnings);
  const mapping = resolveMapping(reader);
  const authorities = readAuthorities(reader);
  const all = [...problems, ...reader.problems];
  const resolution = {
    problems: all,
    settings: all.length === 0 ? whole(parts) : null,
    mapping,
    authorities,
    origins: reader.origins,
    shown: shownSettings(layers, reader.origins),
    secrets: secretsIn(layers),
    oddLooks: oddLooks(layers, sources.cutShort ?? new Set()),
    notices: [
      ...reader.notices,
      ...noticesOfMoved(reader, sources.cwd),
      ...noticesOfMeaningless(layers),
      ...noticesOfUnknown(env, null),
      ...(sources.dotEnv === null
        ? []
        : noticesOfUnknown(sources.dotEnv.content, sources.dotEnv.file)),
      ...notices,
    ],
    warnings,
  };
  return { resolution, parts, layers };
}

function whole({ port, bitbucket, ...rest }: SettingParts): PlainSettings | null {
  return port === null || bitbucket === null ? null : { port, bitbucket, ...rest };
}

/**
 * Bitbucket Pipelines sets BITBUCKET_WORKSPACE in each of its builds (and BITBUCKET_BUILD_NUMBER,
 * which gives it away). There the variable is no word of the user's.
 */
export function withoutPlatform(env: Variables): {
  readonly env: Variables;
  readonly platformWorkspace: string | null;
} {
  const { BITBUCKET_BUILD_NUMBER: build = '', BITBUCKET_WORKSPACE: platformWorkspace } = env;
  if (build === '') return { env, platformWorkspace: null };
  return {
    env: { ...env, BITBUCKET_WORKSPACE: undefined },
    platformWorkspace: platformWorkspace ?? null,
  };
}

/** The layers of the sources. */
export interface Layers {
  /** The strongest first. */
  readonly layers: readonly Layer[];
  /** What is wrong with their shape. */
  readonly problems: readonly Problem[];
  /** Sentences about keys in variables that no setting has. */
  readonly notices: readonly string[];
}

/** The layers of the sources, the strongest first. `env`: without what the platform sets. */
export function layersOf(
  { flags, env: whole, dotEnv, yaml, contents }: SettingSources,
  env: Variables,
): Layers {
  const variables = [
    variableLayer(env, null, contents?.env),
    ...(dotEnv === null ? [] : [variableLayer(dotEnv.content, dotEnv, contents?.dotEnv)]),
  ];
  const layers = [flagLayer(flags), ...variables];
  const problems = variables.flatMap((layer) => layer.problems);
  const notices = variables.flatMap(({ unknown }) => unknown.map(unknownInWords));
  if (yaml === null) return { layers, problems, notices };
  const tree = takeApart(yaml.content);
  // What the platform sets is good for ${VAR} all the same: there the user names it.
  const values = { ...dotEnv?.content, ...withoutEmpty(whole) };
  return {
    layers: [...layers, yamlLayer(tree.leaves, yaml, values)],
    problems: [...problems, ...problemsOfTree(tree, yaml.file, yaml.locate ?? (() => null))],
    notices,
  };
}

/** A variable that is there and empty hides none of the `.env` file. */
function withoutEmpty(variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
}

function readPlain(
  reader: SettingReader,
  platformWorkspace: string | null,
  warnings: Problem[],
): SettingParts {
  const port = resolvePort(reader);
  const identifier = reader.read(integrationSettings.identifier);
  const bitbucket = resolveBitbucket(reader, platformWorkspace, warnings);
  const type = bitbucket?.type === 'cloud' ? 'bitbucket-cloud' : 'bitbucket-server';
  return {
    port,
    bitbucket,
    integration: {
      type,
      identifier: identifier ?? `my-${type}-integration`,
      isIdentifierChosen: identifier !== null,
    },
    initializePortResources: reader.read(integrationSettings.initializePortResources),
    sendRawDataExamples: reader.read(integrationSettings.sendRawDataExamples),
    sync: resolveSync(reader, bitbucket === null ? null : type),
    network: resolveNetwork(reader, warnings),
    jq: resolveJq(reader),
    output: resolveOutput(reader),
    reports: resolveReports(reader),
  };
}

/** Where the mapping is; null: nothing names one. */
export function resolveMapping(reader: SettingReader): MappingReference | null {
  const mapping = reader.find(integrationSettings.mapping);
  if (mapping.state !== 'set') return null;
  const { value, origin } = mapping;
  return typeof value === 'string'
    ? { type: 'file', reference: fileReference(value, origin) }
    : { type: 'inline', document: { origin: spelledOut(origin), value }, file: origin.file };
}

function readAuthorities(reader: SettingReader): readonly FileReference[] {
  const { caFile, sslCertFile, nodeExtraCaCerts } = networkSettings;
  return [caFile, sslCertFile, nodeExtraCaCerts].flatMap((setting) => {
    const finding = reader.find(setting);
    return finding.state === 'set' ? [fileReference(finding.value, finding.origin)] : [];
  });
}

function fileReference(file: string, origin: Origin): FileReference {
  return {
    file,
    spelling: spelledOut(origin),
    relativeTo: origin.layer === 'yaml' ? origin.file : null,
  };
}
