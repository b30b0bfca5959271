import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/model/json.js';
import { aCompany } from '../world/a-company.js';
import { startCloudWorld, type CloudWorld } from '../world/a-cloud-world.js';

let world: CloudWorld;
let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'cloud-missing-'));
  const builder = aCompany();
  for (const slug of ['api', 'shop']) {
    builder.withRepository('PAY', slug, { files: { 'apps/web/port.yml': 'a: 1' } });
  }
  world = await startCloudWorld(builder.build());
  world.port.putBlueprint({
    identifier: 'thing',
    title: 'Thing',
    schema: { properties: { content: { type: 'number' } } },
  });
});

afterEach(async () => {
  await world.close();
  await rm(cwd, { recursive: true });
});

const mappings = { blueprint: '"thing"', identifier: '.repo.slug' };
const kinds: Readonly<Record<string, JsonObject>> = {
  folder: {
    kind: 'folder',
    selector: { query: 'true', folders: [{ path: 'apps/*' }] },
    port: { entity: { mappings } },
  },
  file: {
    kind: 'file',
    selector: { query: 'true', files: { path: 'apps/web', filenames: ['port.yml'] } },
    port: { entity: { mappings: { ...mappings, properties: { content: '.content.a' } } } },
  },
};

async function sync(resource: JsonObject) {
  await writeFile(path.join(cwd, 'mapping.yml'), JSON.stringify({ resources: [resource] }));
  return await world.run('sync --mapping mapping.yml --deletion-threshold 1', { cwd });
}

/** What is below a repository is not there any more, and Bitbucket gives a reason. */
function answerNotFound(slug: string, message: string): void {
  world.bitbucket.fail({
    when: ({ path: asked }) => asked.includes(`/${slug}`),
    fault: { type: 'answer', answer: { status: 404, body: { type: 'error', error: { message } } } },
  });
}

describe.each(Object.entries(kinds))('what was loaded from a %s', (_, resource) => {
  it('goes when Bitbucket says that its path is no longer there', async () => {
    await sync(resource);
    expect(world.identifiers('thing')).toEqual(['api', 'shop']);
    answerNotFound('api', 'No such file or directory: apps');

    const { exitCode } = await sync(resource);

    expect(exitCode).toBe(0);
    expect(world.identifiers('thing')).toEqual(['shop']);
  });

  it.each(['Repository fernlicht/api not found', 'Commit not found'])(
    'stays when Bitbucket says: %s',
    async (message) => {
      await sync(resource);
      answerNotFound('api', message);

      const { exitCode, result } = await sync(resource);

      expect(exitCode).toBe(4);
      expect(result).toContain('fernlicht/api');
      expect(world.identifiers('thing')).toEqual(['api', 'shop']);
    },
  );
});
