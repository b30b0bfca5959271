import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HttpError } from '../../src/http/http-error.js';
import type { Entity } from '../../src/model/entity.js';
import { ProblemError, type Problem } from '../../src/problems/problem.js';
import { BlueprintLoad } from '../../src/stages/blueprint-load.js';
import { EntityComparison } from '../../src/stages/entity-comparison.js';
import { EntityLoader, type Loadable } from '../../src/stages/entity-loader.js';
import { ChangeTally } from '../../src/stages/resource-tally.js';
import { aBlueprint, anEntity, someFields } from '../reconcile/a-blueprint.js';
import { FakeWriter } from './fake-writer.js';

const blueprint = aBlueprint('service', {
  properties: { url: null, state: null },
  relations: { project: 'project' },
});

/** Keeps what it is given; fails as Port would when it is told to. */
class FakeLoader extends EntityLoader {
  readonly loaded: Loadable[] = [];
  readonly lost: Loadable[] = [];
  failure: Error | null = null;

  constructor() {
    const nothing = (): Promise<Map<string, never>> => Promise.resolve(new Map<string, never>());
    const nobody = (): Promise<boolean> => Promise.resolve(false);
    super(
      blueprint,
      [],
      {
        owned: nothing,
        hasOthers: nobody,
        findOthers: nothing,
        isOfOthers: () => false,
        find: nothing,
      },
      new EntityComparison(blueprint, []),
      (answered) => new FakeWriter().open(answered),
      { merge: true, createMissingRelatedEntities: true, report: () => undefined },
    );
  }

  override load(loadables: readonly Loadable[]): Promise<void> {
    if (this.failure !== null) {
      this.lose(loadables);
      return Promise.reject(this.failure);
    }
    this.loaded.push(...loadables);
    return Promise.resolve();
  }

  override lose(loadables: readonly Loadable[]): void {
    this.lost.push(...loadables);
  }

  override finish(): Promise<void> {
    return this.failure === null ? Promise.resolve() : Promise.reject(this.failure);
  }
}

function aLoad(feeds: number) {
  const loader = new FakeLoader();
  const problems: Problem[] = [];
  const tallies = Array.from({ length: feeds }, () => new ChangeTally());
  const fields = someFields({ title: true, properties: ['url', 'state'], relations: ['project'] });
  const load = new BlueprintLoad(
    blueprint,
    tallies.map((tally, index) => ({
      resource: { index, kind: 'repository' },
      fields,
      tally,
      isBounded: false,
    })),
    loader,
    new EntityComparison(
      blueprint,
      tallies.map(() => fields),
    ),
    (problem) => problems.push(problem),
    { style: 'container', isNew: true },
  );
  const add = (position: number, entity: Entity, item: string): Promise<void> =>
    load.add(position, [{ entity, item }]);
  return { load, add, loader, problems, tallies };
}

const unreadable = ProblemError.of({
  code: 'catalog-unreadable',
  blueprint: 'service',
  reason: '502 Bad Gateway',
});

const url = (identifier: string, value: string): Entity =>
  anEntity({ identifier, properties: { url: value } });

describe('BlueprintLoad with a single feed', () => {
  it('hands every entity on at once', async () => {
    const { add, loader } = aLoad(1);
    await add(0, url('api', 'x'), 'item 1');
    expect(loader.loaded).toMatchObject([
      { entity: url('api', 'x'), item: 'item 1', positions: [0], isWhole: true },
    ]);
  });

  it('lets the first of two items with one identifier win, and reports both', async () => {
    const { load, add, loader, problems } = aLoad(1);
    await add(0, url('api', 'x'), 'item 1');
    await add(0, url('api', 'y'), 'item 2');
    await load.finish();
    expect(loader.loaded.map(({ item }) => item)).toEqual(['item 1']);
    expect(problems).toEqual([
      {
        code: 'identifier-collision',
        resource: { index: 0, kind: 'repository' },
        entity: { blueprint: 'service', identifier: 'api' },
        winner: 'item 1',
        loser: 'item 2',
        isBuiltIn: true,
        isFirstLoad: true,
      },
    ]);
  });

  it.each<[string, Partial<Entity>]>([
    ['title', { title: 'another' }],
    ['icon', { icon: 'Git' }],
    ['relation', { relations: { project: 'PAY' } }],
  ])('finds a collision that differs in its %s alone', async (_name, difference) => {
    const { add, problems } = aLoad(1);
    await add(0, url('api', 'x'), 'item 1');
    await add(0, { ...url('api', 'x'), ...difference }, 'item 2');
    expect(problems).toHaveLength(1);
  });

  it('takes the same content twice for one entity', async () => {
    const { add, loader, problems } = aLoad(1);
    await add(0, url('api', 'x'), 'item 1');
    await add(0, url('api', 'x'), 'item 2');
    expect(loader.loaded).toHaveLength(1);
    expect(problems).toEqual([]);
  });

  it('loads nothing where Port could not be read, says it once and counts every entity', async () => {
    const { load, add, loader, problems } = aLoad(1);
    loader.failure = unreadable;
    for (const identifier of ['api', 'web', 'shop']) await add(0, url(identifier, 'x'), '');
    await load.finish();
    expect(load.isUnreadable).toBe(true);
    expect(problems).toEqual(unreadable.problems);
    expect(loader.lost).toHaveLength(3);
    expect(load.produced.has('web')).toBe(true);
  });

  it('knows that Port could not be read even when there was nothing to load', async () => {
    const { load, loader } = aLoad(1);
    loader.failure = unreadable;
    await load.finish();
    expect(load.isUnreadable).toBe(true);
  });

  it('takes a stop for no problem of its own: why it came is told already', async () => {
    const { load, add, loader, problems } = aLoad(1);
    loader.failure = new HttpError('aborted', 'entities of service', 'the run was stopped');
    for (const identifier of ['api', 'web']) await add(0, url(identifier, 'x'), '');
    await load.finish();
    expect(load.isUnreadable).toBe(true);
    expect(problems).toEqual([]);
    expect(loader.lost).toHaveLength(2);
    expect(load.produced.has('web')).toBe(true);
  });

  it('does not take any other failed call for a stop', async () => {
    const { add, loader } = aLoad(1);
    loader.failure = new HttpError('network', 'entities of service', 'was cut');
    await expect(add(0, url('api', 'x'), '')).rejects.toBe(loader.failure);
  });

  it('does not hide a bug', async () => {
    const { add, loader } = aLoad(1);
    loader.failure = new TypeError('not a function');
    await expect(add(0, url('api', 'x'), '')).rejects.toThrow('not a function');
  });
});

describe('BlueprintLoad with several feeds', () => {
  it('holds entities until the last feed ended', async () => {
    const { load, add, loader } = aLoad(2);
    await add(0, url('api', 'x'), 'item 1');
    expect(loader.loaded).toEqual([]);
    await load.finish();
    expect(loader.loaded).toHaveLength(1);
  });

  it('merges in config order, whichever feed came first, and writes once', async () => {
    const first = anEntity({ title: 'one', properties: { url: 'x', state: 'OPEN' } });
    const second = anEntity({ properties: { state: 'MERGED' } });
    const merged = anEntity({ title: 'one', properties: { url: 'x', state: 'MERGED' } });
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const { load, add, loader, problems } = aLoad(2);
      for (const position of order) {
        await add(position, position === 0 ? first : second, `item ${position}`);
      }
      await load.finish();
      expect(problems).toEqual([]);
      expect(loader.loaded).toEqual([
        { entity: merged, item: 'item 0', positions: [0, 1], isWhole: true },
      ]);
    }
  });

  it('says when a feed did not come to its end', async () => {
    const { load, add, loader } = aLoad(2);
    await add(1, url('api', 'x'), 'item');
    load.markIncomplete();
    await load.finish();
    expect(loader.loaded).toMatchObject([{ positions: [1], isWhole: false }]);
  });

  it('finds a collision within each feed', async () => {
    const { load, add, loader, problems } = aLoad(2);
    await add(1, url('api', 'x'), 'item 1');
    await add(0, url('api', 'y'), 'item 2');
    await add(1, url('api', 'z'), 'item 3');
    await load.finish();
    expect(problems).toMatchObject([{ winner: 'item 1', loser: 'item 3', resource: { index: 1 } }]);
    expect(loader.loaded).toMatchObject([{ entity: { properties: { url: 'x' } } }]);
  });

  /** What each feed makes, and an order in which the feeds take turns. */
  const interleaving = fc
    .record({
      feeds: fc.array(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 }), {
        minLength: 2,
        maxLength: 3,
      }),
      seed: fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
    })
    .map(({ feeds, seed }) => {
      const left = feeds.map((identifiers) => [...identifiers]);
      const turns: (readonly [number, string])[] = [];
      for (const number of seed) {
        const open = left.flatMap((rest, position) => (rest.length > 0 ? [position] : []));
        const position = open[number % open.length];
        const identifier = position === undefined ? undefined : left[position]?.shift();
        if (position !== undefined && identifier !== undefined) turns.push([position, identifier]);
      }
      return { feeds, turns };
    });

  async function loadedBy(
    feeds: number,
    turns: readonly (readonly [number, string])[],
  ): Promise<readonly Loadable[]> {
    const { load, add, loader } = aLoad(feeds);
    for (const [position, identifier] of turns) {
      await add(position, url(identifier, `feed ${position}`), `${identifier}${position}`);
    }
    await load.finish();
    return loader.loaded;
  }

  const byIdentifier = (loaded: readonly Loadable[]): ReadonlyMap<string, Loadable> =>
    new Map(loaded.map((loadable) => [loadable.entity.identifier, loadable]));

  it('loads the same entities, however the feeds take turns', async () => {
    await fc.assert(
      fc.asyncProperty(interleaving, async ({ feeds, turns }) => {
        const inOrder = feeds.flatMap((identifiers, position) =>
          identifiers.map((identifier) => [position, identifier] as const),
        );
        const expected = await loadedBy(feeds.length, inOrder);
        const loaded = await loadedBy(feeds.length, turns);
        expect(byIdentifier(loaded)).toEqual(byIdentifier(expected));
        expect(loaded).toHaveLength(expected.length);
      }),
    );
  });

  it('loads them in the same order as well', async () => {
    await fc.assert(
      fc.asyncProperty(interleaving, async ({ feeds, turns }) => {
        const inOrder = feeds.flatMap((identifiers, position) =>
          identifiers.map((identifier) => [position, identifier] as const),
        );
        expect(await loadedBy(feeds.length, turns)).toEqual(await loadedBy(feeds.length, inOrder));
      }),
    );
  });

  it('refuses a position that is not there: that is a bug', async () => {
    const { add } = aLoad(2);
    await expect(add(-1, url('api', 'x'), '')).rejects.toThrow('service has no feed -1');
  });
});
