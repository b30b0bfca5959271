import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JqEngine } from '../../src/mapping/engine/engine.js';
import { createExplainer } from '../../src/mapping/explain.js';
import { createMapper } from '../../src/mapping/mapper.js';
import type { JsonObject } from '../../src/model/json.js';
import type { PreviewedItem } from '../../src/model/preview.js';
import { someEngine } from './real-engines.js';
import { anItem, aResource, type ResourceSketch } from './world.js';

let engine: JqEngine;

beforeAll(async () => {
  engine = await someEngine();
});

afterAll(async () => {
  await engine.close();
});

async function explained(
  sketch: ResourceSketch,
  value: JsonObject,
  unreadable?: readonly string[],
): Promise<PreviewedItem> {
  const explainer = await createExplainer(engine, aResource(sketch));
  const item = { ...anItem(value), ...(unreadable === undefined ? {} : { unreadable }) };
  const [only] = await explainer.explain([item]);
  await explainer.close();
  if (only === undefined) throw new Error('nothing explained');
  return only;
}

const item = { slug: 'api', id: 7, name: null, flag: true };

describe('an explained field', () => {
  it.each([
    ['a value', { properties: { x: '.slug' } }, 'properties.x', 'api', []],
    ['a key that is null', { title: '.name' }, 'title', null, [{ type: 'null' }]],
    [
      'a key that is missing',
      { title: '.nam' },
      'title',
      null,
      [{ type: 'null', missing: 'nam', nearest: 'name' }],
    ],
    ['no output', { title: 'empty' }, 'title', null, [{ type: 'null' }]],
    ['an error', { title: 'error("no")' }, 'title', null, [{ type: 'failed', message: 'no' }]],
    ['a number as text', { title: '.id' }, 'title', 7, [{ type: 'made-text', from: 'number' }]],
    ['a number as property', { properties: { x: '.id' } }, 'properties.x', 7, []],
    [
      'a number as target',
      { relations: { x: '[.id]' } },
      'relations.x',
      [7],
      [{ type: 'made-text', from: 'number' }],
    ],
    [
      'nulls in a relation',
      { relations: { x: '[null, .slug]' } },
      'relations.x',
      [null, 'api'],
      [{ type: 'nulls-dropped', count: 1 }],
    ],
    [
      'a target that Port refuses',
      { relations: { x: '"a b"' } },
      'relations.x',
      'a b',
      [{ type: 'target-refused', target: 'a b' }],
    ],
    [
      'a number as identifier',
      { identifier: '.id' },
      'identifier',
      7,
      [{ type: 'made-text', from: 'number' }],
    ],
    [
      'an identifier that Port refuses',
      { identifier: '"a b"' },
      'identifier',
      'a b',
      [{ type: 'identifier-refused', character: 'a space' }],
    ],
    [
      'a blueprint that Port refuses',
      { blueprint: '.slug + "="' },
      'blueprint',
      'api=',
      [{ type: 'identifier-refused', character: '"="' }],
    ],
    [
      'no refusal where it is the blueprint that is refused',
      { blueprint: '"a b" + .slug' },
      'identifier',
      'api',
      [],
    ],
    ['no identifier', { identifier: '.name' }, 'identifier', null, [{ type: 'identifier-empty' }]],
    [
      'an identifier that fails',
      { identifier: 'error("no")' },
      'identifier',
      null,
      [{ type: 'failed', message: 'no' }],
    ],
  ])('%s', async (_what, entity, field, value, notes) => {
    const { parts } = await explained({ entity }, item);
    const found = parts[0]?.feeds[0]?.fields.find((one) => one.field === field);
    expect(found).toEqual({ field, expression: expect.any(String), value, notes });
  });

  it('rests on what could not be read', async () => {
    const { parts } = await explained({ entity: { title: '.__readme' } }, item, ['__readme']);
    const [, title] = parts[0]?.feeds[0]?.fields ?? [];
    expect(title?.notes).toEqual([{ type: 'unread', source: '__readme' }]);
    expect(parts[0]?.feeds[0]?.entity).not.toHaveProperty('title');
  });
});

describe('an explained item', () => {
  it('is read where a text of it ends in half a character', async () => {
    const { status, parts } = await explained(
      { entity: { title: '.name' } },
      { slug: 'api', name: 'cut \ud83d' },
    );
    expect(status).toBe('mapped');
    expect(parts[0]?.feeds[0]?.entity?.title).toBe('cut \ufffd');
  });

  it('fails where it is nested deeper than it can be written', async () => {
    const deep = JSON.parse(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`) as JsonObject;
    const { status, problems } = await explained(
      { entity: { title: '.deep | tostring' } },
      { slug: 'api', deep },
    );
    expect(status).toBe('failed');
    expect(problems).toMatchObject([
      { code: 'item-failed', message: 'the item is nested too deeply' },
    ]);
  });

  it('has the very entity that a run would load', async () => {
    const sketch = {
      entity: [
        { title: '.id', relations: { x: '[null, 1]' } },
        { identifier: '.id', title: '.nope', properties: { y: '.flag' } },
      ],
    };
    const mapper = await createMapper(engine, aResource(sketch));
    const [mapped] = await mapper.map([anItem(item)]);
    await mapper.close();
    const { parts, problems, status } = await explained(sketch, item);
    expect(parts[0]?.feeds.map(({ entity }) => entity)).toEqual(
      mapped?.entities.map(({ entity }) => entity),
    );
    expect({ problems, status }).toEqual({ problems: mapped?.problems, status: mapped?.status });
  });

  it.each([
    ['true', 'mapped', true],
    ['false', 'unselected', false],
    ['.slug', 'failed', { message: 'gave a text, not true or false' }],
    ['error("no")', 'failed', { message: 'no' }],
  ])('tells what the selector %s gave', async (query, status, selector) => {
    const found = await explained({ query }, item);
    expect(found).toMatchObject({ status, parts: [{ selector }], list: null });
    expect(found.parts[0]?.feeds).toHaveLength(status === 'mapped' ? 1 : 0);
  });

  it('shows the list that itemsToParse gave, and an explanation for each of its members', async () => {
    const found = await explained(
      { itemsToParse: '.tags', query: '.item != "b"', entity: { identifier: '.item' } },
      { tags: ['a', 'b', 'c'] },
    );
    expect(found.list).toEqual({ value: ['a', 'b', 'c'] });
    expect(found.parts.map(({ selector }) => selector)).toEqual([true, false, true]);
    expect(found.parts[2]?.feeds[0]?.entity).toMatchObject({ identifier: 'c' });
  });

  it.each([
    ['.slug', { value: 'api' }],
    ['error("no")', { message: 'no' }],
  ])('fails when itemsToParse %s gives no list', async (itemsToParse, list) => {
    const found = await explained({ itemsToParse }, item);
    expect(found).toMatchObject({
      status: 'failed',
      list,
      parts: [],
      problems: [{ code: 'items-to-parse-failed' }],
    });
  });
});

describe('what a mapper counts', () => {
  it('is values, nulls and errors of each expression, for the items that were selected', async () => {
    const resource = aResource({
      query: '.slug != "left out"',
      entity: { title: '.name', properties: { n: '.n | tonumber' } },
    });
    const mapper = await createMapper(engine, resource);
    await mapper.map([
      anItem({ slug: 'a', name: 'A', n: '1' }),
      anItem({ slug: 'b', n: 'x' }),
      anItem({ slug: 'left out' }),
    ]);
    await mapper.map([{ ...anItem({ slug: 'c', n: null }), unreadable: ['.name'] }]);
    const counts = mapper.fieldCounts();
    await mapper.close();
    expect(counts).toEqual([
      { field: 'identifier', expression: '.slug', filled: 3, nulls: 0, failed: 0 },
      { field: 'title', expression: '.name', filled: 1, nulls: 1, failed: 0 },
      { field: 'properties.n', expression: '.n | tonumber', filled: 1, nulls: 0, failed: 2 },
    ]);
  });
});
