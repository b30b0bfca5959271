import type { JsonObject } from '../model/json.js';
import type { Problem } from '../problems/problem.js';
import type { FlagValues } from './declaration.js';
import { bitbucketSettings } from './declarations/bitbucket.js';
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
import { variableLayer, type Variables } from './layers/environment.js';
import { flagLayer, type Layer } from './layers/layer.js';
import { yamlLayer } from './layers/yaml.js';
import { SettingReader, valueOf } from './reader.js';
import { addressedType, resolveBitbucket } from './resolve-bitbucket.js';
import {
  resolveJq,
  resolveNetwork,
  resolveOutput,
  resolvePort,
  resolveReports,
  resolveSync,
  resolveWebhooks,
} from './resolve-run.js';
import type {
  FileReference,
  IntegrationType,
  MappingReference,
  OutputSettings,
  PlainSettings,
  SettingFacts,
  SettingParts,
} from './settings.js';
import { shownSettings } from './shown-settings.js';
import { type Origin, type SettingsFile, spelledOut } from './spelling.js';
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
  /** Numbers of lines of the `.env` file that set nothing and are no comment. */
  readonly unassigned?: readonly number[];
  /** The working directory; without it, files with relative names alone count as of it. */
  readonly cwd?: string;
  /** Single values are the texts that were written; `mapping` is as YAML types it. */
  readonly yaml: SettingsFile<JsonObject> | null;
}

/** A part of the settings that a command may look at without the others. */
type Part = keyof PlainSettings | 'type' | 'mapping' | 'authorities';

/** What a command needs of the settings. */
export interface SettingsUse {
  /**
   * Nobody is going to be asked: what is missing is no problem, and neither is a reference to a
   * variable that is not there.
   */
  readonly isOffline?: boolean;
  /** Whether it makes webhooks: what is wrong with their settings is told to nobody else. */
  readonly makesWebhooks?: boolean;
  /** The parts that it looks at, which alone is told of; absent: all. */
  readonly parts?: readonly Part[];
}

/** What the sources add up to, whole or not. */
export interface Resolution extends SettingFacts {
  readonly parts: SettingParts;
  /** Null when there are problems. */
  readonly settings: PlainSettings | null;
  /** Which Bitbucket is meant, which may be known where its credentials are not; null: nothing tells. */
  readonly type: IntegrationType | null;
  readonly mapping: MappingReference | null;
  readonly authorities: readonly FileReference[];
  /** All at once. */
  readonly problems: readonly Problem[];
}

/**
 * Settings from all their sources: flag, then environment, then `.env` file, then YAML, then
 * default. Pure: reads no file and no global.
 */
export function resolveSettings(sources: SettingSources, use: SettingsUse = {}): Resolution {
  const { isOffline = false } = use;
  const { env, platformWorkspace } = withoutPlatform(sources.env);
  const { layers: written, ...inSources } = layersOf(sources, env);
  const layers = isOffline ? written.map(withoutUndefined) : written;
  const reader = new SettingReader(layers);
  const unheard = new SettingReader(layers);
  const of = (part: Part): SettingReader =>
    use.parts?.includes(part) === false ? unheard : reader;

  const port = resolvePort(of('port'));
  const identifier = of('integration').read(integrationSettings.identifier);
  const found = of('type').find(bitbucketSettings.type);
  // An address that is a reference tells the type all the same.
  const type = found.state === 'unset' ? addressedType(new SettingReader(written)) : valueOf(found);
  const bitbucket = resolveBitbucket(of('bitbucket'), found, platformWorkspace);
  const parts: SettingParts = {
    port,
    bitbucket,
    integration: integrationOf(type ?? 'bitbucket-server', identifier),
    initializePortResources: of('initializePortResources').read(
      integrationSettings.initializePortResources,
    ),
    sendRawDataExamples: of('sendRawDataExamples').read(integrationSettings.sendRawDataExamples),
    sync: resolveSync(of('sync'), bitbucket === null ? null : type),
    webhooks: resolveWebhooks(use.makesWebhooks === true ? reader : unheard),
    network: resolveNetwork(of('network')),
    jq: resolveJq(of('jq')),
    output: resolveOutput(of('output')),
    reports: resolveReports(of('reports')),
  };
  const mapping = resolveMapping(of('mapping'));
  const authorities = readAuthorities(of('authorities'));
  const problems = [...inSources.problems, ...reader.problems].filter(
    ({ code }) => !isOffline || code !== 'setting-missing',
  );
  return {
    parts,
    settings: problems.length === 0 ? whole(parts) : null,
    type,
    mapping,
    authorities,
    problems,
    origins: reader.origins,
    shown: shownSettings(layers, reader.origins),
    secrets: secretsIn(layers),
    oddLooks: oddLooks(layers, sources.cutShort ?? new Set()),
    notices: [
      ...reader.notices,
      ...(use.parts === undefined
        ? [...noticesOf(sources, env, layers), ...inSources.notices]
        : []),
    ],
    warnings: reader.warnings,
  };
}

/** How to tell a failure, and what is not to be told. Looks at nothing else: that may be what failed. */
export function resolveTelling(sources: SettingSources): {
  readonly output: OutputSettings;
  readonly secrets: readonly string[];
} {
  const { layers } = layersOf(sources, sources.env);
  return { output: resolveOutput(new SettingReader(layers)), secrets: secretsIn(layers) };
}

/** Sentences about the sources as a whole. */
function noticesOf(
  { dotEnv, unassigned = [], cwd }: SettingSources,
  env: Variables,
  layers: readonly Layer[],
): readonly string[] {
  return [
    ...noticesOfMoved(layers, cwd),
    ...noticesOfMeaningless(layers),
    ...noticesOfUnknown(env, null),
    ...(dotEnv === null
      ? []
      : [
          ...unassigned.map(
            (line) => `${dotEnv.file}:${line}: this line is no NAME=value and not used`,
          ),
          ...noticesOfUnknown(dotEnv.content, dotEnv.file),
        ]),
  ];
}

function whole({ port, bitbucket, ...rest }: SettingParts): PlainSettings | null {
  return port === null || bitbucket === null ? null : { port, bitbucket, ...rest };
}

function integrationOf(
  type: IntegrationType,
  identifier: string | null,
): PlainSettings['integration'] {
  return {
    type,
    identifier: identifier ?? `my-${type}-integration`,
    isIdentifierChosen: identifier !== null,
  };
}

/** The layer without values that refer to variables which nothing defines. */
function withoutUndefined(layer: Layer): Layer {
  return {
    ...layer,
    candidates: (setting) =>
      layer.candidates(setting).filter(({ refersToUndefined }) => refersToUndefined !== true),
  };
}

/**
 * Bitbucket Pipelines sets BITBUCKET_WORKSPACE in each of its builds (and BITBUCKET_BUILD_NUMBER,
 * which gives it away). There the variable is no word of the user's.
 */
function withoutPlatform(env: Variables): {
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

/**
 * The layers of the sources, the strongest first, with what is wrong with their shape and sentences
 * about keys in variables that no setting has.
 * @param env without what the platform sets
 */
function layersOf({ flags, env: whole, dotEnv, yaml, contents }: SettingSources, env: Variables) {
  const variables = [
    variableLayer(env, null, contents?.env),
    ...(dotEnv === null ? [] : [variableLayer(dotEnv.content, dotEnv, contents?.dotEnv)]),
  ];
  const layers: readonly Layer[] = [flagLayer(flags), ...variables];
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

/** Where the mapping is; null: nothing names one. */
function resolveMapping(reader: SettingReader): MappingReference | null {
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
