import { describe, expect, it } from '@jest/globals';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/model/json.js';
import type { SettingDeclaration } from '../../src/settings/declaration.js';
import { allSettings } from '../../src/settings/declarations/index.js';
import { flagLayer, type Layer } from '../../src/settings/layers/layer.js';
import { variableLayer } from '../../src/settings/layers/environment.js';
import { yamlLayer } from '../../src/settings/layers/yaml.js';
import { SettingReader } from '../../src/settings/reader.js';
import { oceanVariable, snakeCase } from '../../src/settings/spelling.js';
import { takeApart } from '../../src/settings/yaml-tree.js';

/** A value for each setting that is not its default. */
const SAMPLES: Readonly<Record<string, string>> = {
  'port.clientId': 'id',
  'port.clientSecret': 'secret',
  'port.baseUrl': 'https://api.us.getport.io',
  'port.region': 'us',
  'integration.identifier': 'mine',
  'integration.type': 'bitbucket-cloud',
  initializePortResources: 'false',
  sendRawDataExamples: 'false',
  mapping: 'mapping.yml',
  'integration.config.bitbucketUsername': 'ann',
  'integration.config.bitbucketBaseUrl': 'https://bitbucket.example.com',
  'integration.secrets.bitbucketPassword': 'hunter2',
  'integration.secrets.bitbucketToken': 'token',
  'integration.config.bitbucketRateLimitQuota': '10',
  'integration.config.bitbucketRateLimitWindow': '60',
  projects: 'PAY',
  pullRequestState: 'ALL',
  'integration.config.bitbucketWorkspace': 'acme',
  'integration.config.bitbucketHostUrl': 'https://proxy.example.com/2.0',
  'integration.secrets.bitbucketWorkspaceToken': 'token',
  'integration.config.bitbucketUserEmail': 'ann@example.com',
  'integration.secrets.bitbucketUserScopedToken': 'token',
  'integration.secrets.bitbucketAppPassword': 'hunter2',
  'integration.secrets.bitbucketWebhookSecret': 'a secret of a webhook',
  'integration.config.bitbucketIsVersion8Point7OrOlder': 'true',
  'sync.concurrency': '3',
  'sync.timeout': '25m',
  'sync.maxStale': '12h',
  'sync.delete': 'false',
  'sync.deletionThreshold': '0.5',
  'sync.deleteOnly': 'service',
  approve: '25@2026-11-30',
  'sync.allowCascade': 'true',
  'sync.maxRequests': '500',
  'sync.requestReserve': '0.2',
  'sync.kinds': 'project',
  'sync.reportToPort': 'false',
  'sync.enrich': '[]',
  'sync.allowRequests': 'rest/api/latest/projects/*/hooks',
  'sync.requestTimeout': '5',
  'sync.retries': '1',
  'sync.jqTimeout': '1',
  'sync.jqPath': '/usr/bin/jq',
  'sync.caFile': 'ca.pem',
  sslCertFile: 'ca.pem',
  nodeExtraCaCerts: 'ca.pem',
  httpsProxy: 'http://proxy:1',
  httpProxy: 'http://proxy:1',
  allProxy: 'http://proxy:1',
  noProxy: 'localhost',
  'ssl.port.verify': 'false',
  'ssl.thirdParty.verify': 'false',
  logLevel: 'debug',
  quiet: 'true',
  logFormat: 'json',
  'sync.strict': 'true',
  'sync.reportFile': 'report.json',
  'sync.summaryFile': 'summary.md',
};

function sampleOf({ name }: SettingDeclaration<unknown>): string {
  const sample = SAMPLES[name];
  if (sample === undefined) throw new Error(`the test has no sample for ${name}`);
  return sample;
}

/** The setting's parsed value when only this layer exists. */
function readFrom(layer: Layer, declaration: SettingDeclaration<unknown>) {
  const reader = new SettingReader([layer]);
  const value = reader.read(declaration);
  expect(reader.problems).toEqual([]);
  return { value, origin: reader.origins.get(declaration.name) };
}

function parsedSample(declaration: SettingDeclaration<unknown>): unknown {
  const value = declaration.schema.parse(sampleOf(declaration));
  expect(value).not.toEqual(declaration.default);
  return value;
}

function treeWith(key: string, value: string): JsonObject {
  const tree = key
    .split('.')
    .reduceRight<JsonValue>((below, name) => Object.fromEntries([[name, below]]), value);
  if (!isJsonObject(tree)) throw new Error('a key has at least one part');
  return tree;
}

const variables = allSettings.flatMap((declaration) =>
  [...declaration.variables, ...declaration.keys.map(oceanVariable)].map(
    (variable) => [variable, declaration] as const,
  ),
);
const keys = allSettings.flatMap((declaration) =>
  [...declaration.keys, ...declaration.pastedKeys].flatMap((key) =>
    [
      key,
      key
        .split('.')
        .map((part) => snakeCase(part).toLowerCase())
        .join('.'),
    ].map((written) => [written, declaration] as const),
  ),
);
const flags = allSettings.flatMap((declaration) =>
  declaration.flag === null ? [] : [[declaration.flag, declaration] as const],
);

describe('every spelling of every setting', () => {
  it.each(variables)('%s', (variable, declaration) => {
    const layer = variableLayer({ [variable]: sampleOf(declaration) }, null);
    expect(readFrom(layer, declaration)).toEqual({
      value: parsedSample(declaration),
      origin: { layer: 'environment', spelling: variable, file: null },
    });
  });

  it.each(variables.filter(([variable]) => variable.startsWith('OCEAN__')))(
    '%s in lower case',
    (variable, declaration) => {
      const layer = variableLayer({ [variable.toLowerCase()]: sampleOf(declaration) }, null);
      expect(readFrom(layer, declaration).value).toEqual(parsedSample(declaration));
    },
  );

  it.each(keys)('%s in YAML', (key, declaration) => {
    const tree = treeWith(key, sampleOf(declaration));
    const { leaves, faults } = takeApart(tree);
    expect(faults).toEqual([]);
    expect(readFrom(yamlLayer(leaves, { file: 'port.yml' }, {}), declaration)).toEqual({
      value: parsedSample(declaration),
      origin: { layer: 'yaml', spelling: key, file: 'port.yml' },
    });
  });

  it.each(flags)('$name', (flag, declaration) => {
    const given = flag.argument === null ? true : sampleOf(declaration);
    const layer = flagLayer({ [flag.name]: given });
    expect(readFrom(layer, declaration)).toEqual({
      value: parsedSample(declaration),
      origin: { layer: 'flag', spelling: flag.name, file: null },
    });
  });

  it('belongs to one setting only', () => {
    const all = [...variables, ...keys].map(([spelling]) => spelling);
    const ofOne = allSettings.flatMap((declaration) => [
      ...new Set(
        [...variables, ...keys].filter(([, one]) => one === declaration).map(([name]) => name),
      ),
    ]);
    expect(new Set(all).size).toBe(ofOne.length);
    expect(new Set(allSettings.map(({ name }) => name)).size).toBe(allSettings.length);
  });

  it('is no flag where the setting is a secret', () => {
    const secrets = allSettings.filter(({ secret }) => secret !== null);
    expect(secrets.length).toBeGreaterThan(5);
    expect(secrets.filter(({ flag }) => flag !== null)).toEqual([]);
  });
});

describe('snake case', () => {
  it.each([
    ['clientId', 'CLIENT_ID'],
    ['thirdParty', 'THIRD_PARTY'],
    ['bitbucketIsVersion8Point7OrOlder', 'BITBUCKET_IS_VERSION_8_POINT_7_OR_OLDER'],
  ])('of %s is that of the container', (name, expected) => {
    expect(snakeCase(name)).toBe(expected);
  });
});
