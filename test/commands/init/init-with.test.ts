import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { OPT_IN } from '../../../src/defaults/opt-in.js';
import type { Company } from '../../../src/sandbox/company/company.js';
import { startCloudWorld } from '../../world/a-cloud-world.js';
import { aCommit, aCompany } from '../../world/a-company.js';
import { startServerWorld } from '../../world/a-world.js';
import type { BuiltInBitbucket, WorldAround } from '../../world/world-around.js';

let world: WorldAround<BuiltInBitbucket>;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'init-with-'));
});

afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

function company(): Company {
  const changed = { updatedDate: Date.UTC(2025, 11, 24), createdDate: Date.UTC(2025, 11, 23) };
  const built = aCompany()
    .withRepository('PAY', 'api', {
      commits: [aCommit()],
      pipelines: [
        {
          number: 7,
          branch: 'main',
          commit: aCommit().id,
          creator: 'admin',
          startedAt: changed.createdDate,
          finished: { at: changed.updatedDate, result: 'SUCCESSFUL' },
          deploysTo: 'Production',
        },
      ],
      environments: [{ name: 'Production', type: 'Production' }],
      tags: { v1: { commit: aCommit() } },
      files: {
        'port.yml':
          '- identifier: pay\n  title: Pay\n  description: file://docs/pay.md\n  type: 1\n  lifecycle: live\n',
        'docs/pay.md': '# Pay\n',
        'services/price list/README.md': '# Prices\n',
      },
    })
    .withPullRequest('PAY', 'api', changed)
    .build();
  return { ...built, groups: [{ name: 'payments', members: ['admin'] }] };
}

describe.each([
  { type: 'cloud', flavour: 'bitbucket-cloud', prefix: 'fernlicht/api' },
  { type: 'server', flavour: 'bitbucket-server', prefix: 'PAY/api' },
] as const)('init --with of $type', ({ type, flavour, prefix }) => {
  const kinds = Object.keys(OPT_IN[flavour]);

  beforeEach(async () => {
    world = type === 'cloud' ? await startCloudWorld(company()) : await startServerWorld(company());
  });

  it('writes a mapping and blueprints of each kind that it has, with which a first run is complete', async () => {
    const { exitCode, stdout } = await world.run(
      `init --type ${type} --yes --with ${kinds.join(',')}`,
      { cwd: folder },
    );

    expect(exitCode).toBe(0);
    const files = await readdir(path.join(folder, 'blueprints'));
    expect(files).toHaveLength(kinds.length);
    for (const file of files) expect(stdout).toContain(`blueprints/${file}`);

    // In a new Port, the first run creates the blueprints, and check says so.
    expect((await world.run('check', { cwd: folder })).exitCode).toBe(0);
    expect((await world.run('sync --strict', { cwd: folder })).exitCode).toBe(0);
    expect(world.identifiers('bitbucketBranch')).toEqual([`${prefix}/branches/main`]);
    expect(world.identifiers('bitbucketTag')).toEqual([`${prefix}/tags/v1`]);
    expect(world.identifiers('bitbucketService')).toEqual([`${prefix}/services/pay`]);
    expect(world.identifiers('bitbucketFolder')).toEqual([
      `${prefix}/folders/services/price=20list`,
    ]);
    expect(world.identifiers('bitbucketPullRequest')).toEqual([`${prefix}/pull-requests/1`]);
    expect(world.identifiers('bitbucketUser')).toHaveLength(1);
    expect(world.identifiers('bitbucketPipeline')).toEqual([
      type === 'cloud'
        ? `${prefix}/pipelines/7`
        : `${prefix}/branches/main/builds/api-deploy-Production`,
    ]);
    if (type === 'cloud') {
      expect(world.identifiers('bitbucketDeployment')).toHaveLength(1);
      expect(world.identifiers('bitbucketEnvironment')).toHaveLength(1);
    }
    if (type === 'server') expect(world.identifiers('bitbucketGroup')).toEqual(['payments']);
  });

  it('comments what it adds, and keeps what is usual once', async () => {
    const line = `init --type ${type} --yes --with branch,pull-request,branch`;
    expect((await world.run(line, { cwd: folder })).exitCode).toBe(0);
    const mapping = await readFile(path.join(folder, 'mapping.yml'), 'utf8');
    expect(mapping).toContain('# Branches by repository and name.');
    expect(mapping.match(/kind: pull-request/gu)).toHaveLength(1);
    expect(mapping).toContain('leadTimeHours');
  });

  it('says so where it leaves a mapping as it is', async () => {
    await world.run(`init --type ${type} --yes`, { cwd: folder });
    const before = await readFile(path.join(folder, 'mapping.yml'), 'utf8');

    const { exitCode, result } = await world.run('init --yes --with branch,tag', { cwd: folder });

    expect(exitCode).toBe(0);
    expect(result).toContain('Nothing was added to it for --with branch,tag');
    expect(await readFile(path.join(folder, 'mapping.yml'), 'utf8')).toBe(before);
  });

  it.each([
    ['brnch', 'did you mean branch?'],
    ['request', 'examples/any-request'],
    ...(type === 'cloud' ? [['group', 'which this Bitbucket does not have'] as const] : []),
  ])('refuses %s', async (kind, words) => {
    const { exitCode, stderr } = await world.run(`init --type ${type} --yes --with ${kind}`, {
      cwd: folder,
    });
    expect(exitCode).toBe(2);
    expect(stderr.replace(/\s+/gu, ' ')).toContain(words);
    expect(await readdir(folder)).toEqual([]);
  });
});
