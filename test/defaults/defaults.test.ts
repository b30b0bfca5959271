import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { DEFAULTS } from '../../src/defaults/index.js';
import { checkExpressions } from '../../src/mapping/check-expressions.js';
import type { JqEngine } from '../../src/mapping/engine/engine.js';
import type { MappedItem } from '../../src/mapping/mapper.js';
import type { Mapping } from '../../src/mapping/mapping.js';
import { parseMapping } from '../../src/mapping/parse-mapping.js';
import { writtenExpressions } from '../../src/mapping/written-expressions.js';
import { isJsonObject, type JsonObject } from '../../src/model/json.js';
import { serverKinds } from '../../src/source/server/kinds/index.js';
import { someEngine } from '../mapping/real-engines.js';
import { mapWith } from '../mapping/world.js';

const KINDS = ['project', 'repository', 'pull-request', 'user'];

function fixture(kind: string): JsonObject {
  const file = fileURLToPath(new URL(`../mapping/fixtures/${kind}.json`, import.meta.url));
  return z.record(z.string(), z.json()).parse(JSON.parse(readFileSync(file, 'utf8')));
}

function memberOf(value: JsonObject, name: string): JsonObject {
  const found = value[name];
  if (!isJsonObject(found)) throw new Error(`no ${name}`);
  return found;
}

describe('the defaults of Data Center', () => {
  const { blueprints, mapping: written } = DEFAULTS['bitbucket-server'];
  let engine: JqEngine;
  let mapping: Mapping;
  beforeAll(async () => {
    engine = await someEngine();
    mapping = parseMapping(written, {
      origin: 'the default mapping',
      kinds: serverKinds,
      unknownKeys: 'error',
    }).mapping;
  });
  afterAll(() => engine.close());

  const mapped = async (kind: string, change: JsonObject): Promise<MappedItem> => {
    const resource = mapping.resources.find((candidate) => candidate.kind === kind);
    const value = { ...memberOf(fixture(kind), 'payload'), ...change };
    const [item] = await mapWith(engine, resource!, [{ key: '1', link: null, value }]);
    return item!;
  };

  it('compile', async () => {
    await expect(checkExpressions(engine, writtenExpressions(written))).resolves.toEqual([]);
  });

  it('read open pull requests only', () => {
    expect(mapping.resources.map(({ kind, selector }) => [kind, selector])).toEqual([
      ['project', { query: 'true' }],
      ['repository', { query: 'true' }],
      ['pull-request', { query: 'true', state: 'OPEN' }],
      ['user', { query: 'true' }],
    ]);
  });

  it.each(KINDS)('have the blueprint of a %s that catalogs of today have', (kind) => {
    const today = memberOf(fixture(kind), 'blueprint');
    const ours = blueprints.find(({ identifier }) => identifier === today.identifier);
    expect(ours).toMatchObject({ ...today, description: expect.any(String) });
    expect(Object.keys(memberOf(ours!.schema, 'properties')).sort()).toEqual(
      Object.keys(memberOf(memberOf(today, 'schema'), 'properties')).sort(),
    );
  });

  it('fill nothing that the blueprints lack', () => {
    for (const { feeds } of mapping.resources) {
      const [{ blueprint, fields } = { blueprint: null, fields: null }] = feeds;
      const target = blueprints.find(
        ({ identifier }) => blueprint?.type === 'literal' && blueprint.identifier === identifier,
      );
      expect(Object.keys(memberOf(target!.schema, 'properties'))).toEqual(
        expect.arrayContaining([...(fields?.properties ?? [])]),
      );
      expect(Object.keys(memberOf(target!, 'relations')).sort()).toEqual(
        [...(fields?.relations ?? [])].sort(),
      );
    }
  });

  it('name blueprints before those that relate to them', () => {
    const known = new Set<string>();
    for (const blueprint of blueprints) {
      for (const relation of Object.values(memberOf(blueprint, 'relations'))) {
        expect(known).toContain(isJsonObject(relation) ? relation.target : null);
      }
      known.add(blueprint.identifier);
    }
  });

  it('keep a pull request whose people have no e-mail address', async () => {
    const nobody = { user: { name: 'ghost' } };
    const somebody = { user: { name: 'admin', emailAddress: 'admin@gmail.com' } };
    const { entities, problems, status } = await mapped('pull-request', {
      author: nobody,
      reviewers: [nobody, somebody],
      participants: [somebody, nobody, nobody],
    });
    expect(status).toBe('mapped');
    expect(entities[0]?.entity).toMatchObject({
      properties: { owner: null, reviewers: ['admin@gmail.com'] },
      relations: { participants: ['admin@gmail.com'] },
    });
    expect(problems).toMatchObject([
      { code: 'nulls-dropped', field: 'relations.participants', dropped: 2 },
    ]);
  });

  it('give an open pull request no time of merging', async () => {
    const { entities, problems } = await mapped('pull-request', { closedDate: null });
    expect(entities[0]?.entity.properties).toMatchObject({ mergedAt: null });
    expect(problems).toEqual([]);
  });

  it.each([
    [1_747_744_649_000, '2025-05-20T12:37:29Z'],
    ['1747744649000', '2025-05-20T12:37:29Z'],
    ['2018-07-05T19:33:14+0000', '2018-07-05T19:33:14+00:00'],
    ['2018-07-05T19:33:14-0530', '2018-07-05T19:33:14-05:30'],
    ['2018-07-05T19:33:14Z', '2018-07-05T19:33:14Z'],
    [null, null],
  ])('read the moment %s', async (createdDate, told) => {
    const { entities, problems } = await mapped('pull-request', { createdDate });
    expect(entities[0]?.entity.properties).toMatchObject({ created_on: told });
    expect(problems).toEqual([]);
  });

  it('make no pull request of a number alone', async () => {
    const { entities, problems } = await mapped('pull-request', { toRef: {}, reviewers: null });
    expect(entities).toEqual([]);
    expect(problems).toMatchObject([{ code: 'identifier-empty' }]);
  });

  it('skip a user without an e-mail address', async () => {
    const { entities, problems, status } = await mapped('user', { emailAddress: null });
    expect({ entities, status }).toEqual({ entities: [], status: 'mapped' });
    expect(problems).toMatchObject([{ code: 'identifier-empty', field: 'identifier' }]);
  });

  it('take an empty repository', async () => {
    const { entities, problems } = await mapped('repository', {
      __readme: '',
      __latestCommit: null,
    });
    expect(entities[0]?.entity).toMatchObject({
      properties: { documentation: '' },
      relations: { latestCommitAuthor: null },
    });
    expect(problems).toEqual([]);
  });
});
