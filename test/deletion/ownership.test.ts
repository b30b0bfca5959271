import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { removeRepository } from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import type { JsonObject } from '../../src/model/json.js';
import { aCompany } from '../world/a-company.js';
import type { RunResult } from '../world/world-around.js';
import { deletedIn } from '../pipeline/safety-world.js';
import { aDay, BOTH, done, INTEGRATION, mappingOn, type Day } from './a-day.js';

let day: Day;

/** Has each test of a `describe` close the day that it began. */
function closeEach(): void {
  afterEach(() => day.close());
}

const deleted = (): readonly string[] => deletedIn(day);

function company(): Company {
  const builder = aCompany();
  for (const slug of ['api', 'web', 'shop']) {
    builder.withRepository('PAY', slug).withPullRequest('PAY', slug);
  }
  return builder.build();
}

/** Puts an integration of its own, which has judged deletions before. */
function putOther(identifier: string, config: JsonObject, type?: string): void {
  day.port.putIntegration({
    installationId: identifier,
    installationAppType: type ?? INTEGRATION[day.flavour].type,
    version: 'bitbucket-port-0.0.1',
    changelogDestination: {},
    config,
    arePortResourcesInitialized: true,
  });
}

const runAs = (identifier: string, line = 'sync'): Promise<RunResult> =>
  day.run(line, { env: { OCEAN__INTEGRATION__IDENTIFIER: identifier } });

/** Identifiers of two integrations in one Port: ours, and another one. */
const PAIRS: readonly (readonly [ours: string, other: string])[] = [
  ['prod', 'eu/prod'],
  ['eu/prod', 'prod'],
  ['prod', 'prod/eu'],
  ['prod', 'prod/exporter'],
  ['exporter', 'prod/exporter'],
  ['prod', 'a/b/c/prod'],
  ['eu/prod', 'a/eu/prod'],
  ['prod', 'eu.prod'],
  ['prod', 'EU/Prod'],
  ['Prod', 'eu/prod'],
  ['PROD', 'eu/Prod'],
];

describe.each([
  ['server', 'as-sent'],
  ['cloud', 'lower'],
] as const)('on %s, where Port stores user agents %s', (flavour, datasourceCase) => {
  closeEach();

  const port = { conduct: { datasourceCase } };

  // The rules are the same on both: one of them tries every third pair.
  const pairs = PAIRS.filter((_, index) => flavour === 'server' || index % 3 === 0);

  it.each(pairs)('"%s" never touches what "%s" loaded', async (ours, other) => {
    const data = company();
    day = await aDay(flavour, data, { port });
    putOther(ours, mappingOn(flavour, { prefix: 'our-' }));
    putOther(other, mappingOn(flavour, { prefix: 'their-' }));
    for (const identifier of [other, ours, other]) await done(runAs(identifier));
    removeRepository(data, 'PAY', 'shop');
    day.port.reset();

    await done(runAs(ours, 'sync --strict'));

    expect(deleted()).toEqual(['change our-shop-1', 'service our-shop']);
    day.port.reset();
    await done(runAs(other, 'sync --strict'));
    expect(deleted()).toEqual(['change their-shop-1', 'service their-shop']);
    expect(day.identifiers('service')).toEqual(['our-api', 'our-web', 'their-api', 'their-web']);
  });

  it.each(['Prod', 'my-Integration', 'PROD/EU'])(
    'an integration with capitals, "%s", knows its own again',
    async (identifier) => {
      const data = company();
      day = await aDay(flavour, data, { port });
      putOther(identifier, mappingOn(flavour));
      await done(runAs(identifier));
      removeRepository(data, 'PAY', 'shop');
      day.port.reset();

      const plan = await runAs(identifier, 'plan --detailed-exitcode');
      await done(runAs(identifier, 'sync --strict'));

      expect(plan.exitCode).toBe(10);
      expect(deleted()).toEqual(['change shop-1', 'service shop']);
      expect(day.port.writes.filter(({ type }) => type === 'entity-upserted')).toEqual([]);
    },
  );

  it('two integrations that differ in case alone keep everything, and say so', async () => {
    const data = company();
    day = await aDay(flavour, data, { port });
    putOther('prod', mappingOn(flavour));
    putOther('PROD', mappingOn(flavour, { prefix: 'their-' }));
    await done(runAs('PROD'));
    await done(runAs('prod'));
    removeRepository(data, 'PAY', 'shop');
    day.port.reset();

    const { exitCode, result } = await runAs('prod');

    expect(exitCode).toBe(0);
    expect(deleted()).toEqual([]);
    expect(result).toContain('cannot be told from that of another integration');
    expect(result).toContain('must not differ in upper and lower case alone');
  });
});

describe('an identifier with something that a user agent cannot tell', () => {
  closeEach();

  it.each(['my prod', '(prod)', 'größe', 'прод', 'prod\tx'])(
    '"%s" is refused before anything is sent',
    async (identifier) => {
      day = await aDay('server', company());

      const { exitCode, stderr, stdout } = await runAs(identifier);

      expect(exitCode).toBe(2);
      expect(stderr + stdout).toContain('INTEGRATION__IDENTIFIER');
      expect(day.port.requests).toEqual([]);
    },
  );
});

describe.each(BOTH)('entities of other data sources on %s', (flavour) => {
  const { type, identifier } = INTEGRATION[flavour];
  const others: readonly (readonly [name: string, datasource: string | null])[] = [
    ['of another type, with our identifier', `port-ocean/github/1.0.0/${identifier}/exporter`],
    ['of a type that ends as ours', `port-ocean/my-${type}/1.0.0/${identifier}/exporter`],
    ['of a type that begins as ours', `port-ocean/${type}-two/1.0.0/${identifier}/exporter`],
    ['without an exporter', `port-ocean/${type}/1.0.0/${identifier}`],
    ['of an identifier that begins as ours', `port-ocean/${type}/1.0.0/${identifier}-2/exporter`],
    ['of an identifier that ends as ours', `port-ocean/${type}/1.0.0/x-${identifier}/exporter`],
    ['of a browser', 'Mozilla/5.0'],
    ['of Terraform', 'terraform-provider-port-labs/1.2.3'],
    ['of nobody', ''],
    ['of a person', null],
  ];
  const ours = `port-ocean/${type}/bitbucket-port-0.0.1/${identifier}/exporter`;
  const own: readonly (readonly [name: string, datasource: string])[] = [
    ['of the container', `port-ocean/${type}/0.48.0/${identifier}/exporter`],
    ['in lower case', ours.toLowerCase()],
  ];

  const nameOf = (words: string): string => words.replace(/\W+/gu, '-');

  /** All stand in Port before the first run; the second may delete what is ours. */
  beforeAll(async () => {
    day = await aDay(flavour, company());
    for (const [name, datasource] of [...others, ...own]) {
      day.port.putEntity('service', { identifier: nameOf(name) }, { datasource });
    }
    day.clock.advance(60_000);
    await done(day.run('sync'));
    day.port.reset();
    await done(day.run('sync --strict'));
  });

  afterAll(() => day.close());

  it.each(others)('%s stay', (name) => {
    expect(day.identifiers('service')).toContain(nameOf(name));
  });

  it.each(own)('are ours %s, and go', (name) => {
    expect(deleted()).toContain(`service ${nameOf(name)}`);
  });

  it('that are ours go, and nothing else is written', () => {
    expect(deleted()).toHaveLength(own.length);
    expect(day.port.writes).toHaveLength(own.length);
  });
});

describe.each(BOTH)('where Port does not list the integrations on %s', (flavour) => {
  closeEach();

  it.each(['own', 'none'] as const)(
    'but "%s", nothing is deleted, with a warning',
    async (integrations) => {
      const data = company();
      day = await aDay(flavour, data);
      await done(day.run('sync'));
      removeRepository(data, 'PAY', 'shop');
      day.port.reset();
      day.port.behave({ integrations });

      const { exitCode, result } = await day.run('sync');

      // Without our own, there is no mapping to read with.
      expect(exitCode).toBe(integrations === 'none' ? 3 : 0);
      expect(deleted()).toEqual([]);
      if (integrations === 'none') return;
      expect(result).toContain('its data source cannot be told from that of another integration');
      expect(result).toContain('Port must list the integrations to these credentials');
    },
  );
});

describe.each(BOTH)('a run that finds none of its own on %s', (flavour) => {
  closeEach();

  it('among entities that equal what it would write says so, and plan does', async () => {
    day = await aDay(flavour, company());
    putOther('before', mappingOn(flavour));
    await done(runAs('before'));
    day.port.reset();

    for (const line of ['plan', 'sync', 'sync']) {
      const { exitCode, result } = await day.run(line);
      expect([line, exitCode]).toEqual([line, 0]);
      expect(result).toContain('Port holds 7 entities as this run would write them');
      expect(result).toContain('says of none that this integration loaded it');
    }
    expect((await day.run('sync --strict')).exitCode).toBe(4);
    expect(deleted()).toEqual([]);
  });

  it('says nothing in a first run, nor where some are its own', async () => {
    day = await aDay(flavour, company());
    putOther('before', mappingOn(flavour, { kinds: ['project'] }));
    await done(runAs('before'));

    await done(day.run('sync --strict'));
    await done(day.run('sync --strict'));
  });
});
