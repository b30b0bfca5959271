import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Company } from '../../src/sandbox/company/company.js';
import { removeProject, removeRepository } from '../../src/sandbox/company/changes.js';
import { deletedIn, mappingOf, resource } from '../pipeline/safety-world.js';
import { aCompany } from '../world/a-company.js';
import { done, INTEGRATION, mappingOn, theDayAfter, type Day } from './a-day.js';

const pageSchema = z.looseObject({
  values: z.array(z.looseObject({ slug: z.string().optional() })),
});

let day: Day;

afterEach(async () => {
  await day.close();
});

function company(count: number): Company {
  const builder = aCompany().withRepository('OPS', 'ops');
  for (let number = 1; number <= count; number += 1) builder.withRepository('PAY', `r${number}`);
  return builder.build();
}

const isAsked = ({ path }: { readonly path: string }): boolean => /\/repos\/r\d+$/u.test(path);
const mapping = mappingOn('server', { kinds: ['repository'] });

/** Leaves all but one out of the list of repositories. */
function leaveOut(): void {
  day.bitbucket.fail({
    when: ({ path }) => path.endsWith('/1.0/repos'),
    fault: {
      type: 'changed',
      change: (answer) => {
        const { values, ...page } = pageSchema.parse(answer.body);
        const left = values.filter(({ slug }) => slug === 'ops');
        return { ...answer, body: { ...page, size: left.length, values: left } };
      },
    },
  });
}

describe('of more than two hundred to be asked for', () => {
  it('some are asked first, and one that is alive keeps all', async () => {
    day = await theDayAfter('server', company(210), () => undefined, { mapping });
    leaveOut();

    const { exitCode, result } = await day.run('sync');

    expect(exitCode).toBe(4);
    expect(deletedIn(day)).toEqual([]);
    expect(day.bitbucket.requests.filter(isAsked)).toHaveLength(50);
    expect(result).toContain('another one that the same listing left out is still there');
  });

  it('all are asked when none of the first is alive', async () => {
    const data = company(210);
    day = await theDayAfter(
      'server',
      data,
      () => {
        for (let number = 1; number <= 210; number += 1) {
          removeRepository(data, 'PAY', `r${number}`);
        }
      },
      { mapping },
    );

    await done(day.run('sync'));

    expect(day.bitbucket.requests.filter(isAsked)).toHaveLength(210);
    const services = deletedIn(day).filter((each) => each.startsWith('service '));
    expect(services).toHaveLength(210);
  });
});

it('asks at a link that the title holds, and keeps what is there but cannot be mapped', async () => {
  const link = '.links.self[0].href';
  const of = (title: string) =>
    mappingOf([
      resource('repository', {
        identifier: '.slug',
        title,
        blueprint: '"service"',
        properties: {},
      }),
    ]);
  day = await theDayAfter('server', company(1), () => undefined, { mapping: of(link) });
  const { identifier } = INTEGRATION.server;
  day.port.putMapping(
    identifier,
    mappingOf([
      resource('repository', {
        identifier: 'if .slug == "r1" then error("no") else .slug end',
        title: link,
        blueprint: '"service"',
        properties: {},
      }),
    ]),
  );
  leaveOut();

  const { exitCode, result } = await day.run('sync');

  expect(exitCode).toBe(4);
  expect(deletedIn(day)).toEqual([]);
  expect(result).toContain('could not be mapped');
});

it('keeps what may cascade while it cannot be read what would go along', async () => {
  const data = company(1);
  day = await theDayAfter('server', data, () => {
    removeProject(data, 'PAY');
  });
  const theirs = (identifier: string, target: string) => ({
    identifier,
    title: identifier,
    schema: { properties: {} },
    relations: { to: { title: 'to', target, required: false, many: false } },
  });
  day.port.putBlueprint(theirs('first', 'service'));
  day.port.putBlueprint(theirs('second', 'first'));
  day.port.putEntity('first', { identifier: 'one', relations: { to: 'r1' } }, { datasource: null });
  day.port.fail({
    when: ({ path }) => path.endsWith('/second/entities/search'),
    fault: { type: 'answer', answer: { status: 500, body: {} } },
  });

  const { result } = await day.run('sync --allow-cascade');

  expect(deletedIn(day)).toEqual([]);
  expect(result).toContain('first one relates to r1');
});
