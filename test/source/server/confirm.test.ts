import { afterEach, describe, expect, it } from '@jest/globals';
import { addPullRequest } from '../../../src/sandbox/company/changes.js';
import type { Company } from '../../../src/sandbox/company/company.js';
import type { Reading } from '../../../src/source/source.js';
import { aCompany, aPullRequest } from '../../world/a-company.js';
import { drain, keysOf, scopesOf, scopesOfSeveralPages, slugsOf, told } from '../a-reading.js';
import { aSource, asks, open, withoutRow, type TestSource } from './a-source.js';

let opened: TestSource | undefined;

afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

async function start(company: Company, pageCap: number): Promise<TestSource> {
  return (opened = await aSource(company, { server: { pageCap } }));
}

/** Four projects with one repository each; the first has three pull requests, the others one. */
function company(): Company {
  const builder = aCompany();
  for (const [index, key] of ['ANT', 'BEE', 'CAT', 'DOG'].entries()) {
    builder.withRepository(key, 'api', { files: { 'README.md': `# ${index + 1}` } });
    builder.withPullRequest(key, 'api');
  }
  return builder.withPullRequest('ANT', 'api').withPullRequest('ANT', 'api').build();
}

/** Reads again what took several pages. */
async function confirmAll(reading: Reading): Promise<{
  readonly keys: readonly string[];
  readonly scopes: readonly string[];
  readonly ends: readonly string[];
}> {
  const { missed, ends } = await reading.confirm(scopesOfSeveralPages(reading));
  return {
    keys: missed.flatMap(({ items }) => keysOf(items)),
    scopes: missed.map(({ scope }) => scope.name),
    ends: ends.map(told),
  };
}

describe('confirming', () => {
  it.each(['project', 'repository', 'pull-request', 'user'])(
    'reads %s listings of one page again where they are named',
    async (kind) => {
      const { source, asked, forget } = await start(company(), 1000);
      const reading = open(source, kind);
      const { ends } = await drain(reading);
      const first = asked();
      forget();
      expect((await reading.confirm([])).ends).toEqual([]);
      expect(asked()).toEqual([]);
      expect((await reading.confirm(scopesOf(reading))).ends.map(told).sort()).toEqual(
        [...ends].sort(),
      );
      expect([...asked()].sort()).toEqual([...first].sort());
    },
  );

  it.each([
    ['project', 'projects', 1],
    ['user', 'users', 1],
  ])('shows the %s that the first reading missed', async (kind, path, id) => {
    const builder = aCompany().withProject('ANT').withProject('BEE').withProject('CAT');
    builder.withUser({ name: 'bob' }).withUser({ name: 'eve' });
    const { source, server, asked, forget } = await start(builder.build(), 2);
    const fault = { type: 'changed', change: withoutRow(id) } as const;
    server.fail({ fault, when: asks(path, null), times: 1 });
    const reading = open(source, kind);
    expect(keysOf((await drain(reading)).items)).toHaveLength(2);
    forget();
    expect(await confirmAll(reading)).toEqual({
      keys: [String(id)],
      scopes: [path],
      ends: [`${path}: complete (2)`],
    });
    expect(asked()).toEqual([`${path}?limit=1000`, `${path}?limit=1000&start=2`]);
  });

  it('shows a missed repository as rich as the others', async () => {
    const { source, server } = await start(company(), 2);
    const fault = { type: 'changed', change: withoutRow(3) } as const;
    server.fail({ fault, when: asks('repos', '2'), times: 1 });
    const reading = open(source, 'repository', {}, ['__readme']);
    expect(keysOf((await drain(reading)).items)).toEqual(['1', '2', '4']);
    const { missed, ends } = await reading.confirm(scopesOf(reading));
    expect(missed).toHaveLength(1);
    expect(missed[0]?.items[0]).toMatchObject({ key: '3', value: { __readme: '# 3' } });
    expect(ends.map(told)).toEqual(['projects: complete (2)', 'repositories: complete (2)']);
  });

  it('reads the root listings a second time once for all resources', async () => {
    const { source, asked, forget } = await start(company(), 2);
    const readings = [open(source, 'repository'), open(source, 'pull-request')];
    for (const reading of readings) await drain(reading);
    forget();
    for (const reading of readings) await confirmAll(reading);
    expect(asked().filter((path) => path.startsWith('repos?'))).toHaveLength(2);
    expect(asked().filter((path) => path.startsWith('projects?'))).toHaveLength(2);
  });

  it('reads the repositories of a project that was missed', async () => {
    const { source, server } = await start(company(), 3);
    const fault = { type: 'changed', change: withoutRow(2) } as const;
    server.fail({ fault, when: asks('projects', null), times: 1 });
    const selector = { projects: ['BEE', 'CAT'] };
    const reading = open(source, 'repository', selector);
    expect(keysOf((await drain(reading)).items)).toEqual(['3']);
    expect(await confirmAll(reading)).toEqual({
      keys: ['2'],
      scopes: ['repositories'],
      ends: ['projects: complete (2)', 'repositories: complete (2)'],
    });
  });

  it('keeps to the filter of the first reading', async () => {
    const { source, asked, forget } = await start(company(), 1);
    const reading = open(source, 'repository', { projectFilterRegex: 'ANT|DOG' });
    expect(slugsOf((await drain(reading)).items)).toEqual(['api', 'api']);
    forget();
    expect(await confirmAll(reading)).toMatchObject({ keys: [] });
    expect(asked().filter((path) => path.includes('/repos'))).toEqual([
      'projects/ANT/repos?limit=1000',
      'projects/DOG/repos?limit=1000',
    ]);
  });

  it('tells a repository below which nobody has looked as incomplete', async () => {
    const { source, server } = await start(company(), 2);
    const fault = { type: 'changed', change: withoutRow(3) } as const;
    server.fail({ fault, when: asks('repos', '2'), times: 1 });
    const reading = open(source, 'pull-request');
    await drain(reading);
    const { ends, keys } = await confirmAll(reading);
    expect(keys).toEqual([]);
    expect(ends).toContain(
      'CAT/api: listing-incomplete pull requests of CAT/api: ' +
        'not read: the list of repositories showed it only when it was read again',
    );
    expect(ends).toContain('repositories: complete (2)');
  });

  it('reads again the pull requests of repositories with several pages, and no others', async () => {
    const { source, server, asked, forget } = await start(company(), 2);
    const api = 'projects/ANT/repos/api/pull-requests';
    const fault = { type: 'changed', change: withoutRow(2) } as const;
    server.fail({ fault, when: asks(api, null), times: 1 });
    const reading = open(source, 'pull-request');
    await drain(reading);
    forget();
    const below = scopesOfSeveralPages(reading).filter(({ type }) => type === 'repository');
    const { missed, ends } = await reading.confirm(below);
    expect(missed.map(({ scope, items }) => [scope.name, keysOf(items)])).toEqual([
      ['ANT/api', ['1#2']],
    ]);
    expect(ends.map(told)).toEqual(['ANT/api: complete (2)']);
    expect(asked()).toEqual([
      `${api}?state=OPEN&limit=1000`,
      `${api}?state=OPEN&limit=1000&start=2`,
    ]);
    expect(reading.requests).toBe(2 + 2 + 5 + 2);
  });

  it('shows a pull request that was opened meanwhile', async () => {
    const { source, server } = await start(company(), 2);
    const reading = open(source, 'pull-request');
    await drain(reading);
    addPullRequest(server.company, 'ANT', 'api', aPullRequest({ id: 4 }));
    expect((await confirmAll(reading)).keys).toEqual(['1#4']);
  });

  it('that fails makes its scope incomplete', async () => {
    const { source, server } = await start(company(), 2);
    const reading = open(source, 'pull-request');
    await drain(reading);
    for (const path of ['projects', 'repos', 'projects/ANT/repos/api/pull-requests']) {
      server.fail({
        fault: { type: 'answer', answer: { status: 403, body: '' } },
        when: asks(path, '2'),
      });
    }
    const { keys, ends } = await confirmAll(reading);
    expect(keys).toEqual([]);
    expect(ends).toEqual([
      'projects: root-listing-incomplete projects: answered 403 Forbidden',
      'repositories: root-listing-incomplete repositories: answered 403 Forbidden',
      'ANT/api: listing-incomplete pull requests of ANT/api: answered 403 Forbidden',
    ]);
  });

  it('does not try again what failed the first time', async () => {
    const { source, server, asked, forget } = await start(company(), 2);
    server.fail({
      fault: { type: 'answer', answer: { status: 403, body: '' } },
      when: asks('repos', '2'),
      times: 1,
    });
    const reading = open(source, 'repository');
    const { ends } = await drain(reading);
    forget();
    expect((await reading.confirm(scopesOf(reading).slice(1))).ends.map(told)).toEqual([ends[1]]);
    expect(asked()).toEqual([]);
  });
});
