import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULTS } from '../../src/defaults/index.js';
import { checkExpressions } from '../../src/mapping/check-expressions.js';
import { expressionsOf } from '../../src/mapping/feed-fields.js';
import { standIns } from '../../src/mapping/stand-ins.js';
import type { JqEngine } from '../../src/mapping/engine/engine.js';
import type { Mapping } from '../../src/mapping/mapping.js';
import { parseMapping } from '../../src/mapping/parse-mapping.js';
import { writtenExpressions } from '../../src/mapping/written-expressions.js';
import { isJsonObject, type JsonObject } from '../../src/model/json.js';
import type { Entity } from '../../src/model/entity.js';
import { blueprintToCreate } from '../../src/sandbox/port/schemas/blueprint-body.js';
import { cloudKinds } from '../../src/source/cloud/kinds/index.js';
import { someEngine } from '../mapping/real-engines.js';
import { mapWith } from '../mapping/world.js';
import { aCloud } from '../source/cloud/a-cloud.js';
import { drain } from '../source/a-reading.js';
import { aCompany } from '../world/a-company.js';

const { blueprints, mapping: written } = DEFAULTS['bitbucket-cloud'];
let engine: JqEngine;
let mapping: Mapping;

beforeAll(async () => {
  engine = await someEngine();
  mapping = parseMapping(written, {
    origin: 'the default mapping',
    kinds: cloudKinds,
    unknownKeys: 'error',
  }).mapping;
});
afterAll(() => engine.close());

/** The entities of one kind in the built-in Bitbucket Cloud; every field must be fine. */
async function entitiesOf(kind: string): Promise<readonly Entity[]> {
  const company = aCompany()
    .withUser({ name: 'mia', displayName: 'Mia Weber' })
    .withUser({ name: 'gone', active: false })
    .withRepository('ANT', 'api', { name: 'api', files: { 'README.md': '# Hi', CODEOWNERS: '*' } })
    .withRepository('ANT', 'web', { files: { '.bitbucket/CODEOWNERS': '* @mia', CODEOWNERS: '*' } })
    .withRepository('ANT', 'my-repo-e', { name: 'My "Repo" é' })
    .withPullRequest('ANT', 'api', { reviewers: ['mia', 'gone'], participants: ['gone'] })
    .withPullRequest('ANT', 'my-repo-e', { author: 'gone', reviewers: ['mia'] })
    .build();
  const cloud = await aCloud(company);
  const resource = mapping.resources.find((candidate) => candidate.kind === kind)!;
  const reading = cloud.source.read({
    kind,
    resource: resource.reference,
    selector: resource.selector,
    mentions: () => true,
    now: 0,
    standIns: standIns(expressionsOf(resource).map(({ expression }) => expression)),
  });
  const { items } = await drain(reading);
  await cloud.close();
  const mapped = await mapWith(engine, resource, items);
  expect(mapped.flatMap(({ problems }) => problems)).toEqual([]);
  return mapped.flatMap(({ entities }) => entities.map(({ entity }) => entity));
}

function memberOf(value: JsonObject, name: string): JsonObject {
  const found = value[name];
  if (!isJsonObject(found)) throw new Error(`no ${name}`);
  return found;
}

describe('the defaults of Cloud', () => {
  it('compile', async () => {
    await expect(checkExpressions(engine, writtenExpressions(written))).resolves.toEqual([]);
  });

  it('fill nothing that the blueprints lack, and everything that they have', () => {
    for (const { feeds } of mapping.resources) {
      const [{ blueprint, fields } = { blueprint: null, fields: null }] = feeds;
      const target = blueprints.find(
        ({ identifier }) => blueprint?.type === 'literal' && blueprint.identifier === identifier,
      );
      expect(Object.keys(memberOf(target!.schema, 'properties')).sort()).toEqual(
        [...(fields?.properties ?? [])].sort(),
      );
      expect(Object.keys(memberOf(target!, 'relations'))).toEqual([...(fields?.relations ?? [])]);
    }
  });

  it.each(blueprints.map((blueprint) => [blueprint.identifier, blueprint] as const))(
    'have a blueprint %s that Port takes',
    (_, blueprint) => {
      expect(blueprintToCreate.safeParse(blueprint).error?.issues ?? []).toEqual([]);
    },
  );

  it("show texts of files as today's catalogs do", () => {
    const repository = blueprints.find(({ identifier }) => identifier === 'bitbucketRepository')!;
    const properties = memberOf(repository.schema, 'properties');
    for (const name of ['readme', 'codeowners']) {
      expect(memberOf(properties, name)).toMatchObject({ type: 'string', format: 'markdown' });
    }
  });

  it('name a project by its UUID without braces', async () => {
    const [project] = await entitiesOf('project');
    expect(project?.identifier).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(project).toMatchObject({ properties: { private: true, type: 'project' } });
  });

  it('name a repository by its name, by its slug where Port would refuse that', async () => {
    const [project] = await entitiesOf('project');
    const relations = { project: project?.identifier };
    await expect(entitiesOf('repository')).resolves.toMatchObject([
      {
        identifier: 'api',
        title: 'api',
        properties: { defaultBranch: 'main', readme: '# Hi', codeowners: '*' },
        relations,
      },
      { identifier: 'web', properties: { codeowners: '* @mia' }, relations },
      { identifier: 'my-repo-e', title: 'My "Repo" é', properties: { readme: null }, relations },
    ]);
  });

  it('hold the people of pull requests, without those who were deleted', async () => {
    await expect(entitiesOf('pull-request')).resolves.toMatchObject([
      {
        identifier: 'api1',
        properties: { creator: 'Admin', reviewers: ['Mia Weber'], status: 'OPEN' },
        relations: { repository: 'api' },
      },
      {
        identifier: 'my-repo-e1',
        properties: { creator: null, reviewers: ['Mia Weber'], assignees: ['Mia Weber'] },
        relations: { repository: 'my-repo-e' },
      },
    ]);
  });
});
