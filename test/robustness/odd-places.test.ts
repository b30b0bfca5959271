import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Answer } from '../../src/sandbox/loopback.js';
import { IDENTIFIER, mappingOf, resource } from '../pipeline/safety-world.js';
import { startCloudWorld, type CloudWorld } from '../world/a-cloud-world.js';
import { aCompany } from '../world/a-company.js';
import { startWorld, type World } from '../world/a-world.js';

let world: World | CloudWorld;
let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'bitbucket-port-'));
});
afterEach(async () => {
  await world.close();
  await rm(cwd, { recursive: true });
});

const company = () =>
  aCompany().withRepository('PAY', 'api').withRepository('PAY', 'web').withRepository('PAY', 'app');

const page = z.looseObject({ values: z.array(z.looseObject({})) });
const inJson = { 'content-type': 'application/json' };

/** An answer whose second item has a field that a JSON text gives. */
function withField(name: string, json: string): (answer: Answer) => Answer {
  return (answer) => {
    const { data } = page.safeParse(answer.body);
    if (data === undefined) return answer;
    const values = data.values.map((value, index) =>
      index === 1 ? { ...value, [name]: 'ODD' } : value,
    );
    const text = JSON.stringify({ ...data, values }).replace('"ODD"', () => json);
    return { ...answer, headers: { ...answer.headers, ...inJson }, body: text };
  };
}

const nested = (levels: number): string => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);

describe('an item nested 3,000 levels deep', () => {
  /** A world in which a field of one repository of three is that deep. */
  async function worldWith(name: string): Promise<World> {
    const server = await startWorld(company().build());
    world = server;
    server.bitbucket.fail({
      when: ({ path: at }) => at.endsWith('/repos'),
      fault: { type: 'changed', change: withField(name, nested(3_000)) },
    });
    return server;
  }

  it.each(['sync', 'plan', 'preview --kind repository', 'check'])(
    'costs itself alone in %s',
    async (line) => {
      const server = await worldWith('description');
      const { exitCode, result } = await server.run(line);
      const isRead = line !== 'check';
      expect({ exitCode, result }).toMatchObject({ exitCode: isRead ? 4 : 0 });
      if (isRead) expect(result).toContain('nested too deeply');
      if (line !== 'sync') return;
      expect(server.identifiers('bitbucketRepository')).toEqual(['api', 'app']);
      expect(server.port.examples(IDENTIFIER, 'repository')).toHaveLength(3);
    },
  );

  it.each(['sync', 'plan', 'preview --kind repository'])(
    'costs nothing in %s where the mapping does not read what is deep',
    async (line) => {
      const server = await worldWith('deep');
      const { exitCode, result } = await server.run(line);
      expect({ exitCode, result }).toMatchObject({ exitCode: 0 });
      if (line !== 'sync') return;
      expect(server.identifiers('bitbucketRepository')).toEqual(['api', 'app', 'web']);
      expect(server.port.examples(IDENTIFIER, 'repository')).toHaveLength(3);
    },
  );
});

describe('half of a character in Data Center', () => {
  it.each([
    ['the slug of a repository', 'repos', '"slug":"web"', '"slug":"w\\ud83d"'],
    ['the key of a project', 'projects', '"key":"PAY"', '"key":"P\\udc00"'],
    ['the name of a user', 'users', '"slug":"admin"', '"slug":"\\ud800"'],
    ['dots for a slug', 'repos', '"slug":"web"', '"slug":".."'],
  ])('in %s costs no run', async (_, listing, true_, odd) => {
    const server = await startWorld(company().withPullRequest('PAY', 'web').build());
    world = server;
    const change = (answer: Answer): Answer => {
      const body = JSON.stringify(answer.body).replaceAll(true_, () => odd);
      return { ...answer, headers: { ...answer.headers, ...inJson }, body };
    };
    server.bitbucket.fail({
      when: ({ path: at }) => at.endsWith(`/${listing}`),
      fault: { type: 'changed', change },
    });
    for (const line of ['sync', 'plan', 'check', 'preview']) {
      const { exitCode, result } = await server.run(line);
      expect({ exitCode, result }).not.toMatchObject({ exitCode: 1 });
      expect(result).not.toContain('a bug in bitbucket-port');
    }
    server.bitbucket.reset();
    server.port.reset();
  });
});

describe('YAML of 20,000 brackets', () => {
  const brackets = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  const blocks = `${'- '.repeat(20_000)}x`;

  it.each([
    ['a mapping', 'sync --mapping odd.yml', 'odd.yml', `resources: ${brackets}`],
    ['a mapping in blocks', 'plan --mapping odd.yml', 'odd.yml', `resources:\n  ${blocks}`],
    ['settings', 'check', 'bitbucket-port.yml', `port: ${brackets}`],
    ['a mapping in settings', 'sync', 'bitbucket-port.yml', `mapping:\n  resources: ${brackets}`],
    ['raw items', 'preview --kind repository --input odd.yml', 'odd.yml', brackets],
  ])('as %s is refused in a sentence', async (_, line, file, text) => {
    const server = await startWorld(company().build());
    world = server;
    await writeFile(path.join(cwd, file), text);
    const runtime = { ...server.runtime(line), cwd };
    const { run } = await import('../../src/run.js');
    const exitCode = await run(runtime);
    const output = `${runtime.written.stdout}${runtime.written.stderr}`.replace(/\s+/gu, ' ');
    expect({ exitCode, output }).toMatchObject({ exitCode: 2 });
    expect(output).toMatch(/nested too deeply|item 1 is a list, not an object/u);
  });

  it('as the content of a file costs that file alone', async () => {
    const files = { 'good.yml': 'a: 1', 'odd.yml': brackets, 'blocks.yml': blocks };
    const cloud = await startCloudWorld(aCompany().withRepository('PAY', 'api', { files }).build());
    world = cloud;
    cloud.port.putBlueprint({ identifier: 'file', title: 'File', schema: { properties: {} } });
    const selector = { files: { path: '', filenames: ['*.yml'] } };
    const mapping = { identifier: '.metadata.path', blueprint: '"file"', title: '.content.a' };
    await writeFile(
      path.join(cwd, 'mapping.json'),
      JSON.stringify(mappingOf([resource('file', mapping, selector)])),
    );
    const { exitCode, result } = await cloud.run(
      `sync --mapping ${path.join(cwd, 'mapping.json')}`,
    );
    expect({ exitCode, result }).toMatchObject({ exitCode: 4 });
    expect(result).toContain('nested more than 200 levels deep');
    expect(cloud.port.entity('file', 'good.yml')).toMatchObject({ title: '1' });
  });
});
