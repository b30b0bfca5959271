import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { JqCompileError, type JqEngine } from '../../../src/mapping/engine/engine.js';
import { parseMapping } from '../../../src/mapping/parse-mapping.js';
import { mappingCases } from '../cases/index.js';
import { realEngines } from '../real-engines.js';
import { anItem, aResource, mapEach, mapWith, options, settled } from '../world.js';
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

const singleCases = [...expressionCases, ...valueCases];
const labelled = singleCases.map(
  (each, index) =>
    [`${each.expression} on ${JSON.stringify(each.raw).slice(0, 60)}`, index, each] as const,
);

describe('the table of the mapping language', () => {
  it('holds at least 80 cases, each once', () => {
    const names = [
      ...mappingCases.map(({ name }) => name),
      ...wholeCases.map(({ name }) => name),
      ...singleCases.map(({ expression, raw }) => `${expression} ${JSON.stringify(raw)}`),
    ];
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(80);
  });
});

describe.each(realEngines)('the mapping language, by $name', ({ start }) => {
  let engine: JqEngine;
  let outcomes: Awaited<ReturnType<typeof mapEach>>;
  beforeAll(async () => {
    engine = await start();
    outcomes = await mapEach(engine, [
      ...singleCases.map(({ expression, raw }) => ({
        resource: aResource({ entity: { identifier: '"x"', properties: { p: expression } } }),
        item: anItem(raw),
      })),
      ...wholeCases.map(({ mapping, raw }) => {
        const { mapping: parsed } = parseMapping(parse(mapping), { ...options, kinds });
        return { resource: parsed.resources[0]!, item: anItem(raw) };
      }),
    ]);
  });
  afterAll(() => engine.close());

  it.each(labelled)('%s', (_, index, each) => {
    const outcome = (): ReturnType<typeof settled> => settled(outcomes[index]);
    const { expression } = each;
    const departure = engine.version.startsWith('1.6') ? each.jq16 : undefined;
    if (departure !== undefined && 'refused' in departure) {
      expect(outcome).toThrow(JqCompileError);
      expect(outcome).toThrow(departure.refused);
      return;
    }
    const { value, problem } = departure ?? each;
    const mapped = settled(outcomes[index]);
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

  it.each(wholeCases.map((each, index) => ({ ...each, index: singleCases.length + index })))(
    '$name',
    ({ index, status, entities, problems }) => {
      const mapped = settled(outcomes[index]);
      expect(mapped?.problems).toMatchObject(problems ?? []);
      expect(mapped?.problems).toHaveLength(problems?.length ?? 0);
      const plain = { identifier: 'api', blueprint: 'service', properties: {}, relations: {} };
      expect(mapped?.entities.map(({ entity }) => entity)).toEqual(
        entities.map((entity) => ({ ...plain, ...entity })),
      );
      expect(mapped?.status).toBe(status ?? 'mapped');
    },
  );

  it('the sample of a merged pull request gives the entity that Port showed', async () => {
    const [mapped] = await mapWith(engine, aResource({ entity: mergedMapping }), [
      anItem(merged.payload),
    ]);
    expect(mapped?.problems).toEqual([]);
    expect(mapped?.entities.map(({ entity }) => entity)).toEqual([merged.entity]);
  });
});
