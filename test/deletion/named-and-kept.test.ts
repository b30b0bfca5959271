import { afterEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/model/json.js';
import {
  removeProject,
  removeRepository,
  renameRepository,
} from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import type { Fault } from '../../src/sandbox/loopback.js';
import { aCompany } from '../world/a-company.js';
import { deletedIn, resource } from '../pipeline/safety-world.js';
import { BOTH, done, mappingOn, planned, putIntegration, theDayAfter, type Day } from './a-day.js';

let day: Day;

afterEach(async () => {
  await day.close();
});

const deleted = (): readonly string[] => deletedIn(day);
const down: Fault = { type: 'answer', answer: { status: 500, body: 'down' } };

/** Two projects with two repositories each, which have a pull request and a file in a folder. */
function company(): Company {
  const builder = aCompany();
  for (const [project, slug] of [
    ['PAY', 'api'],
    ['PAY', 'web'],
    ['OLD', 'mono'],
    ['OLD', 'docs'],
  ] as const) {
    const files = { 'services/shop/service.yml': 'name: shop\n' };
    builder.withRepository(project, slug, { files }).withPullRequest(project, slug);
  }
  return builder.build();
}

describe('a project that a selector names and that is not there', () => {
  const named = (...projects: readonly string[]): JsonObject => {
    const selector = { projects: [...projects] };
    return mappingOn('server', {
      selectors: { project: selector, repository: selector, 'pull-request': selector },
    });
  };

  it('is a warning: all of its entities are kept, and what is gone elsewhere goes', async () => {
    const data = company();
    day = await theDayAfter(
      'server',
      data,
      () => {
        removeProject(data, 'OLD');
        removeRepository(data, 'PAY', 'web');
      },
      { mapping: named('PAY', 'OLD') },
    );

    expect(await planned(day)).toMatchObject({
      exitCode: 0,
      deletes: ['- change web-1', '- service web'],
    });
    const { exitCode, result } = await day.run('sync');

    expect(exitCode).toBe(0);
    expect(deleted()).toEqual(['change web-1', 'service web']);
    expect(result).toContain('OLD');
    expect(result).toContain('a selector or flag names a project or repository that is not there');
    expect((await day.run('sync --strict')).exitCode).toBe(4);
    putIntegration(day, named('PAY'));
    day.port.reset();
    await done(day.run('sync --strict'));
    expect(deleted()).toEqual([
      'change docs-1',
      'change mono-1',
      'service docs',
      'service mono',
      'team OLD',
    ]);
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['sync --projects NOPE', {}],
    ['sync --projects PAY,NOPE', {}],
    ['sync', { BITBUCKET_PROJECTS_FILTER: 'NOPE' }],
    ['sync', { BITBUCKET_PROJECTS_FILTER: 'PAY, NOPE' }],
  ])('by `%s` with %j is a warning that names it, and nothing is deleted', async (line, env) => {
    const data = company();
    day = await theDayAfter('server', data, () => {
      removeRepository(data, 'PAY', 'web');
    });

    const { exitCode, result } = await day.run(line, { env });

    expect(exitCode).toBe(0);
    expect(deleted()).toEqual([]);
    expect(result).toMatch(/warning: .*NOPE/u);
    expect((await day.run(`${line} --strict`, { env })).exitCode).toBe(4);
  });
});

describe('a repository that a selector of Cloud names and that is not there', () => {
  const FOLDERS = resource(
    'folder',
    { identifier: '.repo.slug + "/" + .folder.path', title: '.folder.path', blueprint: '"extra"' },
    { folders: [{ path: 'services/*', repos: ['mono', { name: 'docs', branch: 'main' }] }] },
  );
  const FILES = resource(
    'file',
    {
      identifier: '.repo.slug + "/" + .metadata.path',
      title: '.metadata.path',
      blueprint: '"extra"',
    },
    { files: { path: 'services/*', filenames: ['service.yml'], repos: ['mono', 'docs'] } },
  );

  it.each([
    ['folders[].repos', FOLDERS],
    ['files.repos', FILES],
  ])('in %s is a warning, and its entities are kept', async (_, kind) => {
    const data = company();
    const mapping = mappingOn('cloud', { kinds: ['repository'], more: [kind] });
    day = await theDayAfter(
      'cloud',
      data,
      () => {
        renameRepository(data, 'OLD', 'mono', 'monolith');
      },
      { mapping },
    );
    const before = day.identifiers('extra');
    expect(before.filter((identifier) => identifier.startsWith('mono'))).toHaveLength(1);

    expect((await planned(day)).deletes).toEqual(['- service mono']);
    const { exitCode, result } = await day.run('sync');

    expect(exitCode).toBe(0);
    expect(deleted()).toEqual(['service mono']);
    expect(day.identifiers('extra')).toEqual(before);
    expect(result).toMatch(/warning: .*mono/u);
    expect((await day.run('sync --strict')).exitCode).toBe(4);
  });
});

describe.each(BOTH)('too much that is kept on %s', (flavour) => {
  const listingOf =
    (slug: string) =>
    ({ path }: { readonly path: string }) =>
      path.endsWith(`/${slug}/${flavour === 'server' ? 'pull-requests' : 'pullrequests'}`);

  it('is nothing: a repository that is gone goes, while another one cannot be read', async () => {
    const data = company();
    day = await theDayAfter(flavour, data, () => {
      removeRepository(data, 'PAY', 'web');
    });
    day.bitbucket.fail({ when: listingOf('api'), fault: down });

    const { exitCode } = await day.run('sync');

    expect(exitCode).toBe(4);
    expect(deleted()).toEqual(['change web-1', 'service web']);
  });

  it('is told with who relates to it, by any relation', async () => {
    const data = company();
    day = await theDayAfter(flavour, data, () => {
      removeRepository(data, 'PAY', 'web');
    });
    const relation = (many: boolean) => ({ title: 'x', target: 'service', required: false, many });
    day.port.putBlueprint({
      identifier: 'system',
      title: 'System',
      schema: { properties: {} },
      relations: { one: relation(false), all: relation(true) },
    });
    const person = { datasource: null };
    day.port.putEntity('system', { identifier: 'by-one', relations: { one: 'web' } }, person);
    day.port.putEntity(
      'system',
      { identifier: 'by-all', relations: { all: ['api', 'web'] } },
      person,
    );

    const { exitCode, result } = await day.run('sync');

    expect(exitCode).toBe(0);
    expect(deleted()).toEqual(['change web-1']);
    expect(result).toContain('something that stays relates to it');
    expect(result).toMatch(/system by-(one|all), system by-(one|all) relate to web/u);
    await done(day.run('sync --allow-cascade'));
    expect(deleted()).toContain('service web');
  });

  it('is not: a renamed repository keeps its old entity until Port has the new one', async () => {
    const data = company();
    day = await theDayAfter(
      flavour,
      data,
      () => {
        renameRepository(data, 'PAY', 'web', 'web-two');
      },
      { cloud: { movedRepositories: 'redirect' } },
    );
    const refuses = (request: { readonly path: string; readonly body: string }): boolean =>
      request.path.includes('/blueprints/service/entities') && request.body.includes('"web-two"');
    const answer = { status: 422, body: { ok: false, error: 'invalid', message: 'refused' } };
    day.port.fail({ when: refuses, fault: { type: 'answer', answer } });

    const { exitCode, result } = await day.run('sync');

    expect(exitCode).toBe(4);
    expect(deleted().filter((each) => each.startsWith('service'))).toEqual([]);
    expect(day.identifiers('service')).toContain('web');
    expect(result).toContain('has another name in Bitbucket');
    day.port.reset();
    await done(day.run('sync --strict'));
    expect(deleted()).toContain('service web');
    expect(day.identifiers('service')).toContain('web-two');
  });
});

describe.each(BOTH)('what nothing feeds any more on %s', (flavour) => {
  /** Twelve more repositories, so that there is something to guard. */
  function large(): Company {
    const builder = aCompany();
    for (let number = 1; number <= 12; number += 1) builder.withRepository('PAY', `svc-${number}`);
    return builder.build();
  }

  const into = (kind: string, blueprint: string): JsonObject =>
    resource(kind, { identifier: '.slug // .key', title: '.name', blueprint: `"${blueprint}"` });

  it.each<[string, JsonObject]>([
    ['a resource was taken out', into('project', 'team')],
    ['its blueprint has another name', into('repository', 'extra')],
    ['another kind feeds it', into('project', 'service')],
  ])('waits for an approval where %s', async (_, only) => {
    const data = large();
    const mapping = { resources: [into('repository', 'service')] };
    day = await theDayAfter(flavour, data, () => undefined, { mapping });
    putIntegration(day, { resources: [only] });

    expect((await planned(day)).exitCode).toBe(5);
    const { exitCode, result } = await day.run('sync');

    expect(exitCode).toBe(5);
    expect(deleted()).toEqual([]);
    expect(result).toContain('sync --approve 12@2026-01-01');
    expect((await day.run('sync')).exitCode).toBe(5);
    await done(day.run('sync --approve 12@2026-01-01'));
    expect(deleted()).toHaveLength(12);
  });

  it('is kept by a run that is narrowed, or whose mapping names a blueprint that Port lacks', async () => {
    const data = large();
    const mapping = { resources: [into('repository', 'service')] };
    day = await theDayAfter(flavour, data, () => undefined, { mapping });
    putIntegration(day, { resources: [into('project', 'team'), into('repository', 'servcie')] });

    expect((await day.run('sync --approve 12@2026-01-01')).exitCode).toBe(4);
    putIntegration(day, { resources: [into('project', 'team')] });
    await done(day.run('sync --kinds project --approve 12@2026-01-01'));

    expect(deleted()).toEqual([]);
  });
});
