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
        tags: { v1: { commit: aCommit() } },
      })
      .withPullRequest('PAY', slug, { createdDate: NOW - 1_000, updatedDate: NOW - 500 });
  }
  return builder.build();
}

/** Kinds that need more of a company: suites of their own say the same of them. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'pipeline',
  'deployment',
  'environment',
  'request',
]);

const OWNERS = { readme: '.__codeowners.owners | join(" ")' };

describe.each(FLAVOURS.flatMap((flavour) => [403, 404].map((code) => [flavour, code] as const)))(
  'what a repository of %s holds, answered with %d',
  (flavour, code) => {
    const isCloud = flavour === 'bitbucket-cloud';
    const kinds: readonly { readonly name: string; readonly scope: string }[] = isCloud
      ? cloudKinds
      : serverKinds;
    const below = kinds
      .filter(({ name, scope }) => scope === 'repository' && !ELSEWHERE.has(name))
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
    let run: Awaited<ReturnType<KindWorld['run']>>;

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
      world.forget();
      world.bitbucket.fail({ when: isBelow, fault: status(code) });
      run = await world.run('sync');
    });

    afterAll(() => world.close());

    it('is incomplete, and not one entity goes', () => {
      expect(run.exitCode).toBe(4);
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
  },
);
