import { afterEach, describe, expect, it } from '@jest/globals';
import {
  changeRepository,
  mergePullRequest,
  removeRepository,
} from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { writingRequests, planSchema, type PlanDocument } from '../pipeline/plan-world.js';
import {
  aMappedWorld,
  IDENTIFIER,
  mappingOf,
  putBlueprints,
  putMapping,
  resource,
} from '../pipeline/safety-world.js';
import { aCompany, type CompanyBuilder } from '../world/a-company.js';
import { startWorld, type World } from '../world/a-world.js';

/** Starting a jq takes a moment on a busy machine. */
const PATIENCE_MILLISECONDS = 60_000;

let world: World;

afterEach(async () => {
  await world.close();
});

function aSmallCompany(): CompanyBuilder {
  return aCompany()
    .withUser({ name: 'ana' })
    .withRepository('PAY', 'api', { files: { 'README.md': '# API' } })
    .withRepository('PAY', 'shop')
    .withPullRequest('PAY', 'api', { author: 'ana', participants: ['admin'] });
}

/** A world that was loaded once, and how it changed since. */
async function loaded(change: (company: Company) => void): Promise<void> {
  const company = aSmallCompany().build();
  world = await startWorld(company);
  expect((await world.run('sync')).exitCode).toBe(0);
  change(company);
  world.port.reset();
}

async function document(line: string): Promise<PlanDocument> {
  const { stdout } = await world.run(line);
  return planSchema.parse(JSON.parse(stdout));
}

describe('plan', () => {
  it(
    'shows what a first run creates, and sends Port nothing but questions',
    async () => {
      world = await startWorld(aSmallCompany().build());

      const { exitCode, stdout } = await world.run('plan');

      expect(exitCode).toBe(0);
      expect(stdout).toContain(
        [
          `+ integration ${IDENTIFIER}`,
          '+ blueprint bitbucketUser',
          '+ blueprint bitbucketProject',
          '+ blueprint bitbucketRepository',
          '+ blueprint bitbucketPullRequest',
          '',
          'bitbucketProject: 1 to create',
          '  + PAY  Project PAY',
          '',
          'bitbucketPullRequest: 1 to create',
          '  + api-1  Change 1',
          '',
          'bitbucketRepository: 2 to create',
          '  + api',
          '  + shop',
          '',
          'bitbucketUser: 2 to create',
          '  + admin@example.com  Admin',
          '  + ana@example.com    ana',
          '',
        ].join('\n'),
      );
      expect(stdout).toMatch(/\nPlan: 6 to create, 0 to update, 0 to delete, 0 unchanged\n$/u);
      expect(writingRequests(world.port)).toEqual([]);
      expect(world.port.integration(IDENTIFIER)).toBeUndefined();
      expect(world.port.blueprints()).toEqual([]);
      // Nobody asks what blueprints hold that are not there yet.
      const asked = world.port.requests.map(({ method, path }) => `${method} ${path}`);
      expect([...asked].sort()).toEqual([
        'GET /v1/blueprints',
        // Once for a second catalog, once to tell entities from those of a namesake.
        'GET /v1/integration',
        'GET /v1/integration',
        `GET /v1/integration/${IDENTIFIER}`,
        'POST /v1/auth/access_token',
        'POST /v1/blueprints/entities/datasource-entities',
      ]);
    },
    PATIENCE_MILLISECONDS,
  );

  it(
    'shows changes field by field, and deletions',
    async () => {
      await loaded((company) => {
        changeRepository(company, 'PAY', 'api', { name: 'Payments', archived: true });
        removeRepository(company, 'PAY', 'shop');
        mergePullRequest(company, 'PAY', 'api', 1, 0);
      });

      const { exitCode, stdout } = await world.run('plan --deletion-threshold 1');

      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/^\nbitbucketPullRequest/u);
      expect(stdout).toContain(
        [
          'bitbucketPullRequest: 1 to delete',
          '  - api-1',
          '',
          'bitbucketRepository: 1 to update, 1 to delete',
          '  ~ api   Payments',
          '      title  "api" -> "Payments"',
          '  - shop',
          '',
        ].join('\n'),
      );
      expect(stdout).toMatch(/\n\nPlan: 0 to create, 1 to update, 2 to delete, 3 unchanged\n$/u);
      expect(writingRequests(world.port)).toEqual([]);
    },
    PATIENCE_MILLISECONDS,
  );

  it(
    'ends with 10 for changes when asked to, and says when there are none',
    async () => {
      const company = aSmallCompany().build();
      world = await startWorld(company);
      expect((await world.run('plan --detailed-exitcode')).exitCode).toBe(10);
      await world.run('sync');
      const { exitCode, stdout } = await world.run('plan --detailed-exitcode');
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/\nPlan: no changes, 6 entities are as they should be\n$/u);
      expect(stdout).not.toContain('bitbucketRepository:');
    },
    PATIENCE_MILLISECONDS,
  );

  it(
    'writes one JSON document with every value in full',
    async () => {
      const readme = 'A long story. '.repeat(50);
      await loaded((company) => {
        changeRepository(company, 'PAY', 'api', { files: { 'README.md': readme } });
      });

      const { stdout } = await world.run('plan --output json --detailed-exitcode');

      const { plan, summary, exitCode, problems } = planSchema.parse(JSON.parse(stdout));
      expect(exitCode).toBe(10);
      expect(summary).toMatchObject({ create: 0, update: 1, delete: 0, unchanged: 5, failed: 0 });
      expect(problems.filter(({ severity }) => severity === 'failure')).toEqual([]);
      expect(plan.changes).toEqual([
        {
          blueprint: 'bitbucketRepository',
          action: 'update',
          identifier: 'api',
          title: 'api',
          fields: [{ field: 'properties.documentation', old: '# API', new: readme }],
        },
      ]);
    },
    PATIENCE_MILLISECONDS,
  );

  it(
    'reads old values in bulk, of those alone that it shows',
    async () => {
      const builder = aCompany();
      for (let number = 1; number <= 130; number += 1) {
        const name = `Service ${String(number)}`;
        builder.withRepository('PAY', `api-${String(number)}`, { empty: true, name });
      }
      const company = builder.build();
      world = await startWorld(company);
      putBlueprints(world);
      const mapping = { identifier: '.slug', title: '.name', blueprint: '"bitbucketRepository"' };
      putMapping(world, mappingOf([resource('repository', mapping)]));
      await world.run('sync');
      for (const { slug } of [...company.repositories]) {
        changeRepository(company, 'PAY', slug, { name: `new ${slug}` });
      }
      world.port.reset();

      const short = await world.run('plan');

      expect(short.stdout).toContain('bitbucketRepository: 130 to update');
      expect(short.stdout).toContain('  ~ and 110 more to update; --all shows them\n');
      expect(short.stdout.match(/^ {6}title/gmu)).toHaveLength(20);
      const searches = world.port.requests.filter(({ path }) => path.endsWith('/search'));
      const identifiers = searches.flatMap(
        ({ body }) => /"in","value":\[([^\]]*)\]/u.exec(body)?.[1]?.split(',') ?? [],
      );
      expect(identifiers.length).toBeLessThanOrEqual(100);

      const long = await world.run('plan --all');
      expect(long.stdout.match(/^ {6}title/gmu)).toHaveLength(130);
    },
    PATIENCE_MILLISECONDS,
  );

  it(
    'ends with 5 where too much would go at once, and names what is due',
    async () => {
      const company = aCompany();
      for (let id = 1; id <= 12; id += 1) company.withRepository('PAY', `svc-${String(id)}`);
      const repositories = (identifier: string) =>
        mappingOf([
          resource('repository', {
            identifier,
            title: '.name',
            blueprint: '"bitbucketRepository"',
            properties: { link: '.links.self[0].href' },
          }),
        ]);
      world = await aMappedWorld(company.build(), repositories('.slug'));
      expect((await world.run('sync')).exitCode).toBe(0);
      putMapping(world, repositories('.project.key + "-" + .slug'));

      const { exitCode, stdout, stderr, result } = await world.run('plan', {
        GITHUB_ACTIONS: 'true',
      });

      expect(exitCode).toBe(5);
      expect(stderr).toMatch(/^::error title=bitbucket-port::.*would be deleted/mu);
      expect(stdout).toContain('Would be deleted, but needs approval: 12 entities\n');
      expect(result).toContain('(exit 5): 12 to create, 0 to update, 0 to delete');
      const told = await document('plan --output json');
      expect(told.plan.postponed).toHaveLength(12);
      expect((await world.run('sync')).exitCode).toBe(5);
    },
    PATIENCE_MILLISECONDS,
  );

  it(
    'shows what the run after a take-over would delete, and that the record would be signed',
    async () => {
      await loaded((company) => {
        removeRepository(company, 'PAY', 'shop');
      });
      const record = world.port.integration(IDENTIFIER);
      putMapping(world, record?.config ?? null, { version: '0.48.0', spec: {} });

      const { exitCode, stdout } = await world.run('plan');

      expect(exitCode).toBe(0);
      expect(stdout).toMatch(
        new RegExp(`^~ integration ${IDENTIFIER}\\n(?: +.*\\n)* +version: "bitbucket-port-`, 'mu'),
      );
      expect(stdout).toContain(
        'Not deleted by this run; the next one would delete: 1 entity\n  - bitbucketRepository shop\n',
      );
      expect(world.port.integration(IDENTIFIER)?.version).toBe('0.48.0');
    },
    PATIENCE_MILLISECONDS,
  );

  it(
    'ends with 4 for what a mapping names and Port lacks, as sync does',
    async () => {
      world = await startWorld(aSmallCompany().build());
      putBlueprints(world);
      const mapping = { identifier: '.slug', properties: { owner: '.slug' } };
      const feeds = [
        { ...mapping, blueprint: '"bitbucketRepository"' },
        { ...mapping, blueprint: '"nowhere"' },
      ];
      putMapping(world, mappingOf([resource('repository', feeds)]));

      const { exitCode, result } = await world.run('plan --detailed-exitcode');

      expect(exitCode).toBe(4);
      expect(result).toContain('Port has no blueprint nowhere');
      expect(result).toContain('blueprint bitbucketRepository has no properties.owner');
      expect(result).toContain('Plan, incomplete (exit 4): 2 to create');
    },
    PATIENCE_MILLISECONDS,
  );

  it(
    'refuses what Port would refuse: a relation to nothing where none may be created',
    async () => {
      world = await startWorld(aSmallCompany().build());
      putBlueprints(world);
      const mapping = {
        identifier: '.slug',
        blueprint: '"bitbucketRepository"',
        relations: { project: '.project.key' },
      };
      const config = mappingOf([resource('repository', mapping)], {
        createMissingRelatedEntities: false,
      });
      putMapping(world, config);

      const { exitCode, result } = await world.run('plan');

      expect(exitCode).toBe(6);
      expect(result).toContain('it relates to bitbucketProject PAY, which Port does not have');
      expect(result).toContain('0 to create, 0 to update, 0 to delete, 0 unchanged, 2 failed');
      expect((await world.run('sync')).exitCode).toBe(6);
      expect(world.identifiers('bitbucketRepository')).toEqual([]);
    },
    PATIENCE_MILLISECONDS,
  );

  it(
    'names what Port would create on the way',
    async () => {
      world = await startWorld(aSmallCompany().build());
      putBlueprints(world);
      const mapping = {
        identifier: '.slug',
        blueprint: '"bitbucketRepository"',
        relations: { project: '.project.key' },
      };
      putMapping(world, mappingOf([resource('repository', mapping)]));

      const { exitCode, result } = await world.run('plan');

      expect(exitCode).toBe(0);
      expect(result).toContain(
        'relations lead to 1 entity that Port does not have and creates with nothing but a name: bitbucketProject PAY',
      );
      expect(result).toContain('Plan: 2 to create');
    },
    PATIENCE_MILLISECONDS,
  );

  it(
    'tells why it could not begin',
    async () => {
      world = await startWorld(aCompany().build());
      const { exitCode, stdout } = await world.run('plan --output json', {
        OCEAN__PORT__CLIENT_SECRET: 'wrong',
      });
      expect(exitCode).toBe(3);
      expect(JSON.parse(stdout)).toMatchObject({
        version: 1,
        exitCode: 3,
        summary: null,
        plan: null,
      });
      const text = await world.run('plan', { OCEAN__PORT__CLIENT_SECRET: 'wrong' });
      expect(text.result).toContain('Credentials or a permission were refused');
      expect((await world.run('plan --output yaml')).stderr).toBe(
        "error: option '--output <format>' takes text or json\n  > Run npx bitbucket-port plan --help for what it takes\n",
      );
    },
    PATIENCE_MILLISECONDS,
  );
});
