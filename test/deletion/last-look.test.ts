import { afterEach, describe, expect, it } from '@jest/globals';
import type { Company } from '../../src/sandbox/company/company.js';
import { removeProject, removeRepository } from '../../src/sandbox/company/changes.js';
import type { RecordedRequest } from '../../src/sandbox/loopback.js';
import { deletedIn } from '../pipeline/safety-world.js';
import { aCompany } from '../world/a-company.js';
import {
  aDay,
  BOTH,
  done,
  INTEGRATION,
  mappingOn,
  planned,
  putIntegration,
  theDayAfter,
  type Day,
} from './a-day.js';

let day: Day;

afterEach(async () => {
  await day.close();
});

const deleted = (): readonly string[] => deletedIn(day);

/** So many repositories with a pull request each, in a project beside a smaller one. */
function company(count = 3): Company {
  const builder = aCompany().withRepository('OPS', 'ops');
  for (let number = 1; number <= count; number += 1) {
    builder.withRepository('PAY', `pay-${number}`).withPullRequest('PAY', `pay-${number}`);
  }
  return builder.build();
}

/** What a run asks first, and again before it deletes: whether Bitbucket knows the credentials. */
function isProbe({ path, query }: RecordedRequest): boolean {
  const isOfServer = path.endsWith('/1.0/projects') && query.get('limit') === '1';
  return isOfServer || query.get('fields') === 'size,values.uuid';
}

describe.each(BOTH)('before it deletes, on %s, a run', (flavour) => {
  it('asks whether Bitbucket still takes the credentials, and deletes nothing if not', async () => {
    const data = company();
    day = await theDayAfter(flavour, data, () => {
      removeRepository(data, 'PAY', 'pay-2');
    });
    let isDead = false;
    const die = (): void => {
      day.bitbucket.fail({
        when: (request) => {
          // Revoked while pull requests are read. All else is answered as to anybody.
          isDead ||= /\/pull-?requests$/u.test(request.path);
          return isDead && isProbe(request);
        },
        fault: { type: 'answer', answer: { status: 401, body: { message: 'no' } } },
      });
    };
    die();

    expect((await planned(day)).deletes).toEqual([]);
    isDead = false;
    const { exitCode, result } = await day.run('sync');

    expect(exitCode).toBe(4);
    expect(deleted()).toEqual([]);
    expect(result).toContain('Bitbucket did not take the credentials any more');

    day.bitbucket.reset();
    await done(day.run('sync'));
    expect(deleted()).toEqual(['change pay-2-1', 'service pay-2']);
  });

  it('looks whether somebody changed something while Bitbucket was asked for it', async () => {
    const data = company();
    day = await theDayAfter(flavour, data, () => {
      removeRepository(data, 'PAY', 'pay-2');
    });
    const { type, identifier } = INTEGRATION[flavour];
    day.bitbucket.watch(({ path }) => {
      if (!path.endsWith('/pay-2')) return;
      const datasource = `port-ocean/${type}/0.0.1/${identifier}/exporter`;
      day.port.putEntity('change', { identifier: 'pay-2-1', title: 'mine' }, { datasource });
    });

    const { result } = await done(day.run('sync'));

    expect(deleted()).toEqual(['service pay-2']);
    expect(result).toContain('changed in Port while Bitbucket was asked for it (pay-2-1)');
  });

  it('keeps what somebody made something relate to while Bitbucket was asked for it', async () => {
    const data = company();
    day = await theDayAfter(flavour, data, () => {
      removeRepository(data, 'PAY', 'pay-2');
    });
    const { type, identifier } = INTEGRATION[flavour];
    const relations = day.port.entity('change', 'pay-2-1')?.relations ?? {};
    expect(relations).toEqual({ service: 'pay-2' });
    day.bitbucket.watch(({ path }) => {
      if (!path.endsWith('/pay-2')) return;
      const datasource = `port-ocean/${type}/0.0.1/${identifier}/exporter`;
      const entity = { identifier: 'pay-2-1', title: 'mine', relations };
      day.port.putEntity('change', entity, { datasource });
    });

    const { result } = await done(day.run('sync'));

    expect(deleted()).toEqual([]);
    expect(result).toContain('change pay-2-1 relates to pay-2');
  });

  it('lets its very first load make nothing pass that would have stopped it', async () => {
    day = await aDay(flavour, company(12), { mapping: mappingOn(flavour, { links: false }) });
    await done(day.run('sync'));
    // As an older version left it, and with other identifiers on the same day.
    const config = mappingOn(flavour, { links: false, prefix: 'x-' });
    putIntegration(day, config, { spec: {} });
    day.clock.advance(60_000);
    day.port.reset();

    await done(day.run('sync'));
    expect(deleted()).toEqual([]);
    day.clock.advance(60_000);
    const { exitCode, result } = await day.run('sync');
    expect(exitCode).toBe(5);
    expect(deleted()).toEqual([]);

    const approval = /--approve \d+@[\d-]+/u.exec(result)?.[0] ?? '';
    await done(day.run(`sync ${approval}`));
    expect(deleted()).toHaveLength(25);
    day.port.reset();
    await done(day.run('sync'));
    expect(day.port.writes).toEqual([]);
  });

  it('asks for everything even when the credentials see nothing any more', async () => {
    const data = company(2);
    day = await theDayAfter(flavour, data, () => undefined, {
      mapping: mappingOn(flavour, { kinds: ['repository'] }),
    });
    const repositories = [...data.repositories];
    data.repositories.length = 0;
    const at = repositories.map(({ slug }) => `/${slug}`);
    day.bitbucket.fail({
      when: ({ path }) => at.some((end) => path.endsWith(end)),
      fault: {
        type: 'answer',
        answer: {
          status: flavour === 'server' ? 401 : 403,
          body: {
            type: 'error',
            error: { message: 'no' },
            errors: [
              { message: 'no', exceptionName: 'com.atlassian.bitbucket.AuthorisationException' },
            ],
          },
        },
      },
    });

    const { result } = await done(day.run('sync'));

    expect(deleted()).toEqual([]);
    expect(result).toContain('these credentials may no longer see it in Bitbucket');
  });
});

it('believes no "no such project" of a Data Center that shows no project at all', async () => {
  const data = company(12);
  day = await theDayAfter('server', data, () => {
    removeProject(data, 'PAY');
    removeProject(data, 'OPS');
  });

  const { exitCode } = await day.run('sync');

  expect(exitCode).toBe(5);
  expect(deleted()).toEqual([]);
});

it('sends nothing for deletion twice where it may cascade', async () => {
  const data = company();
  day = await theDayAfter('server', data, () => {
    removeProject(data, 'PAY');
  });
  day.port.putBlueprint({
    identifier: 'theirs',
    title: 'Theirs',
    schema: { properties: {} },
    relations: { service: { target: 'service', required: false, many: false } },
  });
  const relations = { service: 'pay-1' };
  day.port.putEntity('theirs', { identifier: 'one', relations }, { datasource: null });

  await done(day.run('sync --allow-cascade'));

  const bodies = day.port.requests
    .filter(({ path }) => path.endsWith('/bulk/entities/delete'))
    .map(({ body }) => body);
  expect(bodies).toEqual([...new Set(bodies)]);
  expect(day.identifiers('theirs')).toEqual([]);
  expect(day.identifiers('team')).toEqual(['OPS']);
  expect(day.identifiers('service')).toEqual(['ops']);
});
