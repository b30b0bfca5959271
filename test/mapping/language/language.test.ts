import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { JqCompileError, type JqEngine } from '../../../src/mapping/engine/engine.js';
import type { MappedItem } from '../../../src/mapping/mapper.js';
import { parseMapping } from '../../../src/mapping/parse-mapping.js';
import type { JsonObject } from '../../../src/model/json.js';
import { mappingCases } from '../cases/index.js';
import { realEngines } from '../real-engines.js';
import { anItem, aResource, mapWith, options } from '../world.js';
import type { ExpressionCase } from './case.js';
import { expressionCases } from './expressions.js';
import { valueCases } from './values.js';
import { wholeCases } from './whole-mappings.js';

const kinds = [
  ...options.kinds,
  {
    name: 'file-holder',
    selector: z.strictObject({ includedFiles: z.array(z.string()).optional() }),
  },
];

const merged = z
  .object({ payload: z.record(z.string(), z.json()), entity: z.record(z.string(), z.json()) })
  .parse(JSON.parse(readFileSync(new URL('merged-event.json', import.meta.url), 'utf8')));

/** A webhook's mapping of a merged pull request, which is where the sample of the event comes from. */
const mergedMapping = {
  identifier: '.body.pullRequest.id | tostring',
  title: '.body.pullRequest.title',
  blueprint: '"bitbucketPullrequest"',
  properties: {
    created_on:
      '.body.pullRequest.createdDate | (tonumber / 1000 | strftime("%Y-%m-%dT%H:%M:%SZ"))',
    updated_on:
      '.body.pullRequest.updatedDate | (tonumber / 1000 | strftime("%Y-%m-%dT%H:%M:%SZ"))',
    merge_commit: '.body.pullRequest.fromRef.latestCommit',
    state: '.body.pullRequest.state',
    owner: '.body.pullRequest.author.user.displayName',
    link: '.body.pullRequest.links.self[0].href',
    destination: '.body.pullRequest.toRef.displayId',
    source: '.body.pullRequest.fromRef.displayId',
    participants: '[.body.pullRequest.participants[].user.emailAddress]',
    reviewers: '[.body.pullRequest.reviewers[].user.emailAddress]',
  },
  relations: { repository: '.body.pullRequest.toRef.repository.slug' },
};

describe('the table of the mapping language', () => {
  it('holds at least 80 cases, each once', () => {
    const expressions = [...expressionCases, ...valueCases];
    const names = [
      ...mappingCases.map(({ name }) => name),
      ...wholeCases.map(({ name }) => name),
      ...expressions.map(({ expression, raw }) => `${expression} ${JSON.stringify(raw)}`),
    ];
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(80);
  });
});

describe.each(realEngines)('the mapping language, by $name', ({ start }) => {
  let engine: JqEngine;
  beforeAll(async () => {
    engine = await start();
  });
  afterAll(() => engine.close());

  async function mapOne(expression: string, raw: JsonObject): Promise<MappedItem | undefined> {
    const resource = aResource({ entity: { identifier: '"x"', properties: { p: expression } } });
    const [mapped] = await mapWith(engine, resource, [anItem(raw)]);
    return mapped;
  }

  const labelled = (
    cases: readonly ExpressionCase[],
  ): readonly (readonly [string, ExpressionCase])[] =>
    cases.map((each) => [`${each.expression} on ${JSON.stringify(each.raw).slice(0, 60)}`, each]);

  it.each(labelled([...expressionCases, ...valueCases]))('%s', async (_, each) => {
    const { expression, raw } = each;
    const departure = engine.version.startsWith('1.6') ? each.jq16 : undefined;
    if (departure !== undefined && 'refused' in departure) {
      const start = mapOne(expression, raw);
      await expect(start).rejects.toBeInstanceOf(JqCompileError);
      await expect(start).rejects.toThrow(departure.refused);
      return;
    }
    const { value, problem } = departure ?? each;
    const mapped = await mapOne(expression, raw);
    expect(mapped?.problems).toEqual(
      problem === undefined
        ? []
        : [
            expect.objectContaining({
              code: 'field-failed',
              field: 'properties.p',
              expression,
              message: expect.stringMatching(problem),
            }),
          ],
    );
    // Compared as JSON, in which there is no minus zero.
    const property = mapped?.entities[0]?.entity.properties.p;
    expect(JSON.parse(JSON.stringify(property))).toEqual(value);
  });

  it.each(wholeCases)('$name', async ({ mapping, raw, status, entities, problems }) => {
    const { mapping: parsed } = parseMapping(parse(mapping), { ...options, kinds });
    const [resource] = parsed.resources;
    const [mapped] = await mapWith(engine, resource!, [anItem(raw)]);
    expect(mapped?.problems).toMatchObject(problems ?? []);
    expect(mapped?.problems).toHaveLength(problems?.length ?? 0);
    const plain = { identifier: 'api', blueprint: 'service', properties: {}, relations: {} };
    expect(mapped?.entities.map(({ entity }) => entity)).toEqual(
      entities.map((entity) => ({ ...plain, ...entity })),
    );
    expect(mapped?.status).toBe(status ?? 'mapped');
  });

  it('the sample of a merged pull request gives the entity that Port showed', async () => {
    const [mapped] = await mapWith(engine, aResource({ entity: mergedMapping }), [
      anItem(merged.payload),
    ]);
    expect(mapped?.problems).toEqual([]);
    expect(mapped?.entities.map(({ entity }) => entity)).toEqual([merged.entity]);
  });
});
