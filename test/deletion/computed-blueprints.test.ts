import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { JsonObject } from '../../src/model/json.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { removeRepository, renameRepository } from '../../src/sandbox/company/changes.js';
import { deletedIn, mappingOf, resource } from '../pipeline/safety-world.js';
import { aCompany } from '../world/a-company.js';
import { BOTH, done, putIntegration, theDayAfter, type Day, type Flavour } from './a-day.js';

const pageSchema = z.looseObject({
  values: z.array(z.looseObject({ slug: z.string().optional() })),
});

let day: Day;

afterEach(async () => {
  await day.close();
});

const deleted = (): readonly string[] => deletedIn(day);

function company(): Company {
  const builder = aCompany();
  for (const slug of ['api', 'web', 'api-old', 'web-old']) builder.withRepository('PAY', slug);
  return builder.build();
}

/** Old repositories go into another blueprint. */
function mapping(flavour: Flavour, ofOld = 'extra'): JsonObject {
  return mappingOf([
    resource('repository', {
      identifier: '.slug',
      title: '.name',
      blueprint: `if (.slug | endswith("-old")) then "${ofOld}" else "service" end`,
      properties: { link: flavour === 'server' ? '.links.self[0].href' : '.links.html.href' },
    }),
  ]);
}

describe.each(BOTH)('a mapping that computes its blueprint, on %s', (flavour) => {
  const start = (change: (data: Company) => void): Promise<Day> => {
    const data = company();
    return theDayAfter(flavour, data, () => (change(data), undefined), {
      mapping: mapping(flavour),
    });
  };

  it('has what is gone asked for and deleted, in each blueprint that it may feed', async () => {
    day = await start((data) => {
      removeRepository(data, 'PAY', 'web');
      removeRepository(data, 'PAY', 'web-old');
      removeRepository(data, 'PAY', 'api-old');
    });

    await done(day.run('sync'));

    expect(deleted()).toEqual(['extra api-old', 'extra web-old', 'service web']);
    for (const slug of ['web', 'web-old', 'api-old']) {
      expect(day.bitbucket.requests.map(({ path }) => path.split('/').at(-1))).toContain(slug);
    }
  });

  it('keeps what Bitbucket still has, although its listing does not show it', async () => {
    day = await start(() => undefined);
    day.bitbucket.fail({
      when: ({ path }) => /\/(?:1\.0\/repos|2\.0\/repositories\/[^/]+)$/u.test(path),
      fault: {
        type: 'changed',
        change: (answer) => {
          const { values, ...page } = pageSchema.parse(answer.body);
          const left = values.filter(({ slug }) => slug !== 'web-old');
          return { ...answer, body: { ...page, size: left.length, values: left } };
        },
      },
    });

    const { exitCode, result } = await day.run('sync');

    expect(exitCode).toBe(4);
    expect(deleted()).toEqual([]);
    expect(result).toContain('Bitbucket still has it, although its listing did not show it');
  });

  it('moves an item from one blueprint to the other', async () => {
    day = await start((data) => {
      renameRepository(data, 'PAY', 'web', 'gone-old');
    });

    await done(day.run('sync'));

    expect(deleted()).toEqual(['service web']);
    expect(day.identifiers('extra')).toEqual(['api-old', 'gone-old', 'web-old']);
  });

  it('keeps everything while it names a blueprint that Port lacks', async () => {
    day = await start((data) => {
      removeRepository(data, 'PAY', 'web');
    });
    putIntegration(day, mapping(flavour, 'extras'));

    const { exitCode, result } = await day.run('sync');

    expect(exitCode).toBe(4);
    expect(deleted()).toEqual([]);
    expect(result).toContain('the mapping names a blueprint that Port lacks');
  });
});
