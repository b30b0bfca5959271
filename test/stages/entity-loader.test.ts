import { describe, expect, it } from '@jest/globals';
import type { Entity, MappedFields } from '../../src/model/entity.js';
import type { CatalogEntity } from '../../src/port/catalog-entity.js';
import type { UpsertOutcome } from '../../src/port/upsert.js';
import type { Problem } from '../../src/problems/problem.js';
import { EntityComparison, type OwnedEntity } from '../../src/stages/entity-comparison.js';
import { EntityLoader, type Loadable } from '../../src/stages/entity-loader.js';
import { ChangeTally } from '../../src/stages/resource-tally.js';
import { aBlueprint, anEntity, someFields } from '../reconcile/a-blueprint.js';
import { FakeWriter } from './fake-writer.js';

const blueprint = aBlueprint('service', {
  properties: { url: null, stars: null },
  relations: { project: 'project' },
});
const fields = someFields({ title: true, properties: ['url'], relations: ['project'] });
const moreFields = someFields({ properties: ['stars'] });

/** An entity as Port holds it. */
function held(difference: Partial<CatalogEntity> = {}): CatalogEntity {
  return {
    identifier: 'api',
    title: 'API',
    updatedAt: 1,
    createdAt: 1,
    properties: { url: 'x' },
    relations: { project: 'PAY' },
    ...difference,
  };
}

const mapped = anEntity({ title: 'API', properties: { url: 'x' }, relations: { project: 'PAY' } });

function aLoader({
  owned = [],
  foreign = [],
  merge = true,
  createMissingRelatedEntities = true,
  feeds = [fields],
  hasOthers = () => Promise.resolve(foreign.length > 0),
  findOthers = (others) => Promise.resolve(others),
}: {
  readonly owned?: readonly CatalogEntity[];
  readonly foreign?: readonly CatalogEntity[];
  readonly merge?: boolean;
  readonly createMissingRelatedEntities?: boolean;
  readonly feeds?: readonly MappedFields[];
  readonly hasOthers?: () => Promise<boolean>;
  readonly findOthers?: (
    others: ReadonlyMap<string, OwnedEntity>,
  ) => Promise<ReadonlyMap<string, OwnedEntity>>;
} = {}) {
  const comparison = new EntityComparison(blueprint, feeds);
  const summaries = (all: readonly CatalogEntity[]): ReadonlyMap<string, OwnedEntity> =>
    new Map(all.map((entity) => [entity.identifier, comparison.summarize(entity)]));
  const tallies = feeds.map(() => ({ tally: new ChangeTally(), isBounded: false }));
  const problems: Problem[] = [];
  const writer = new FakeWriter();
  const asked: (readonly string[])[] = [];
  const askedOthers: (readonly string[])[] = [];
  const loader = new EntityLoader(
    blueprint,
    tallies,
    {
      owned: () => Promise.resolve(summaries(owned)),
      hasOthers: () => hasOthers(),
      findOthers: (identifiers) => {
        askedOthers.push(identifiers);
        return findOthers(summaries(foreign));
      },
      isOfOthers: (identifier) => foreign.some((entity) => entity.identifier === identifier),
      find: (identifiers) => {
        asked.push(identifiers);
        return Promise.resolve(new Map(owned.map((entity) => [entity.identifier, entity])));
      },
    },
    comparison,
    (answered) => writer.open(answered),
    { merge, createMissingRelatedEntities, report: (problem) => problems.push(problem) },
  );
  const load = async (
    entity: Entity,
    { positions = [0], isWhole = true }: { positions?: readonly number[]; isWhole?: boolean } = {},
  ): Promise<void> => {
    await loader.load([{ entity, item: 'https://bitbucket.example.com/api', positions, isWhole }]);
    await loader.finish();
  };
  const [first] = tallies;
  return { load, loader, writer, problems, asked, askedOthers, tally: first!.tally };
}

describe('EntityLoader', () => {
  it('sends nothing for an entity that Port holds as it is', async () => {
    const { load, writer, tally } = aLoader({ owned: [held()] });
    await load(mapped);
    expect(writer.sent).toEqual([]);
    expect(tally).toMatchObject({ unchanged: 1, created: 0, updated: 0 });
  });

  it.each<[string, Partial<CatalogEntity>]>([
    ['the title', { title: 'Api' }],
    ['a property', { properties: { url: 'y' } }],
    ['a relation', { relations: { project: 'WEB' } }],
  ])('sends an entity of which %s differs', async (_name, difference) => {
    const { load, writer, tally } = aLoader({ owned: [held(difference)] });
    await load(mapped);
    expect(writer.sent).toMatchObject([
      { outgoing: { identifier: 'api', properties: { url: 'x' } }, merge: true },
    ]);
    expect(tally).toMatchObject({ updated: 1, created: 0, unchanged: 0 });
  });

  it('does not look at what the mapping does not fill', async () => {
    const stars = { url: 'x', stars: '7' };
    const { load, writer } = aLoader({ owned: [held({ properties: stars, icon: 'Git' })] });
    await load(mapped);
    expect(writer.sent).toEqual([]);
  });

  it('counts an entity as new that was not there before the run, whatever Port says', async () => {
    const { load, writer, tally } = aLoader();
    writer.outcome = { type: 'updated' };
    await load(mapped);
    expect(tally).toMatchObject({ created: 1, updated: 0 });
  });

  it('counts an entity as new of which Port knew nothing but the identifier', async () => {
    const bare = held({ title: 'api', properties: {}, relations: {} });
    const { load, tally } = aLoader({ owned: [bare] });
    await load(mapped);
    expect(tally).toMatchObject({ created: 1, updated: 0 });
  });

  it('neither rewrites nor counts as new what another program made and we only add to', async () => {
    const { load, writer, tally } = aLoader({ foreign: [held()] });
    await load(mapped);
    expect(writer.sent).toEqual([]);
    expect(tally).toMatchObject({ unchanged: 1, created: 0 });
  });

  it.each<[string, boolean, Entity, boolean, boolean]>([
    ['merging', true, mapped, true, true],
    ['replacing', false, mapped, true, false],
    [
      'replacing, but a field could not be read',
      false,
      anEntity({ relations: { project: 'PAY' } }),
      true,
      true,
    ],
    ['replacing, but another feed did not come to its end', false, mapped, false, true],
  ])('writes %s', async (_name, merge, entity, isWhole, expected) => {
    const { load, writer } = aLoader({ merge });
    await load(entity, { isWhole });
    expect(writer.sent.map((sent) => sent.merge)).toEqual([expected]);
  });

  it('compares an entity of several feeds on the fields of all that made it', async () => {
    const owned = [held({ properties: { url: 'x', stars: '7' } })];
    const both = { ...mapped, properties: { url: 'x', stars: '8' } };
    const changed = aLoader({ owned, feeds: [fields, moreFields] });
    await changed.load(both, { positions: [0, 1] });
    expect(changed.writer.sent).toHaveLength(1);
    const first = aLoader({ owned, feeds: [fields, moreFields] });
    await first.load(both, { positions: [0] });
    expect(first.writer.sent).toEqual([]);
  });

  it.each<[UpsertOutcome, Partial<Problem>]>([
    [
      { type: 'refused', status: 422, error: 'invalid', message: 'no' },
      { code: 'entity-refused', status: 422, message: 'no' },
    ],
    [
      { type: 'too-large', bytes: 2_000_000, answer: null },
      { code: 'entity-too-large', bytes: 2_000_000 },
    ],
    [
      { type: 'blocked', answer: 'answered 403 Forbidden' },
      { code: 'entity-blocked', answer: 'answered 403 Forbidden' },
    ],
    [
      { type: 'not-loaded', reason: 'no answer' },
      { code: 'entities-not-loaded', count: 1, reason: 'no answer' },
    ],
  ])('reports and counts $type', async (outcome, problem) => {
    const { load, writer, problems, tally } = aLoader();
    writer.outcome = outcome;
    await load(mapped);
    expect(problems).toEqual([expect.objectContaining(problem)]);
    expect(tally).toMatchObject({ failed: 1, created: 0 });
  });
});

describe('a search query', () => {
  const query = { combinator: 'and', rules: [{ property: 'url', operator: '=', value: 'x' }] };

  it.each<[string, Partial<Entity>]>([
    ['an identifier', { identifier: 'url = "x"', search: query }],
    ['a team', { team: query }],
    ['a relation', { relations: { project: query } }],
  ])(
    'that stands for %s is never compared: the entity is sent and counted apart',
    async (_, difference) => {
      const { load, writer, tally } = aLoader({ owned: [held()] });
      await load({ ...mapped, ...difference });
      expect(writer.sent).toHaveLength(1);
      expect(tally).toMatchObject({ searched: 1, unchanged: 0, updated: 0, created: 0 });
    },
  );

  it('goes to Port in place of the identifier', async () => {
    const { load, writer } = aLoader();
    await load({ ...mapped, identifier: 'url = "x"', search: query });
    expect(writer.sent[0]?.outgoing.identifier).toEqual(query);
  });

  it('in a relation that the blueprint lacks matters to nobody', async () => {
    const { load, writer } = aLoader({ owned: [held()] });
    await load({ ...mapped, relations: { ...mapped.relations, nope: query } });
    expect(writer.sent).toEqual([]);
  });
});

describe('an entity of which a field could not be read', () => {
  const unreadable = anEntity({ title: 'API', relations: { project: 'PAY' } });

  it('is not sent when what it does say stands there already', async () => {
    const { load, writer, asked, tally } = aLoader({ owned: [held()] });
    await load(unreadable);
    expect(writer.sent).toEqual([]);
    expect(asked).toEqual([['api']]);
    expect(tally).toMatchObject({ unchanged: 1, updated: 0 });
  });

  it.each<[string, Entity]>([
    ['the title', { ...unreadable, title: 'Api' }],
    ['a relation', { ...unreadable, relations: { project: 'WEB' } }],
  ])('is sent when %s differs', async (_name, entity) => {
    const { load, writer, tally } = aLoader({ owned: [held()] });
    await load(entity);
    expect(writer.sent).toHaveLength(1);
    expect(tally).toMatchObject({ unchanged: 0, updated: 1 });
  });

  it('is not looked up when it is new', async () => {
    const { load, writer, asked } = aLoader();
    await load(unreadable);
    expect(writer.sent).toHaveLength(1);
    expect(asked).toEqual([]);
  });
});

describe('a target that is missing', () => {
  const refused: UpsertOutcome = {
    type: 'refused',
    status: 404,
    error: 'not_found',
    message: 'no project PAY',
  };

  it('is a refusal like any other where Port may create what is missing', async () => {
    const { load, loader, writer, tally, problems } = aLoader();
    writer.outcome = refused;
    await load(mapped);
    expect(loader.takeRefusals()).toEqual([]);
    expect(tally.failed).toBe(1);
    expect(problems).toMatchObject([{ code: 'entity-refused', message: 'no project PAY' }]);
  });

  it('keeps the entity for later where Port may not', async () => {
    const { load, loader, writer, tally, problems } = aLoader({
      createMissingRelatedEntities: false,
    });
    writer.outcome = refused;
    await load(mapped);
    expect(tally.failed).toBe(0);
    expect(problems).toEqual([]);
    const refusals = loader.takeRefusals();
    expect(refusals).toMatchObject([
      { upsert: { loadable: { entity: mapped }, before: 'absent' } },
    ]);
    expect(loader.takeRefusals()).toEqual([]);
  });
});

describe('a comparison', () => {
  it('takes no notice of a null that is mapped where Port holds nothing', () => {
    const comparison = new EntityComparison(blueprint, [fields]);
    const existing = comparison.summarize(held({ properties: {} }));
    const cleared = { ...mapped, properties: { url: null } };
    expect(comparison.isUnchanged(existing, { entity: cleared, positions: [0] })).toBe(true);
    expect(comparison.isUnchanged(existing, { entity: mapped, positions: [0] })).toBe(false);
  });

  it('takes the fingerprint of a feed that is known already', () => {
    const comparison = new EntityComparison(blueprint, [fields]);
    const existing = comparison.summarize(held());
    const known = { entity: mapped, positions: [0], print: comparison.printOf(mapped, 0) };
    expect(comparison.isUnchanged(existing, known)).toBe(true);
  });
});

describe('entities that another program may have made', () => {
  const numbered = (from: number, to: number): readonly Loadable[] =>
    Array.from({ length: to - from }, (_, index) => ({
      entity: { ...mapped, identifier: String(from + index) },
      item: String(from + index),
      positions: [0],
      isWhole: true,
    }));
  const even = numbered(0, 250)
    .filter((_, index) => index % 2 === 0)
    .map(({ entity }) => held({ identifier: entity.identifier }));
  const lengths = (asked: readonly (readonly string[])[]): readonly number[] =>
    asked.map(({ length }) => length);

  it('are not looked for where only ours stand, which is asked once', async () => {
    let questions = 0;
    const { loader, askedOthers, tally } = aLoader({
      hasOthers: () => {
        questions += 1;
        return Promise.resolve(false);
      },
    });
    await loader.load(numbered(0, 2));
    await loader.load(numbered(2, 4));
    await loader.finish();
    expect(questions).toBe(1);
    expect(askedOthers).toEqual([]);
    expect(tally.created).toBe(4);
  });

  it('are asked for by nobody where everything is ours', async () => {
    const unasked = (): never => {
      throw new Error('nobody was to be asked');
    };
    const { load, tally } = aLoader({ owned: [held()], hasOthers: unasked });
    await load(mapped);
    expect(tally.unchanged).toBe(1);
  });

  it('are looked up a hundred at a time, the rest at the end, each once', async () => {
    const { loader, askedOthers, tally, writer } = aLoader({ foreign: even });
    for (let from = 0; from < 250; from += 25) await loader.load(numbered(from, from + 25));
    expect(lengths(askedOthers)).toEqual([100, 100]);
    await loader.finish();
    await loader.finish();
    expect(lengths(askedOthers)).toEqual([100, 100, 50]);
    expect(askedOthers.flat()).toEqual(Array.from({ length: 250 }, (_, number) => String(number)));
    expect(tally).toMatchObject({ unchanged: 125, created: 125, failed: 0 });
    expect(writer.sent.map(({ loadable }) => Number(loadable.item) % 2)).toEqual(
      Array(125).fill(1),
    );
  });

  it('are counted as failed when Port does not tell of them, each once', async () => {
    const { loader, tally } = aLoader({
      foreign: even,
      findOthers: () => Promise.reject(new Error('502')),
    });
    await loader.load(numbered(0, 30));
    await expect(loader.finish()).rejects.toThrow('502');
    await loader.finish();
    expect(tally.failed).toBe(30);
    await expect(loader.load(numbered(30, 160))).rejects.toThrow('502');
    expect(tally).toMatchObject({ failed: 160, created: 0 });
  });

  it('are counted as failed when it cannot be told whether there are any', async () => {
    const { loader, tally } = aLoader({ hasOthers: () => Promise.reject(new Error('502')) });
    await expect(loader.load(numbered(0, 3))).rejects.toThrow('502');
    expect(tally).toMatchObject({ failed: 3, created: 0 });
  });
});
