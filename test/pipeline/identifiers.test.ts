import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aCompany } from '../world/a-company.js';
import { startCloudWorld } from '../world/a-cloud-world.js';
import { startServerWorld } from '../world/a-world.js';
import { aMappedWorld, mappingOf, resource } from './safety-world.js';

/** Two repositories of one slug in two projects. */
const colliding = aCompany().withRepository('PAY', 'api').withRepository('WEB', 'api').build();

let folder: string;
let world: Pick<Awaited<ReturnType<typeof startServerWorld>>, 'run' | 'identifiers' | 'close'>;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'identifiers-'));
});

afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

const inOneLine = (text: string): string => text.replaceAll(/\s+/gu, ' ');

describe('which identifiers a new integration gets', () => {
  it.each(['check', 'plan', 'sync'])('is told by %s, with what else there is', async (command) => {
    world = await startServerWorld(colliding);
    const { stdout, stderr } = await world.run(command, { cwd: folder });
    expect(inOneLine(`${stdout} ${stderr}`)).toContain(
      'identifiers are those of the container: repositories by slug, such as api. Repositories of two projects may share one; then only the first is loaded. For unique ones, such as PAY/api, run npx bitbucket-port init --with-mapping before the first sync: to change them later replaces every entity',
    );
  });

  it.each(['check', 'plan', 'sync'])('is told by %s with the mapping of init', async (command) => {
    world = await startServerWorld(colliding);
    await world.run('init --type server --ci none', { cwd: folder });
    const { stdout, stderr } = await world.run(command, { cwd: folder });
    expect(inOneLine(`${stdout} ${stderr}`)).toContain(
      'identifiers are unique: repositories by project and slug, such as PAY/api. If the container loaded this catalog, use its mapping to keep its identifiers, such as api',
    );
  });

  it('is told of Cloud, too', async () => {
    world = await startCloudWorld(aCompany().withRepository('PAY', 'api').build());
    const { stderr } = await world.run('sync', { cwd: folder });
    expect(inOneLine(stderr)).toContain('repositories by name, such as api');
  });

  it('is not told again, and not of a mapping of the user', async () => {
    world = await startServerWorld(colliding);
    await world.run('sync', { cwd: folder });
    const { stderr } = await world.run('sync', { cwd: folder });
    expect(stderr).not.toContain('identifiers are');
  });
});

describe('a collision', () => {
  it('tells in the first load how to start over, and that way works', async () => {
    world = await startServerWorld(colliding);

    const first = await world.run('sync', { cwd: folder });
    expect(first.result).toContain('both map to bitbucketRepository api; only the first counts');
    expect(first.result).toContain(
      'Nothing depends on these identifiers yet. Start over with unique ones: npx bitbucket-port init --with-mapping, then npx bitbucket-port sync, which replaces what was loaded',
    );

    await world.run('init --type server --ci none --with-mapping', { cwd: folder });
    const second = await world.run('sync', { cwd: folder });
    expect(second.result).not.toContain('both map to');
    expect(second.exitCode).toBe(0);
    expect(world.identifiers('bitbucketRepository')).toEqual(['PAY/api', 'WEB/api']);
  });

  it('tells later what the change costs', async () => {
    world = await startServerWorld(colliding);
    await world.run('sync', { cwd: folder });
    const { result } = await world.run('sync', { cwd: folder });
    expect(result).toContain(
      'npx bitbucket-port init --with-mapping writes a mapping with unique identifiers. It replaces every entity that is there, with what people added to it in Port; npx bitbucket-port plan shows all of it',
    );
  });

  it('of a mapping of the user tells what the change costs as well', async () => {
    const mapping = mappingOf([
      resource('repository', { identifier: '.name', title: '.project.key', blueprint: '"extra"' }),
    ]);
    const mapped = await aMappedWorld(colliding, mapping);
    world = { ...mapped, run: (line) => mapped.run(line) };
    const { result } = await world.run('sync');
    expect(result).toContain(
      'Make the identifier tell them apart, for example with the project key. That replaces every entity whose identifier changes; npx bitbucket-port plan shows them',
    );
  });
});
