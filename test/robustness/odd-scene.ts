import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { z } from 'zod';
import { DEFAULTS } from '../../src/defaults/index.js';
import { isJsonArray, type JsonObject, type JsonValue } from '../../src/model/json.js';
import { run } from '../../src/run.js';
import type { Company } from '../../src/sandbox/company/company.js';
import type { Answer, Fault, FaultRule } from '../../src/sandbox/loopback.js';
import { startCloudWorld, type CloudWorld } from '../world/a-cloud-world.js';
import { aCompany } from '../world/a-company.js';
import { aRuntime } from '../world/a-runtime.js';
import { startWorld, type World } from '../world/a-world.js';
import { resource } from '../pipeline/safety-world.js';
import { oddity, oddJson, oddText, withOddities, type JsonText, type Oddity } from './odd-json.js';

const TYPES = ['bitbucket-cloud', 'bitbucket-server'] as const;
type Type = (typeof TYPES)[number];

/** Commands that read all there is, and tell it in both formats. */
const COMMANDS = ['sync', 'check', 'plan', 'preview', 'mapping diff'].flatMap((command) => [
  `${command} --log-level debug`,
  `${command} --log-format json`,
]);

/** What is odd. */
type Odd = { readonly oddities: readonly Oddity[] } & (
  | {
      readonly where: 'bitbucket' | 'port';
      readonly every: number;
      /** What stands in for the whole answer; null: the true one, with its oddities. */
      readonly instead: Answer | null;
    }
  | { readonly where: 'mapping in Port' | 'mapping' | 'settings' | 'input' }
  | { readonly where: 'environment'; readonly variables: readonly (readonly [number, string])[] }
);

/** A command, run once or after a run that went well, with something odd about it. */
export interface OddScene {
  readonly type: Type;
  readonly command: string;
  readonly isSecondRun: boolean;
  readonly odd: Odd;
}

/** Answers that no API gives: of what is in between, or of something else altogether. */
const oddAnswer: fc.Arbitrary<Answer> = fc.record({
  status: fc.constantFrom(
    ...[200, 200, 200, 201, 204, 206, 301, 302, 304, 400, 401, 403, 404, 405, 407, 409, 410],
    ...[413, 418, 422, 429, 431, 451, 500, 501, 502, 503, 504, 511, 520, 555, 599, 999],
  ),
  headers: fc
    .array(
      fc.tuple(
        fc.constantFrom(
          ...['content-type', 'location', 'retry-after', 'date', 'age', 'etag', 'link'],
          ...['x-ratelimit-remaining', 'x-ratelimit-reset', 'x-ratelimit-nearlimit'],
          ...['x-oauth-scopes', 'x-accepted-oauth-scopes', 'x-authentication-denied-reason'],
        ),
        fc.oneof(
          fc.constantFrom(
            ...['', 'application/json', 'text/html', '/', '//x', 'http://[', '0', '-1', '1e400'],
            ...['NaN', 'Thu, 01 Jan 1970 00:00:00 GMT', '99999999999999', 'x'.repeat(9_000)],
          ),
          fc.string({ maxLength: 10 }),
        ),
      ),
      { maxLength: 4 },
    )
    .map((pairs) =>
      Object.fromEntries(pairs.map(([name, value]) => [name, value.replace(/[^ -~]/gu, '?')])),
    ),
  body: fc.oneof(
    oddText,
    fc.constantFrom('<html>Sign in</html>', '{"values":[', '\uFEFF[]', '{}{}', 'null', '"text"'),
    oddJson,
    fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
  ),
});

const oddities = fc.array(oddity, { minLength: 1, maxLength: 3 });

/** Scenes of which one thing each is odd. */
export const oddScene: fc.Arbitrary<OddScene> = fc.record({
  type: fc.constantFrom(...TYPES),
  command: fc.constantFrom(...COMMANDS),
  isSecondRun: fc.boolean(),
  odd: fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        where: fc.constantFrom('bitbucket' as const, 'port' as const),
        oddities,
        every: fc.integer({ min: 1, max: 6 }),
        instead: fc.option(oddAnswer, { freq: 3 }),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        where: fc.constantFrom(...(['mapping in Port', 'mapping', 'settings', 'input'] as const)),
        oddities,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        where: fc.constant('environment' as const),
        oddities: fc.constant([]),
        variables: fc.array(fc.tuple(fc.nat(), oddText), { minLength: 1, maxLength: 3 }),
      }),
    },
  ),
});

function aSmallCompany(): Company {
  const files = { 'README.md': '# Api', 'src/package.json': '{"name": "api"}' };
  return aCompany()
    .withUser({ name: 'ana' })
    .withUser({ name: 'bot', isApp: true })
    .withRepository('PAY', 'api', { files })
    .withRepository('PAY', 'web', { isSparse: true })
    .withPullRequest('PAY', 'api', { reviewers: ['ana', 'bot'] })
    .withPullRequest('PAY', 'api', { author: 'ana', hidesDestination: true })
    .build();
}

const thing = (identifier: string): JsonObject => ({ identifier, blueprint: '"bitbucketProject"' });

/** Kinds of Cloud that the built-in mapping leaves out, with all that a selector may hold. */
const otherKinds: readonly JsonObject[] = [
  resource('file', [thing('.metadata.path')], {
    files: { path: '**', filenames: ['package.json'], repos: ['api'], skipParsing: false },
    includedFiles: ['README.md'],
  }),
  resource('folder', thing('.folder.path'), {
    folders: [{ path: '*', repos: ['web', { name: 'api', branch: 'main' }] }],
  }),
];

function mappingOf(type: Type): JsonObject {
  const { mapping } = DEFAULTS[type];
  if (type === 'bitbucket-server' || !isJsonArray(mapping.resources)) return mapping;
  return { ...mapping, resources: [...mapping.resources, ...otherKinds] };
}

const inJson = { 'content-type': 'application/json' };

/** Answers of which each, or every other, is odd. */
function oddAnswers({ every, oddities: odd, instead }: Extract<Odd, { every: number }>): FaultRule {
  let count = 0;
  const changed: Fault = {
    type: 'changed',
    change: (answer) => {
      const { data } = z.json().safeParse(answer.body);
      if (data === undefined) return answer;
      const headers = { ...answer.headers, ...inJson };
      return { ...answer, headers, body: withOddities(data, odd) };
    },
  };
  const fault: Fault = instead === null ? changed : { type: 'answer', answer: instead };
  return { when: () => (count += 1) % every === 0, fault };
}

/** Port's answer about the integration, whose mapping is as a text gives it. */
function integrationAnswer(type: Type, config: JsonText): FaultRule {
  const record = `"installationId":"my-${type}-integration","installationAppType":"${type}"`;
  const body = `{"ok":true,"integration":{${record},"version":"bitbucket-port-1","config":${config}}}`;
  return {
    when: ({ method, path: at }) => method === 'GET' && /\/integration\/[^/]+$/u.test(at),
    fault: { type: 'answer', answer: { status: 200, headers: inJson, body } },
  };
}

/** Plays a scene. */
export async function play(scene: OddScene): Promise<{ exitCode: number; output: string }> {
  const isCloud = scene.type === 'bitbucket-cloud';
  const world = await (isCloud ? startCloudWorld : startWorld)(aSmallCompany());
  const cwd = await mkdtemp(path.join(tmpdir(), 'bitbucket-port-'));
  try {
    if (scene.isSecondRun) await world.run('sync');
    const { line, env } = await prepare(scene, world, cwd);
    const runtime = aRuntime({
      argv: line.split(' '),
      env: { ...world.env, ...env },
      cwd,
      clock: world.clock,
    });
    const exitCode = await run(runtime);
    return { exitCode, output: `${runtime.written.stdout}${runtime.written.stderr}` };
  } finally {
    // Odd answers lead to odd questions: they are no violations here.
    world.bitbucket.reset();
    world.port.reset();
    await world.close();
    await rm(cwd, { recursive: true });
  }
}

async function prepare(
  { type, command, odd }: OddScene,
  world: World | CloudWorld,
  cwd: string,
): Promise<{ readonly line: string; readonly env: Readonly<Record<string, string>> }> {
  const write = (name: string, text: string): Promise<void> =>
    writeFile(path.join(cwd, name), text);
  switch (odd.where) {
    case 'bitbucket':
    case 'port':
      world[odd.where].fail(oddAnswers(odd));
      return { line: command, env: {} };
    case 'mapping in Port':
      world.port.fail(integrationAnswer(type, withOddities(mappingOf(type), odd.oddities)));
      return { line: command, env: {} };
    case 'mapping':
      await write('mapping.json', withOddities(mappingOf(type), odd.oddities));
      return { line: `${command} --mapping mapping.json`, env: {} };
    case 'settings':
      await write('bitbucket-port.yml', withOddities(settingsOf(type), odd.oddities));
      return { line: command, env: {} };
    case 'input':
      await write('raw.json', withOddities(rawItem, odd.oddities));
      return { line: 'preview --input raw.json --kind pull-request --log-level debug', env: {} };
    case 'environment': {
      const names = Object.keys(world.env).filter((name) => name.startsWith('OCEAN__'));
      const chosen = odd.variables.map(([number, value]) => {
        const name = names[number % names.length] ?? '';
        return [name, value] as const;
      });
      return { line: command, env: Object.fromEntries(chosen) };
    }
  }
}

function settingsOf(type: Type): JsonValue {
  return {
    integration: { identifier: 'mine', type, config: { bitbucketRateLimitQuota: 100 } },
    sync: { concurrency: 3, timeout: '5m', delete: true, kinds: ['repository'], enrich: [] },
    port: { region: 'eu' },
    mapping: mappingOf(type),
    initializePortResources: true,
  };
}

const rawItem: JsonValue = {
  id: 1,
  title: 'Change',
  createdDate: 1_747_744_649_000,
  reviewers: [{ user: { emailAddress: 'ana@example.com' }, display_name: 'Ana' }],
  toRef: { displayId: 'main', repository: { slug: 'api', project: { key: 'PAY' } } },
  destination: { repository: { name: 'api', full_name: 'acme/api' } },
  links: { self: [{ href: 'https://example.com/1' }], html: { href: 'https://example.com/1' } },
};
