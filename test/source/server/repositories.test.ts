import { afterEach, describe, expect, it } from '@jest/globals';
import type { RawItem } from '../../../src/model/page.js';
import { changeRepository } from '../../../src/sandbox/company/changes.js';
import type { Company } from '../../../src/sandbox/company/company.js';
import { aCompany } from '../../world/a-company.js';
import { drain, keysOf, slugsOf, textsOf } from '../a-reading.js';
import { aSource, asks, open, type TestSource, type TestSourceOptions } from './a-source.js';

let opened: TestSource | undefined;

afterEach(async () => {
  const violations = opened?.server.violations;
  await opened?.close();
  opened = undefined;
  expect(violations ?? []).toEqual([]);
});

async function start(company: Company, options: TestSourceOptions = {}): Promise<TestSource> {
  return (opened = await aSource(company, options));
}

function threeProjects(): Company {
  return aCompany()
    .withProject('PAY')
    .withProject('WEB')
    .withProject('~jdoe')
    .withRepository('PAY', 'api')
    .withRepository('WEB', 'api')
    .withRepository('~jdoe', 'notes.md')
    .withRepository('PAY', 'old', { archived: true })
    .withRepository('PAY', 'empty', { empty: true })
    .build();
}

const allRepositories = 'repos?archived=ALL&limit=1000';

describe('projects and users', () => {
  it('are listed with id, link and the item as it came', async () => {
    const { source, server } = await start(threeProjects(), {
      server: { listsPersonalProjects: true },
    });
    const { items, ends } = await drain(open(source, 'project'));
    expect(textsOf(items, 'key')).toEqual(expect.arrayContaining(['PAY', 'WEB', '~jdoe']));
    const pay = items.find(({ value }) => value.key === 'PAY');
    expect(pay).toMatchObject({ key: '1', link: `${server.url}/projects/PAY` });
    expect(pay?.value).toMatchObject({ id: 1, key: 'PAY', type: 'NORMAL' });
    expect(ends).toEqual(['projects: complete (1)']);
  });

  it('meet projects and projectFilterRegex alike', async () => {
    const company = aCompany().withProject('PAY').withProject('PAYROLL').withProject('WEB').build();
    const { source } = await start(company);
    const selector = { projects: ['PAYROLL', 'WEB', 'GONE'], projectFilterRegex: 'PAY' };
    const { items, ends } = await drain(open(source, 'project', selector));
    expect(textsOf(items, 'key')).toEqual(['PAYROLL']);
    expect(ends).toEqual(['projects: complete (1)']);
  });

  it('of the variable stand in for those of the selector', async () => {
    const company = aCompany().withProject('PAY').withProject('WEB').build();
    const { source } = await start(company, {
      source: { overrides: { projectsFilter: ['WEB'] } },
    });
    const { items } = await drain(open(source, 'project', { projects: ['PAY'] }));
    expect(textsOf(items, 'key')).toEqual(['WEB']);
  });

  it('include users without an e-mail address', async () => {
    const company = aCompany().withUser({ name: 'robot', emailAddress: null }).build();
    const { source } = await start(company);
    const { items, ends } = await drain(open(source, 'user'));
    expect(keysOf(items)).toEqual(['1', '2']);
    expect(items[1]?.value).not.toHaveProperty('emailAddress');
    expect(ends).toEqual(['users: complete (1)']);
  });
});

describe('repositories', () => {
  it('of all projects take one request, archived and empty ones included', async () => {
    const { source, asked } = await start(threeProjects(), {
      server: { listsPersonalProjects: true },
    });
    const reading = open(source, 'repository');
    const { items, ends, scopes } = await drain(reading);
    expect(slugsOf(items)).toEqual(['api', 'api', 'notes.md', 'old', 'empty']);
    expect(ends).toEqual(['projects: complete (1)', 'repositories: complete (1)']);
    expect(scopes).toEqual(['repositories']);
    expect(asked()).toEqual(['projects?limit=1000', allRepositories]);
    expect(reading.requests).toBe(2);
  });

  it.each([
    ['that lists personal projects', { listsPersonalProjects: true }],
    ['that keeps personal projects to itself', { listsPersonalProjects: false }],
    ['with small pages that have gaps', { pageCap: 1, gaps: true, listsPersonalProjects: true }],
  ])('are the union of those of the listed projects, on a server %s', async (_case, server) => {
    const { source } = await start(threeProjects(), { server });
    const projects = textsOf((await drain(open(source, 'project'))).items, 'key');
    const all = keysOf((await drain(open(source, 'repository'))).items);
    const union: string[] = [];
    for (const key of projects) {
      // A source of its own, so that nothing is shared.
      const alone = await aSource(threeProjects(), { server });
      const one = await drain(open(alone.source, 'repository', { projects: [key] }));
      union.push(...keysOf(one.items));
      expect(alone.asked().some((path) => path.startsWith('repos?'))).toBe(false);
      await alone.close();
    }
    expect([...all].sort()).toEqual([...union].sort());
    expect(new Set(all).size).toBe(all.length);
  });

  it('are read without archived where the server refuses it', async () => {
    const { source, server, asked } = await start(threeProjects());
    server.fail({
      fault: { type: 'answer', answer: { status: 400, body: { errors: [] } } },
      when: ({ query }) => query.has('archived'),
    });
    const { items, ends } = await drain(open(source, 'repository'));
    expect(slugsOf(items)).toEqual(['api', 'api', 'empty']);
    expect(ends).toContain('repositories: complete (1)');
    expect(asked()).toEqual(['projects?limit=1000', allRepositories, 'repos?limit=1000']);
  });

  it('of few projects are read project by project', async () => {
    const { source, asked } = await start(threeProjects(), {
      server: { listsPersonalProjects: true },
    });
    const selector = { projects: ['~jdoe', 'WEB'] };
    const { items, ends } = await drain(open(source, 'repository', selector));
    expect([...slugsOf(items)].sort()).toEqual(['api', 'notes.md']);
    expect(ends).toEqual(['projects: complete (1)', 'repositories: complete (2)']);
    expect(asked()).toEqual([
      'projects?limit=1000',
      expect.stringMatching(/^projects\/(WEB|~jdoe)\/repos\?limit=1000$/),
      expect.stringMatching(/^projects\/(WEB|~jdoe)\/repos\?limit=1000$/),
    ]);
  });

  it('that move to another project while these are read are shown once', async () => {
    const { source, server } = await start(threeProjects());
    const reading = open(source, 'repository', { projects: ['PAY', 'WEB'] });
    const items: RawItem[] = [];
    for await (const page of reading.pages()) {
      if (items.length === 0) changeRepository(server.company, 'PAY', 'old', { project: 'WEB' });
      items.push(...page.items);
    }
    expect(keysOf(items)).toEqual(['1', '5', '4', '2']);
  });

  it('of more than five projects are taken from the list of all', async () => {
    const builder = aCompany();
    for (let number = 1; number <= 7; number += 1) {
      builder.withRepository(`P${number}`, `repository-${number}`);
    }
    const { source, asked } = await start(builder.build());
    const selector = { projectFilterRegex: 'P[1-6]' };
    const { items } = await drain(open(source, 'repository', selector));
    expect(keysOf(items)).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(asked()).toEqual(['projects?limit=1000', allRepositories]);
  });

  it('are none, and all of them, where no project matches', async () => {
    const { source, asked } = await start(threeProjects());
    const { items, ends } = await drain(open(source, 'repository', { projects: ['GONE'] }));
    expect(items).toEqual([]);
    expect(ends).toEqual(['projects: complete (1)', 'repositories: complete (0)']);
    expect(asked()).toEqual(['projects?limit=1000']);
  });

  it('of a listed project that answers 404 make the listing incomplete, its siblings go on', async () => {
    const { source, server } = await start(threeProjects());
    server.fail({
      fault: { type: 'answer', answer: { status: 404, body: { errors: [] } } },
      when: asks('projects/PAY/repos'),
    });
    const selector = { projects: ['PAY', 'WEB'] };
    const { items, ends } = await drain(open(source, 'repository', selector));
    expect(keysOf(items)).toEqual(['2']);
    expect(ends).toEqual([
      'projects: complete (1)',
      'repositories: root-listing-incomplete repositories of PAY: answered 404 Not Found',
    ]);
  });

  it('are asked for beside the projects, and not taken when those cannot be read', async () => {
    const { source, server, asked } = await start(threeProjects(), { server: { pageCap: 1 } });
    server.fail({
      fault: { type: 'answer', answer: { status: 403, body: { errors: [{ message: 'No.' }] } } },
      when: asks('projects', '1'),
    });
    const { items, ends } = await drain(open(source, 'repository'));
    expect(items).toEqual([]);
    expect(ends).toEqual([
      'projects: root-listing-incomplete projects: answered 403 Forbidden: No.',
    ]);
    expect(asked().filter((path) => path.startsWith('repos'))).toEqual([allRepositories]);
  });

  it('that cannot be read are no empty list where no project is to be seen', async () => {
    const { source, server } = await start(aCompany().build());
    server.fail({ fault: { type: 'cut-off' }, when: asks('repos') });
    const { ends } = await drain(open(source, 'repository'));
    expect(ends).toEqual([
      'projects: complete (1)',
      expect.stringMatching(/^repositories: root-listing-incomplete repositories: .+/),
    ]);
  });

  it('that were shown before a failure are given, the listing is incomplete', async () => {
    const { source, server } = await start(threeProjects(), { server: { pageCap: 2 } });
    server.fail({ fault: { type: 'cut-off' }, when: asks('repos', '2') });
    const { items, ends } = await drain(open(source, 'repository'));
    expect(keysOf(items)).toEqual(['1', '2']);
    expect(ends).toEqual([
      'projects: complete (1)',
      expect.stringMatching(/^repositories: root-listing-incomplete repositories: .+/),
    ]);
  });
});

describe('listings shared by resources', () => {
  it('are read once for projects, repositories and pull requests', async () => {
    const { source, asked } = await start(threeProjects(), {
      server: { listsPersonalProjects: true },
    });
    const readings = ['project', 'repository', 'pull-request'].map((kind) => open(source, kind));
    await Promise.all(readings.map((reading) => drain(reading)));
    expect([...asked()].sort()).toEqual(
      [
        'projects?limit=1000',
        allRepositories,
        ...['PAY/repos/api', 'WEB/repos/api', '~jdoe/repos/notes.md', 'PAY/repos/old'].map(
          (path) => `projects/${path}/pull-requests?state=OPEN&limit=1000`,
        ),
        'projects/PAY/repos/empty/pull-requests?state=OPEN&limit=1000',
      ].sort(),
    );
    const counts = readings.map(({ requests }) => requests);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(asked().length);
  });

  it('serve a resource with a filter from the one without', async () => {
    const { source, asked } = await start(threeProjects());
    const filtered = open(source, 'repository', { projects: ['WEB'] });
    const all = open(source, 'repository');
    expect(keysOf((await drain(filtered)).items)).toEqual(['2']);
    expect(keysOf((await drain(all)).items)).toEqual(['1', '2', '4', '5']);
    expect(asked()).toEqual(['projects?limit=1000', allRepositories]);
  });

  it('of one project serve several filters', async () => {
    const { source, asked } = await start(threeProjects());
    const one = open(source, 'repository', { projects: ['WEB'] });
    const other = open(source, 'repository', { projectFilterRegex: '^W' });
    expect(keysOf((await drain(one)).items)).toEqual(['2']);
    expect(keysOf((await drain(other)).items)).toEqual(['2']);
    expect(asked()).toEqual(['projects?limit=1000', 'projects/WEB/repos?limit=1000']);
  });
});
