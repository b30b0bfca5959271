import { afterEach, describe, expect, it } from '@jest/globals';
import { createHttpClient } from '../../src/http/create-http-client.js';
import type { JsonObject } from '../../src/model/json.js';
import { readBlueprints } from '../../src/port/blueprints.js';
import { readByIdentifier, readOwned } from '../../src/port/catalog.js';
import { createBlueprints, type BlueprintDefinition } from '../../src/port/create-blueprints.js';
import { deleteEntities } from '../../src/port/delete.js';
import {
  createIntegration,
  listIntegrations,
  readIntegration,
  updateIntegration,
} from '../../src/port/integration.js';
import { readOrganization } from '../../src/port/organization.js';
import { type OutgoingEntity, writtenEntity } from '../../src/port/catalog-entity.js';
import { readOwnedReferences } from '../../src/port/owned-references.js';
import { createPortClient, type PortClient } from '../../src/port/port-client.js';
import { reportResyncState } from '../../src/port/resync-state.js';
import { upsertEntities, type UpsertOutcome } from '../../src/port/upsert.js';
import { startPort, type SandboxPort } from '../../src/sandbox/port/port.js';
import type { SandboxPortOptions } from '../../src/sandbox/port/state.js';
import { createFakeClock, type FakeClock } from '../world/fake-clock.js';
import { collect } from './mock-port.js';

const credentials = { clientId: 'the-id', clientSecret: 'the-secret' };
const ocean = 'port-ocean/bitbucket-server/0.3.1/my-bitbucket/exporter';
const foreign = 'port-ocean/bitbucket-server/0.3.1/other-bitbucket/exporter';

const blueprints = [
  { identifier: 'project', title: 'Project', schema: { properties: {} } },
  {
    identifier: 'service',
    title: 'Service',
    schema: { properties: { url: { type: 'string', format: 'url' }, size: { type: 'number' } } },
    relations: { project: { target: 'project', required: false, many: false } },
  },
] satisfies readonly JsonObject[];

interface World {
  readonly port: SandboxPort;
  readonly client: PortClient;
  readonly clock: FakeClock;
}
const worlds: World[] = [];

afterEach(async () => {
  const open = worlds.splice(0);
  for (const { port, client } of open) {
    await client.close();
    await port.close();
  }
  expect(open.flatMap(({ port }) => port.violations)).toEqual([]);
});

async function aWorld(options: Partial<SandboxPortOptions> = {}): Promise<World> {
  const clock = createFakeClock();
  const port = await startPort({ ...credentials, clock, ...options });
  for (const blueprint of blueprints) port.putBlueprint(blueprint);
  const client = createPortClient({
    createHttp: (signing) =>
      createHttpClient({
        origin: new URL(port.url),
        clock,
        random: () => 0.5,
        userAgent: 'not the one',
        ...signing,
      }),
    baseUrl: new URL(port.url),
    ...credentials,
    integration: { type: 'bitbucket-server', identifier: 'my-bitbucket', version: '1.2.3' },
    clock,
  });
  const world = { port, client, clock };
  worlds.push(world);
  return world;
}

const service = (identifier: string, fields: Partial<OutgoingEntity> = {}): OutgoingEntity => ({
  identifier,
  properties: {},
  relations: {},
  ...fields,
});
const many = (count: number): OutgoingEntity[] =>
  Array.from({ length: count }, (_, index) => service(`s${index}`));
const options = { merge: true, createMissingRelatedEntities: false };
const upsert = (
  client: PortClient,
  entities: readonly OutgoingEntity[],
): Promise<readonly UpsertOutcome[]> =>
  upsertEntities(client, 'service', entities.map(writtenEntity), options);
const fields = {
  title: true,
  icon: false,
  team: false,
  properties: ['url'],
  relations: ['project'],
};
const routes = ({ port }: World, end: string): number =>
  port.requests.filter(({ path }) => path.endsWith(end)).length;

describe('over a Port', () => {
  it('loads entities and reads them back as ours', async () => {
    const { client, clock } = await aWorld();
    const url = 'https://git.example.com/api';
    const entity = service('PAY/api', { title: 'API', properties: { url, size: 3 } });
    expect(await upsert(client, [entity])).toEqual([{ type: 'created' }]);
    expect(await upsert(client, [entity])).toEqual([{ type: 'updated' }]);
    const read = await collect(readOwned(client, 'service', fields));
    expect(read.flat()).toEqual([
      {
        identifier: 'PAY/api',
        title: 'API',
        updatedAt: clock.now(),
        createdAt: clock.now(),
        properties: { url },
        relations: expect.anything(),
      },
    ]);
  });

  it('knows what another version loaded, and not what another installation did', async () => {
    const { client, port } = await aWorld({ pageLimit: 1 });
    port.putEntity('service', { identifier: 'older' }, { datasource: ocean });
    port.putEntity('service', { identifier: 'theirs' }, { datasource: foreign });
    port.putEntity('service', { identifier: 'by-hand' }, { datasource: null });
    port.putEntity('project', { identifier: 'PAY' }, { datasource: ocean });
    await upsert(client, [service('newer')]);

    const owned = (await collect(readOwned(client, 'service', fields))).flat();
    expect(owned.map(({ identifier }) => identifier).sort()).toEqual(['newer', 'older']);

    const named = ['older', 'theirs', 'by-hand', 'nowhere'];
    const found = (await collect(readByIdentifier(client, 'service', named, fields))).flat();
    expect(found.map(({ identifier }) => identifier).sort()).toEqual([
      'by-hand',
      'older',
      'theirs',
    ]);
    expect(found.every(({ createdBy }) => typeof createdBy === 'string')).toBe(true);
    const ours = await collect(
      readByIdentifier(client, 'service', named, fields, { ownedOnly: true }),
    );
    expect(ours.flat().map(({ identifier }) => identifier)).toEqual(['older']);

    const references = (await collect(readOwnedReferences(client))).flat();
    expect(references.map((one) => `${one.blueprint} ${one.identifier}`).sort()).toEqual([
      'project PAY',
      'service newer',
      'service older',
    ]);
  });

  it('searches for references where Port has no such route', async () => {
    const world = await aWorld();
    world.port.putEntity('project', { identifier: 'PAY' }, { datasource: ocean });
    world.port.fail({
      when: ({ path }) => path.endsWith('/datasource-entities'),
      fault: { type: 'answer', answer: { status: 404, body: { ok: false, error: 'not_found' } } },
    });
    const references = await collect(readOwnedReferences(world.client));
    expect(references.flat()).toEqual([{ blueprint: 'project', identifier: 'PAY' }]);
  });

  it('tells which of a bulk have no target', async () => {
    const { client, port } = await aWorld();
    port.putEntity('project', { identifier: 'PAY' }, { datasource: ocean });
    const outcomes = await upsert(client, [
      service('a', { relations: { project: 'PAY' } }),
      service('b', { relations: { project: 'NONE' } }),
      service('c', { properties: { size: 'large' } }),
    ]);
    expect(outcomes).toEqual([
      { type: 'created' },
      expect.objectContaining({ type: 'refused', status: 404, error: 'not_found' }),
      expect.objectContaining({ type: 'refused', status: 422 }),
    ]);
    expect(port.entities('service').map(({ identifier }) => identifier)).toEqual(['a']);
  });

  it('loads the other 19 when the shape of one costs the bulk', async () => {
    const world = await aWorld();
    const entities = many(20).map((entity, index) =>
      index === 7 ? { ...entity, identifier: 'not allowed' } : entity,
    );
    const outcomes = await upsert(world.client, entities);
    expect(outcomes.filter(({ type }) => type === 'created')).toHaveLength(19);
    expect(outcomes[7]).toMatchObject({ type: 'refused', status: 422 });
    expect(world.port.entities('service')).toHaveLength(19);
    // That is what was tested: the shape is none that the contract knows.
    expect(world.port.violations.length).toBeGreaterThan(0);
    world.port.reset();
  });

  it('loads once what was applied although its answer was lost', async () => {
    const world = await aWorld();
    world.port.fail({
      when: ({ path }) => path.endsWith('/entities/bulk'),
      fault: { type: 'lost-answer' },
      times: 1,
    });
    const outcomes = await upsert(world.client, many(3));
    expect(outcomes).toEqual(Array(3).fill({ type: 'updated' }));
    expect(world.port.entities('service')).toHaveLength(3);
  });

  it('goes on when its token ends ahead of time', async () => {
    const world = await aWorld();
    await world.client.authenticate();
    world.port.expireToken();
    const outcomes = await Promise.all(many(8).map((entity) => upsert(world.client, [entity])));
    expect(outcomes.flat()).toEqual(Array(8).fill({ type: 'created' }));
    expect(routes(world, '/access_token')).toBe(2);
  });

  it('is refused at most once for each token that ends, and asks for few', async () => {
    const world = await aWorld({ tokenLifetimeSeconds: 600 });
    const minutes = 30;
    for (let minute = 0; minute < minutes; minute += 1) {
      const [outcome] = await upsert(world.client, many(1));
      expect(outcome?.type).not.toBe('not-loaded');
      world.clock.advance(60_000);
    }
    expect(routes(world, '/entities/bulk') - minutes).toBeLessThanOrEqual(3);
    expect(routes(world, '/access_token')).toBeLessThanOrEqual(6);
  });

  it('deletes what nobody needs and keeps what somebody does', async () => {
    const { client, port } = await aWorld();
    for (const identifier of ['A', 'B', 'C']) {
      port.putEntity('project', { identifier }, { datasource: ocean });
    }
    const dependent = { identifier: 'by-hand', relations: { project: 'B' } };
    port.putEntity('service', dependent, { datasource: null });
    const outcomes = await deleteEntities(client, 'project', ['A', 'B', 'nowhere', 'C']);
    expect(outcomes).toEqual([
      { type: 'deleted' },
      { type: 'refused', reason: expect.stringContaining('by-hand') },
      { type: 'gone' },
      { type: 'deleted' },
    ]);
    expect(port.entities('project').map(({ identifier }) => identifier)).toEqual(['B']);
    expect(port.entities('service')).toHaveLength(1);
    expect(await deleteEntities(client, 'nowhere', ['x'])).toEqual([{ type: 'gone' }]);
  });

  it('reads blueprints, and creates those that are missing', async () => {
    const { client, port } = await aWorld();
    const definitions: readonly BlueprintDefinition[] = [
      { identifier: 'service', title: 'Altered', schema: { properties: {} } },
      {
        identifier: 'pullRequest',
        title: 'Pull request',
        schema: { properties: { state: { type: 'string' } } },
        relations: { service: { target: 'service', required: false, many: false } },
        mirrorProperties: { serviceUrl: { path: 'service.url' } },
      },
    ];
    const existing = await readBlueprints(client);
    expect([...existing.keys()]).toEqual(['project', 'service']);
    expect(existing.get('service')?.properties.get('url')).toMatchObject({ format: 'url' });
    const created = await createBlueprints(client, definitions, new Set(existing.keys()));
    expect(created).toEqual(['pullRequest']);
    const now = await readBlueprints(client);
    expect(now.get('service')).toEqual(existing.get('service'));
    expect(now.get('pullRequest')).toMatchObject({
      relations: new Map([['service', { target: 'service', required: false, many: false }]]),
      computedProperties: new Set(['serviceUrl']),
    });
    expect(await createBlueprints(client, definitions, new Set())).toEqual([]);
    expect(port.blueprint('service')?.title).toBe('Service');
  });

  it('leaves no blueprint behind that could not be finished', async () => {
    const { client, port } = await aWorld();
    const definitions: readonly BlueprintDefinition[] = [
      {
        identifier: 'a',
        title: 'A',
        schema: { properties: {} },
        relations: { b: { target: 'b', required: false, many: false } },
      },
      {
        identifier: 'b',
        title: 'B',
        schema: { properties: {} },
        relations: { c: { target: 'nowhere', required: false, many: false } },
      },
    ];
    await expect(createBlueprints(client, definitions, new Set())).rejects.toMatchObject({
      problems: [{ code: 'defaults-refused', blueprint: 'b' }],
    });
    expect(port.blueprints().map(({ identifier }) => identifier)).toEqual(['project', 'service']);
  });

  it('keeps the record of its integration', async () => {
    const { client, clock } = await aWorld({
      featureFlags: ['LAKEHOUSE_ELIGIBLE', 'DATA_SOURCE_PROCESSOR_ENABLED'],
    });
    expect(await readIntegration(client)).toEqual({ status: 'missing' });
    const config = { resources: [], createMissingRelatedEntities: true };
    const created = await createIntegration(client, { config });
    expect(created).toMatchObject({ version: 'bitbucket-port-1.2.3', config });
    expect(await createIntegration(client, { config: {} })).toEqual(created);
    await updateIntegration(client, { arePortResourcesInitialized: true });
    const state = { status: 'running', lastResyncStart: clock.now(), lastResyncEnd: null } as const;
    expect(await reportResyncState(client, state)).toBeNull();
    expect(await readIntegration(client)).toEqual({
      status: 'found',
      integration: {
        ...created,
        arePortResourcesInitialized: true,
        resync: {
          status: 'running',
          lastResyncStart: new Date(clock.now()).toISOString(),
          lastResyncEnd: null,
        },
      },
    });
    const [listed] = await listIntegrations(client);
    expect(listed).toMatchObject({ identifier: 'my-bitbucket', type: 'bitbucket-server' });
    expect(await readOrganization(client)).toEqual({
      isProcessedByPort: true,
      isBlocked: false,
    });
  });
});
