import { afterEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/model/json.js';
import { removeRepository } from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { aCompany } from '../world/a-company.js';
import { deletedIn, resource } from '../pipeline/safety-world.js';
import { BOTH, done, mappingOn, planned, putIntegration, theDayAfter, type Day } from './a-day.js';

let day: Day;

afterEach(async () => {
  await day.close();
});

const deleted = (): readonly string[] => deletedIn(day);

function company(): Company {
  const builder = aCompany();
  for (const slug of ['api', 'web', 'old']) {
    builder.withRepository('PAY', slug).withPullRequest('PAY', slug);
  }
  return builder.build();
}

/** A mapping of repositories alone, something of it broken; the rest of the mapping is as before. */
function broken(flavour: Day['flavour'], mappings: JsonObject, selector: JsonObject = {}) {
  const service = {
    identifier: '.slug',
    title: '.name',
    blueprint: '"service"',
    properties: {},
    relations: { team: '.project.key' },
    ...mappings,
  };
  const kinds = ['project', 'pull-request'] as const;
  return mappingOn(flavour, { kinds, more: [resource('repository', service, selector)] });
}

describe.each(BOTH)('an expression that is not jq, in a mapping of Port on %s', (flavour) => {
  it('costs its field alone, which stays as it is in Port', async () => {
    const data = company();
    day = await theDayAfter(flavour, data, () => {
      removeRepository(data, 'PAY', 'old');
    });
    const link = day.port.entity('service', 'api')?.properties.link;
    const properties = { link: '.links.self[', note: '.name' };
    putIntegration(day, broken(flavour, { properties }));

    const { exitCode, result } = await day.run('sync');

    expect(exitCode).toBe(4);
    expect(result).toContain('properties.link is not valid jq');
    expect(result).toContain('the field is left as it is in Port');
    expect(day.port.entity('service', 'api')?.properties).toEqual({ link, note: 'api' });
    expect((await day.run('sync')).exitCode).toBe(4);
    expect(day.port.writes.filter(({ type }) => type === 'entity-upserted')).toHaveLength(2);
    expect(deleted()).toEqual(['change old-1', 'service old']);
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['identifier', { identifier: '.slug | (' }, {}],
    ['blueprint', { blueprint: '"service' }, {}],
    ['selector', {}, { query: '.slug ==' }],
  ])('costs what it makes, and nothing is deleted there: %s', async (_, mappings, selector) => {
    const data = company();
    day = await theDayAfter(flavour, data, () => {
      removeRepository(data, 'PAY', 'old');
    });
    putIntegration(day, broken(flavour, mappings, selector));

    const before = day.identifiers('service');
    const plan = await planned(day);
    const { exitCode, result } = await day.run('sync');

    expect([plan.exitCode, exitCode]).toEqual([4, 4]);
    expect(result).toContain('is not valid jq');
    expect(day.identifiers('service')).toEqual(before);
    expect(deleted().filter((each) => each.startsWith('service'))).toEqual([]);
    expect(day.identifiers('team')).toEqual(['PAY']);

    putIntegration(day, mappingOn(flavour));
    await done(day.run('sync --strict'));
    expect(deleted()).toEqual(['change old-1', 'service old']);
  });

  it('withholds deletions also where no item is there to fail', async () => {
    const data = company();
    day = await theDayAfter(flavour, data, () => {
      for (const slug of ['api', 'web', 'old']) removeRepository(data, 'PAY', slug);
    });
    putIntegration(day, broken(flavour, { identifier: '.slug | (' }));

    expect((await day.run('sync')).exitCode).toBe(4);

    expect(deleted().filter((each) => each.startsWith('service'))).toEqual([]);
  });
});
