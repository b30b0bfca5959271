import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OPT_IN } from '../../src/defaults/opt-in.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { cloudKinds } from '../../src/source/cloud/kinds/index.js';
import { serverKinds } from '../../src/source/server/kinds/index.js';
import { aCommit, aCompany } from '../world/a-company.js';
import {
  deletedIn,
  FLAVOURS,
  type KindWorld,
  putResources,
  repositories,
  startKindWorld,
} from './kinds-world.js';
import { status } from './safety-world.js';

/** When the clock of a world begins. */
const NOW = Date.UTC(2026, 0, 1);

/** Identifiers by kind. */
type Catalog = Readonly<Record<string, readonly string[]>>;

/** Two repositories, each with something of every kind. */
function aFullCompany(): Company {
  const builder = aCompany();
  for (const slug of ['api', 'blog']) {
    builder
      .withRepository('PAY', slug, {
        files: {
          CODEOWNERS: `* @${slug}\n`,
          'port.yml': 'identifier: it\ntitle: It\n',
          'services/web/README.md': '# Web\n',
        },
        commits: [aCommit({ at: NOW })],
        tags: { v1: { commit: aCommit() } },
        environments: [{ name: 'Live', type: 'Production' }],
        pipelines: [
          {
            number: 1,
            branch: 'main',
            commit: aCommit().id,
            creator: 'admin',
            startedAt: NOW - 2_000,
            finished: { at: NOW - 1_000, result: 'SUCCESSFUL' },
            deploysTo: 'Live',
          },
        ],
      })
      .withPullRequest('PAY', slug, { createdDate: NOW - 1_000, updatedDate: NOW - 500 });
  }
  return builder.build();
}

const OWNERS = { readme: '.__codeowners.owners | join(" ")' };

describe.each(FLAVOURS)('what a repository of %s holds', (flavour) => {
  const isCloud = flavour === 'bitbucket-cloud';
  const kinds: readonly { readonly name: string; readonly scope: string }[] = isCloud
    ? cloudKinds
    : serverKinds;
  // What a request is about, its path says.
  const below = kinds
    .filter(({ name, scope }) => scope === 'repository' && name !== 'request')
    .map(({ name }) => name);
  const optIns = below.map((name) => [name, OPT_IN[flavour][name]] as const);
  const isBelow = ({ path }: { readonly path: string }): boolean =>
    path.includes(isCloud ? '/fernlicht/api/' : '/PAY/repos/api/');
  const catalog = (): Catalog =>
    Object.fromEntries(
      optIns.map(([name, one]) => [name, world.identifiers(one?.blueprint.identifier ?? '')]),
    );
  let world: KindWorld;
  let before: Catalog;

  beforeAll(async () => {
    world = await startKindWorld(flavour, aFullCompany(), 'tag');
    for (const [, one] of optIns) if (one !== undefined) world.port.putBlueprint(one.blueprint);
    putResources(world, flavour, [
      repositories(flavour, OWNERS),
      ...optIns.flatMap(([, one]) => (one === undefined ? [] : [one.resource])),
    ]);
    const first = await world.run('sync');
    if (first.exitCode !== 0) throw new Error(first.result);
    before = catalog();
  });

  afterAll(() => world.close());

  describe.each([403, 404])('answered with %d', (code) => {
    let exitCode: number;

    beforeAll(async () => {
      world.forget();
      world.bitbucket.fail({ when: isBelow, fault: status(code) });
      ({ exitCode } = await world.run('sync'));
    });

    it('is incomplete, and not one entity goes', () => {
      expect(exitCode).toBe(4);
      expect(deletedIn(world)).toEqual([]);
    });

    it.each(below)('stays as it is: %s', (name) => {
      expect(before[name]).not.toEqual([]);
      expect(catalog()[name]).toEqual(before[name]);
    });

    it('stays as it is: code owners', () => {
      const owner = isCloud ? 'fernlicht' : 'PAY';
      const held = world.port.entity('bitbucketRepository', `${owner}/api`);
      expect(held?.properties.readme).toBe('@api');
    });
  });
});
