import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { removeRepository } from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import type { RecordedRequest } from '../../src/sandbox/loopback.js';
import { aCompany } from '../world/a-company.js';
import { startWorld, type World } from '../world/a-world.js';
import {
  aMappedWorld,
  deletedIn,
  IDENTIFIER,
  mappingOf,
  OURS,
  putBlueprints,
  putMapping,
  resource,
  status,
} from './safety-world.js';

let world: World;

afterEach(async () => {
  await world.close();
});

const repository = { identifier: '.slug', title: '.name', blueprint: '"bitbucketRepository"' };
const project = { identifier: '.key', title: '.name', blueprint: '"bitbucketProject"' };
const both = mappingOf([resource('repository', repository), resource('project', project)]);

function threeRepositories(): Company {
  return aCompany()
    .withRepository('PAY', 'api')
    .withRepository('PAY', 'blog')
    .withRepository('PAY', 'shop')
    .build();
}

async function sync(): Promise<void> {
  const { exitCode, result } = await world.run('sync');
  if (exitCode !== 0) throw new Error(result);
  world.port.reset();
}

const readsRecord = ({ method, path }: RecordedRequest): boolean =>
  method === 'GET' && path.startsWith('/v1/integration/');

describe('a mapping that names a blueprint which Port lacks', () => {
  const renamed = (blueprint: string) =>
    mappingOf([
      resource('repository', { ...repository, blueprint: `"${blueprint}"` }),
      resource('project', project),
    ]);

  it('keeps what nothing feeds any more: it may be the same, misspelt', async () => {
    world = await aMappedWorld(threeRepositories(), both);
    await sync();
    putMapping(world, renamed('bitbucketRepositry'));

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(4);
    expect(deletedIn(world)).toEqual([]);
    expect(result).toContain('Port has no blueprint bitbucketRepositry');
    expect(result).toContain('the mapping names a blueprint that Port lacks');

    putMapping(world, renamed('extra'));
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(deletedIn(world)).toHaveLength(3);
  });

  it('does not take a catalog over: what the next run deletes was not told', async () => {
    world = await aMappedWorld(threeRepositories(), both);
    await sync();
    putMapping(world, renamed('bitbucketRepositry'), { version: '0.48.0', spec: {} });
    await world.run('sync');
    putMapping(world, renamed('extra'), {
      version: world.port.integration(IDENTIFIER)?.version ?? '',
    });

    expect((await world.run('sync')).result).toContain('would delete 3 entities');
    expect(deletedIn(world)).toEqual([]);
  });
});

describe('an entity that another run loads while this one is under way', () => {
  it('stays, although this run read the list of ours only after that', async () => {
    world = await aMappedWorld(threeRepositories(), both);
    await sync();
    const { port, clock } = world;
    let isLoaded = false;
    port.fail({
      when: ({ path: asked }) => {
        if (isLoaded || !asked.endsWith('/bitbucketRepository/entities/search')) return false;
        isLoaded = true;
        clock.advance(1_000);
        port.putEntity('bitbucketRepository', { identifier: 'new' }, { datasource: OURS });
        return false;
      },
      fault: status(500),
    });

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(deletedIn(world)).toEqual([]);
    expect(result).toContain('changed in Port after this run began');
  });
});

describe('a catalog whose integration has no record in Port', () => {
  const seed = (identifier: string, version: string): void => {
    const datasource = `port-ocean/bitbucket-server/${version}/${IDENTIFIER}/exporter`;
    world.port.putEntity('bitbucketProject', { identifier, title: identifier }, { datasource });
  };

  it('loses nothing at first; the next run finds the record and goes on', async () => {
    world = await startWorld(threeRepositories());
    putBlueprints(world);
    for (const key of ['PAY', 'OLD']) seed(key, 'bitbucket-port-0.0.1');
    seed('THEIRS', '0.48.0');
    world.clock.advance(60_000);

    const first = await world.run('sync');

    expect(first.exitCode).toBe(0);
    expect(deletedIn(world)).toEqual([]);
    expect(first.result).toContain('no run has judged deletions for this integration yet');
    await world.run('sync');
    expect(deletedIn(world)).toEqual(['bitbucketProject OLD', 'bitbucketProject THEIRS']);
  });
});

describe('an integration that Port does not give', () => {
  it.each([403, 500])('with %i keeps everything, and promises no deletion', async (code) => {
    const company = threeRepositories();
    world = await aMappedWorld(company, null);
    await sync();
    removeRepository(company, 'PAY', 'blog');
    world.port.fail({ when: readsRecord, fault: status(code) });
    const folder = await mkdtemp(path.join(tmpdir(), 'hazards-'));
    const mapping = path.join(folder, 'm.yml');
    await writeFile(mapping, JSON.stringify(both));

    const { exitCode, result } = await world.run(`sync --mapping ${mapping}`);
    await rm(folder, { recursive: true });

    expect({ exitCode, result }).toMatchObject({ exitCode: 0 });
    expect(deletedIn(world)).toEqual([]);
    expect(result).toContain(`failed: ${code}`);
    expect(result).toContain('which tells who loaded it last');
    expect(result).not.toContain('The next run would delete');
  });
});
