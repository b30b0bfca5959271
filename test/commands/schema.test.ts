import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { z } from 'zod';
import { configFile } from '../../src/commands/init/config-file.js';
import { mappingFile } from '../../src/commands/init/mapping-file.js';
import { DEFAULTS } from '../../src/defaults/index.js';
import { isJsonObject, type JsonValue } from '../../src/model/json.js';
import { run } from '../../src/run.js';
import { cloudKinds } from '../../src/source/cloud/kinds/index.js';
import { serverKinds } from '../../src/source/server/kinds/index.js';
import { allSettings } from '../../src/settings/declarations/index.js';
import { snakeCase } from '../../src/settings/spelling.js';
import { parseSettingsTree, takeApart } from '../../src/settings/yaml-tree.js';
import {
  filledIn,
  HELM_VALUES,
  KUBERNETES_VALUES,
  WORKFLOW_EXPRESSION,
  WORKFLOW_INPUTS,
} from '../settings/container-files.js';
import { aRuntime } from '../world/a-runtime.js';

type Name = 'config' | 'mapping' | 'report';
const schemaOf = z.record(z.string(), z.json());

async function printed(name: Name): Promise<Record<string, JsonValue>> {
  const runtime = aRuntime({ argv: ['schema', name] });
  expect(await run(runtime)).toBe(0);
  return schemaOf.parse(JSON.parse(runtime.written.stdout));
}

type Validator = (value: unknown) => boolean;

const validators = new Map<Name, Promise<Validator>>();

/** Compiled once for all tests: it takes most of their time. */
function validator(name: Name): Promise<Validator> {
  const made = validators.get(name) ?? compiled(name);
  validators.set(name, made);
  return made;
}

async function compiled(name: Name): Promise<Validator> {
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, strictTypes: true });
  addFormats.default(ajv);
  const validate = ajv.compile(await printed(name));
  return (value) => validate(value);
}

const TYPES = ['bitbucket-cloud', 'bitbucket-server'] as const;

describe('schema', () => {
  it.each(['config', 'mapping', 'report'] as const)(
    'prints draft 2020-12 for %s, which a validator takes in strict mode',
    async (name) => {
      expect((await printed(name)).$schema).toBe('https://json-schema.org/draft/2020-12/schema');
      await expect(validator(name)).resolves.toBeInstanceOf(Function);
    },
  );
});

describe('schema config', () => {
  it.each(TYPES)('takes the file that init writes for %s', async (type) => {
    const validate = await validator('config');
    const known = new Map<string, string>();
    const facts = { type, identifier: 'ours', known, mapping: 'mapping.yml', schema: './x.json' };
    expect(validate(parse(configFile(facts)))).toBe(true);
    expect(validate(parse(configFile({ ...facts, identifier: null, mapping: null })))).toBe(true);
  });

  it.each([
    [
      'the values of the Helm chart',
      `
initializePortResources: true
scheduledResyncInterval: 120
sendRawDataExamples: true
resources: { limits: { cpu: 1 } }
integration:
  identifier: my-ocean-bitbucket-server-integration
  type: bitbucket-server
  eventListener: { type: POLLING }
  config:
    bitbucketBaseUrl: https://bitbucket.example.com
    bitbucketUsername: ann
    bitbucketIsVersion8Point7OrOlder: false
  secrets:
    bitbucketPassword: hunter2
    bitbucketWebhookSecret: hook
port: { clientId: id, clientSecret: secret, baseUrl: 'https://api.getport.io' }
`,
    ],
    [
      'what a pipeline of the container holds',
      'type: bitbucket-cloud\nidentifier: x\nconfig: |\n  bitbucketWorkspace: acme\n',
    ],
    ['references to variables', 'sync: { timeout: "${LIMIT}" }\nport: { clientId: "${ID}" }\n'],
    ['empty keys', 'port:\nsync:\n  timeout:\n'],
    ['a mapping in place', `mapping: ${JSON.stringify(DEFAULTS['bitbucket-cloud'].mapping)}\n`],
    ['the values of the Helm chart with their placeholders', HELM_VALUES],
    ['the values of the Helm chart, filled in', filledIn(HELM_VALUES)],
    ['what Kubernetes is told', KUBERNETES_VALUES],
    ['expressions of GitHub', WORKFLOW_EXPRESSION],
    ...WORKFLOW_INPUTS.map(([how, text]) => [`the inputs of the GitHub action ${how}`, text]),
    ['snake_case below branches', 'integration: { config: { bitbucket_base_url: "https://b" } }\n'],
    ['upper case', 'PORT: { CLIENT_ID: id }\nLOG_LEVEL: INFO\nsync: { delete: "FALSE" }\n'],
    ['words in any case', 'logLevel: Warning\nintegration: { type: Bitbucket-Cloud }\n'],
    ['what Azure left as it is', 'initializePortResources: $(INITIALIZE_PORT_RESOURCES)\n'],
    ['numbers as texts', 'sync: { concurrency: "8", deletionThreshold: 0.5, kinds: [project] }\n'],
  ])('takes %s, as the reader does', async (_what, text) => {
    expect((await validator('config'))(parse(text))).toBe(true);
    const tree = parseSettingsTree(text);
    if ('failure' in tree) throw new Error(tree.failure);
    expect(takeApart(tree.content).faults).toEqual([]);
  });

  it.each([
    ['an unknown key', 'sync: { timeuot: 25m }'],
    ['an unknown key in snake case', 'sync: { time_uot: 25m }'],
    ['a level that there is not', 'log_level: LOUD'],
    ['an unknown branch', 'ports: { clientId: x }'],
    ['a time that is none', 'sync: { timeout: soon }'],
    ['a number out of bounds', 'sync: { concurrency: 0 }'],
    ['a share above 1', 'sync: { deletionThreshold: 1.5 }'],
    ['a type that there is not', 'integration: { type: github }'],
    ['a mapping that is none', 'mapping: { resources: [] }'],
    ['something else to enrich', 'sync: { enrich: [license] }'],
    ['a list where keys belong', 'port: [1]'],
  ])('refuses %s', async (_what, text) => {
    expect((await validator('config'))(parse(text))).toBe(false);
  });

  it.each(allSettings.flatMap(({ keys, pastedKeys }) => [...keys, ...pastedKeys]))(
    'takes %s in each way to write it',
    async (key) => {
      const validate = await validator('config');
      const written = (segments: readonly string[]): unknown =>
        segments.reduceRight<unknown>((value, segment) => ({ [segment]: value }), null);
      const segments = key.split('.');
      const snake = segments.map(snakeCase);
      expect(validate(written(segments))).toBe(true);
      expect(validate(written(snake))).toBe(true);
      expect(validate(written(snake.map((name) => name.toLowerCase())))).toBe(true);
    },
  );

  it('describes every setting', async () => {
    const missing: string[] = [];
    const walk = (value: JsonValue | undefined, path: string): void => {
      if (!isJsonObject(value) || !isJsonObject(value.properties)) return;
      for (const [name, member] of Object.entries(value.properties)) {
        const isBranch = isJsonObject(member) && isJsonObject(member.properties);
        if (isBranch) walk(member, `${path}${name}.`);
        else if (!isJsonObject(member) || !('description' in member)) missing.push(path + name);
      }
    };
    walk(await printed('config'), '');
    expect(missing).toEqual([]);
  });
});

describe('schema mapping', () => {
  it.each(TYPES)('takes the built-in mapping of %s and the one that init writes', async (type) => {
    const validate = await validator('mapping');
    expect(validate(DEFAULTS[type].mapping)).toBe(true);
    expect(validate(parse(mappingFile(type, './x.json')))).toBe(true);
  });

  const entity = { identifier: '.key', blueprint: '"project"' };
  const one = (change: object): object => ({
    resources: [{ kind: 'project', port: { entity: { mappings: entity } }, ...change }],
  });
  const selecting = (kind: string, selector: JsonValue): object => one({ kind, selector });

  it.each<[string, unknown]>([
    ['a resource without a selector', one({})],
    ['an empty selector', selecting('project', null)],
    ['projects of Data Center', selecting('repository', { projects: ['PAY'] })],
    ['files of Cloud', selecting('repository', { includedFiles: ['README.md'] })],
    ['a state', selecting('pull-request', { state: 'ALL' })],
    ['folders', selecting('folder', { query: 'true', folders: [{ path: '*', repos: ['api'] }] })],
    ['files', selecting('file', { files: { filenames: ['package.json'] } })],
    [
      'a search query',
      one({
        port: {
          entity: {
            mappings: [
              {
                ...entity,
                relations: {
                  owner: {
                    combinator: '"and"',
                    rules: [{ property: '"name"', operator: '"="', value: '.name' }],
                  },
                },
              },
            ],
          },
        },
      }),
    ],
  ])('takes %s', async (_what, mapping) => {
    expect((await validator('mapping'))(mapping)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['no resources', {}],
    ['empty resources', { resources: [] }],
    ['an unknown kind', one({ kind: 'repo' })],
    ['an unknown key', { ...one({}), resourses: [] }],
    ['a selector key of another kind', selecting('project', { state: 'OPEN' })],
    ['a state that there is not', selecting('pull-request', { state: 'CLOSED' })],
    ['folders without any', selecting('folder', {})],
    ['folders without a selector', one({ kind: 'folder' })],
    ['no identifier', one({ port: { entity: { mappings: { blueprint: '"project"' } } } })],
    ['a threshold above 1', { ...one({}), entityDeletionThreshold: 2 }],
  ])('refuses %s', async (_what, mapping) => {
    expect((await validator('mapping'))(mapping)).toBe(false);
  });

  it('knows the kinds of both', async () => {
    const text = JSON.stringify(await printed('mapping'));
    for (const { name } of [...serverKinds, ...cloudKinds]) expect(text).toContain(`"${name}"`);
  });

  it('describes every key, so that editors can', async () => {
    const missing: string[] = [];
    const walk = (value: JsonValue): void => {
      if (Array.isArray(value)) value.forEach(walk);
      if (!isJsonObject(value)) return;
      const { properties } = value;
      if (isJsonObject(properties) && !('if' in value) && !('const' in properties)) {
        for (const [name, member] of Object.entries(properties)) {
          const isCondition = isJsonObject(member) && ('const' in member || 'anyOf' in member);
          if (isJsonObject(member) && !isCondition && !('description' in member))
            missing.push(name);
        }
      }
      Object.values(value).forEach(walk);
    };
    walk(await printed('mapping'));
    expect(missing).toEqual([]);
  });
});

describe('schema report', () => {
  it('refuses what is no report', async () => {
    const validate = await validator('report');
    expect(validate({})).toBe(false);
    expect(validate({ version: 2 })).toBe(false);
  });
});
