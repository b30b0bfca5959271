import { describe, expect, it } from '@jest/globals';
import type { SandboxPortOptions } from '../../../src/sandbox/port/state.js';
import { aPort, exporter, type PortUnderTest } from './a-port.js';

const one = (blueprint: string, identifier: string): string =>
  `DELETE /v1/blueprints/${blueprint}/entities/${identifier}`;
const bulk = (blueprint: string): string => `POST /v1/blueprints/${blueprint}/bulk/entities/delete`;
const ALONE = { query: 'delete_dependents=false' };
const CASCADING = { query: 'delete_dependents=true' };

/** ada reviews api-1 (optional) and owns web (optional); api-1 and api-2 belong to api (required). */
async function aRelatedCatalog(options: Partial<SandboxPortOptions> = {}): Promise<PortUnderTest> {
  const underTest = await aPort(options);
  const { port } = underTest;
  const source = { datasource: exporter };
  port.putEntity('user', { identifier: 'bob' }, source);
  port.putEntity('repository', { identifier: 'web', relations: { owner: 'ada' } }, source);
  for (const identifier of ['api-1', 'api-2']) {
    const reviewers = identifier === 'api-1' ? ['ada', 'bob'] : [];
    port.putEntity(
      'pullRequest',
      { identifier, relations: { repository: 'api', reviewers } },
      source,
    );
  }
  return underTest;
}

function left({ port }: PortUnderTest): string[] {
  return ['user', 'repository', 'pullRequest'].flatMap((blueprint) =>
    port.entities(blueprint).map(({ identifier }) => identifier),
  );
}

const ALL = ['ada', 'bob', 'api', 'web', 'api-1', 'api-2'];

describe('without dependents', () => {
  it('one entity goes', async () => {
    const underTest = await aRelatedCatalog();
    expect(await underTest.call(one('pullRequest', 'api-1'), ALONE)).toMatchObject({
      status: 200,
      body: { ok: true },
    });
    expect(left(underTest)).toEqual(['ada', 'bob', 'api', 'web', 'api-2']);
    expect(underTest.port.writes).toEqual([
      {
        type: 'entity-deleted',
        blueprint: 'pullRequest',
        identifier: 'api-1',
        cause: 'requested',
      },
    ]);
  });

  it('several go; unknown ones and repetitions are passed over', async () => {
    const underTest = await aRelatedCatalog();
    const answer = await underTest.call(bulk('pullRequest'), {
      ...ALONE,
      body: { entities: ['api-2', 'none', 'api-1', 'api-2'] },
    });
    expect(answer).toMatchObject({
      status: 200,
      body: { ok: true, deletedEntities: ['api-2', 'api-1'] },
    });
    expect(left(underTest)).toEqual(['ada', 'bob', 'api', 'web']);
    expect(underTest.port.writes).toHaveLength(2);
  });

  it('one that is not there is not found', async () => {
    const { call } = await aRelatedCatalog();
    expect(await call(one('pullRequest', 'none'), ALONE)).toMatchObject({
      status: 404,
      body: { ok: false, error: 'not_found' },
    });
  });

  it.each([
    [one('repository', 'api'), undefined],
    [one('user', 'bob'), undefined],
    [bulk('user'), { entities: ['bob', 'none'] }],
    [bulk('repository'), { entities: ['web', 'api'] }],
  ])('nothing goes when one has dependents: %s %j', async (route, body) => {
    const underTest = await aRelatedCatalog();
    const answer = await underTest.call(route, body === undefined ? ALONE : { ...ALONE, body });
    expect(answer).toMatchObject({ status: 422, body: { ok: false, error: 'has_dependents' } });
    expect(left(underTest)).toEqual(ALL);
    expect(underTest.port.writes).toEqual([]);
  });

  it('a dependent that goes in the same call does not stop it', async () => {
    const { port, call } = await aRelatedCatalog();
    port.putBlueprint({
      identifier: 'team',
      title: 'Team',
      schema: { properties: {} },
      relations: { parent: { target: 'team', required: false, many: false } },
    });
    port.putEntity('team', { identifier: 'top' }, { datasource: null });
    port.putEntity(
      'team',
      { identifier: 'sub', relations: { parent: 'top' } },
      { datasource: null },
    );
    const answer = await call(bulk('team'), { ...ALONE, body: { entities: ['top', 'sub'] } });
    expect(answer.status).toBe(200);
    expect(port.entities('team')).toEqual([]);
  });

  it('a dependent counts no more once it is gone or relates elsewhere', async () => {
    const { port, call } = await aRelatedCatalog();
    await call(one('pullRequest', 'api-1'), ALONE);
    port.putEntity(
      'pullRequest',
      { identifier: 'api-2', relations: { repository: 'web' } },
      { datasource: exporter },
    );
    expect((await call(one('repository', 'api'), ALONE)).status).toBe(200);
  });
});

describe('with dependents', () => {
  it('all that relate go as well, over any relation', async () => {
    const underTest = await aRelatedCatalog({ cascade: 'any' });
    const answer = await underTest.call(bulk('user'), {
      ...CASCADING,
      body: { entities: ['ada'] },
    });
    expect(answer).toMatchObject({ status: 200, body: { deletedEntities: ['ada'] } });
    expect(left(underTest)).toEqual(['bob', 'api', 'api-2']);
    expect(
      underTest.port.writes.map((write) => 'cause' in write && [write.identifier, write.cause]),
    ).toEqual([
      ['ada', 'requested'],
      ['web', 'dependent'],
      ['api-1', 'dependent'],
    ]);
  });

  it('only those go that require it, when relations that are required are followed', async () => {
    const underTest = await aRelatedCatalog({ cascade: 'required' });
    const { port, call } = underTest;
    expect((await call(one('user', 'ada'), CASCADING)).status).toBe(200);
    expect(left(underTest)).toEqual(['bob', 'api', 'web', 'api-1', 'api-2']);
    expect(port.entity('repository', 'web')?.relations).toEqual({ owner: null });
    expect(port.entity('pullRequest', 'api-1')?.relations).toMatchObject({ reviewers: ['bob'] });
    expect((await call(one('repository', 'api'), CASCADING)).status).toBe(200);
    expect(left(underTest)).toEqual(['bob', 'web']);
  });

  it('goes on through those that go', async () => {
    const underTest = await aRelatedCatalog();
    underTest.port.putEntity(
      'repository',
      { identifier: 'api', relations: { owner: 'bob' } },
      { datasource: exporter },
    );
    expect((await underTest.call(one('user', 'bob'), CASCADING)).status).toBe(200);
    expect(left(underTest)).toEqual(['ada', 'web']);
  });
});

describe('all entities of a blueprint', () => {
  it('go; what related to them loses its target', async () => {
    const underTest = await aRelatedCatalog();
    const answer = await underTest.call('DELETE /v1/blueprints/user/all-entities');
    expect(answer).toMatchObject({ status: 200, body: { ok: true } });
    expect(left(underTest)).toEqual(['api', 'web', 'api-1', 'api-2']);
    expect(underTest.port.entity('pullRequest', 'api-1')?.relations.reviewers).toEqual([]);
    expect(underTest.port.writes).toHaveLength(2);
  });

  it('go with their blueprint, unless another relates to it', async () => {
    const underTest = await aRelatedCatalog();
    const withBlueprint = { query: 'delete_blueprint=true' };
    const users = await underTest.call('DELETE /v1/blueprints/user/all-entities', withBlueprint);
    expect(users.status).toBe(422);
    expect(left(underTest)).toEqual(ALL);
    const { port, call } = underTest;
    const pulls = await call('DELETE /v1/blueprints/pullRequest/all-entities', withBlueprint);
    expect(pulls.status).toBe(200);
    expect(port.blueprint('pullRequest')).toBeUndefined();
    expect(port.writes.at(-1)).toEqual({ type: 'blueprint-deleted', blueprint: 'pullRequest' });
  });
});
