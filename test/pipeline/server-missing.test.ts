import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/model/json.js';
import { aCompany } from '../world/a-company.js';
import type { SandboxDataCenter } from '../../src/sandbox/server/data-center.js';
import { startServerWorld } from '../world/a-world.js';
import type { WorldAround } from '../world/world-around.js';

let world: WorldAround<SandboxDataCenter>;
let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'server-missing-'));
  const builder = aCompany();
  for (const slug of ['api', 'shop']) {
    builder.withRepository('PAY', slug, { files: { 'apps/web/port.yml': 'a: 1' } });
  }
  world = await startServerWorld(builder.build());
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
function answer(status: number, exceptionName: string, message: string): void {
  world.bitbucket.fail({
    when: ({ path: asked }) => /\/repos\/api\/(?:raw|browse)/.test(asked),
    fault: {
      type: 'answer',
      answer: { status, body: { errors: [{ context: null, message, exceptionName }] } },
    },
  });
}

const ofBitbucket = 'com.atlassian.bitbucket';

describe.each(Object.entries(kinds))('what was loaded from a %s of Data Center', (_, resource) => {
  it('goes when Bitbucket says that its path is no longer there', async () => {
    await sync(resource);
    expect(world.identifiers('thing')).toEqual(['api', 'shop']);
    answer(404, `${ofBitbucket}.content.NoSuchPathException`, 'The path does not exist');

    const { exitCode } = await sync(resource);

    expect(exitCode).toBe(0);
    expect(world.identifiers('thing')).toEqual(['shop']);
  });

  it.each([
    [404, 'repository.NoSuchRepositoryException', 'Repository PAY/api does not exist.'],
    [404, 'repository.NoDefaultBranchException', 'No default branch is defined'],
    [401, 'AuthorisationException', 'You are not permitted to access this resource'],
    [403, 'AuthorisationException', 'You are not permitted to access this resource'],
  ])('stays when Bitbucket answers %s %s', async (status, exception, message) => {
    await sync(resource);
    answer(status, `${ofBitbucket}.${exception}`, message);

    const { exitCode, result } = await sync(resource);

    expect(exitCode).toBe(4);
    expect(result).toContain('PAY/api');
    expect(world.identifiers('thing')).toEqual(['api', 'shop']);
  });
});
