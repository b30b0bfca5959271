import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { sampleEvent } from '../../src/commands/webhooks/sample-events.js';
import { DEFAULTS } from '../../src/defaults/index.js';
import type { JqEngine } from '../../src/mapping/engine/engine.js';
import { findEngine } from '../../src/mapping/engine/find-engine.js';
import type { Mapping } from '../../src/mapping/mapping.js';
import { parseMapping } from '../../src/mapping/parse-mapping.js';
import type { Entity } from '../../src/model/entity.js';
import { isJsonObject, type JsonObject } from '../../src/model/json.js';
import { KINDS } from '../../src/stages/choose-mapping.js';
import {
  eventsAt,
  EVENTS,
  planWebhook,
  type WebhookPlan,
  type WebhookPlanFacts,
} from '../../src/stages/webhook-mapping.js';
import { mapWith } from '../mapping/world.js';
import { searchPath } from '../worker/search-path.js';

type Type = WebhookPlanFacts['type'];

const SERVER: WebhookPlanFacts = { type: 'bitbucket-server', overrides: {}, mayDelete: true };
const CLOUD: WebhookPlanFacts = { ...SERVER, type: 'bitbucket-cloud' };

/** The event of the seed's document, as Port gets it. */
const { payload: SEED_EVENT } = z
  .object({ payload: z.record(z.string(), z.json()) })
  .parse(
    JSON.parse(
      readFileSync(new URL('../mapping/language/merged-event.json', import.meta.url), 'utf8'),
    ),
  );

let engine: JqEngine;

beforeAll(async () => {
  engine = await findEngine({ jqPath: undefined, searchPath, onProblem: () => undefined });
});
afterAll(() => engine.close());

function parsed(value: JsonObject, type: Type): Mapping {
  const options = { origin: 'mapping.yml', unknownKeys: 'warning', kinds: KINDS[type] } as const;
  return parseMapping(value, options).mapping;
}

/** A mapping of one resource. */
function mappingOf(kind: string, mappings: JsonObject, rest: JsonObject = {}): JsonObject {
  const { selector = {}, port = {}, ...keys } = rest;
  const query = { query: 'true', ...(isJsonObject(selector) ? selector : {}) };
  const whole = { ...(isJsonObject(port) ? port : {}), entity: { mappings } };
  return { resources: [{ kind, selector: query, port: whole, ...keys }] };
}

const PULL_REQUEST = {
  identifier: '.toRef.repository.slug + "-" + (.id | tostring)',
  blueprint: '"pr"',
  title: '.title',
};

function planOf(value: JsonObject, facts: WebhookPlanFacts = SERVER): WebhookPlan {
  return planWebhook(parsed(value, facts.type), facts);
}

/** What the mappings make of an event. */
async function made({ resources }: WebhookPlan, event: JsonObject): Promise<readonly Entity[]> {
  const item = { key: 'event', link: null, value: event };
  const mapped = await Promise.all(resources.map((one) => mapWith(engine, one, [item])));
  return mapped.flat().flatMap(({ entities }) => entities.map(({ entity }) => entity));
}

/** A sample event of a kind, by another name or with other fields of the item. */
function event(type: Type, kind: string, name?: string, item: JsonObject = {}): JsonObject {
  const ofKind = EVENTS[type].kinds[kind];
  if (ofKind === undefined) throw new Error(`no events of ${kind}`);
  const { request } = sampleEvent(type, { ...ofKind, sample: { ...ofKind.sample, ...item } });
  if (name === undefined) return request;
  const body = isJsonObject(request.body) ? request.body : {};
  return type === 'bitbucket-server'
    ? { ...request, body: { ...body, eventKey: name } }
    : { ...request, headers: { 'x-EVENT-key': name } };
}

describe('the mapping of a webhook', () => {
  it('makes of the event of the document what the document shows, its slips corrected', async () => {
    const [entity, ...others] = await made(
      planOf(DEFAULTS['bitbucket-server'].mapping),
      SEED_EVENT,
    );
    expect(others).toEqual([]);
    expect(entity).toEqual({
      identifier: 'data-analyses-2',
      title: 'lint code',
      blueprint: 'bitbucketPullRequest',
      properties: {
        created_on: '2023-11-16T10:58:00Z',
        updated_on: '2023-11-16T11:03:42Z',
        mergedAt: '2023-11-16T11:03:42Z',
        merge_commit: '9e08604e14fa72265d65696608725c2b8f7850f2',
        state: 'MERGED',
        owner: 'username@gmail.com',
        link: 'http://myhost:7990/projects/MOPP/repos/data-analyses/pull-requests/2',
        destination: 'main',
        source: 'dev',
        reviewers: [],
      },
      relations: { repository: 'data-analyses', participants: [] },
    });
  });

  it.each<[Type, readonly string[]]>([
    [
      'bitbucket-server',
      [
        'project properties.description: it needs .description, which no event carries',
        'project properties.link: it needs .links, which no event carries',
        'repository properties.description: it needs .description, which no event carries',
        'repository properties.link: it needs .links, which no event carries',
        'repository properties.documentation: it needs .__readme, which no event carries',
        'repository relations.latestCommitAuthor: it needs .__latestCommit, which no event carries',
        'user: Bitbucket has no event of a user',
      ],
    ],
    [
      'bitbucket-cloud',
      [
        'project properties.private: it needs .is_private, which no event carries',
        'project properties.description: it needs .description, which no event carries',
        'repository properties.defaultBranch: it needs .mainbranch, which no event carries',
        'repository properties.readme: it needs .__includedFiles, which no event carries',
        'repository properties.codeowners: it needs .__includedFiles, which no event carries',
      ],
    ],
  ])('of the built-in one for %s leaves out what no event carries', async (type, leftOut) => {
    const plan = planOf(DEFAULTS[type].mapping, { ...SERVER, type });
    const words = plan.leftOut.map(({ resource, field, reason }) =>
      [resource.kind, ...(field === null ? [] : [` ${field}`]), `: ${reason}`].join(''),
    );
    expect(words).toEqual(leftOut);
    const kinds = ['pull-request', 'repository', 'project'];
    const entities = await Promise.all(kinds.map((kind) => made(plan, event(type, kind))));
    expect(entities.map((some) => some.map(({ blueprint }) => blueprint))).toEqual([
      ['bitbucketPullRequest'],
      ['bitbucketRepository'],
      ['bitbucketProject'],
    ]);
  });

  it.each<[string, Type, JsonObject, string, JsonObject, boolean]>([
    ['open ones by default', 'bitbucket-server', {}, 'pr:opened', { state: 'OPEN' }, true],
    ['the end of an open one', 'bitbucket-server', {}, 'pr:merged', {}, true],
    ['no change after its end', 'bitbucket-server', {}, 'pr:modified', {}, false],
    ['none for another event', 'bitbucket-server', {}, 'pr:comment:added', {}, false],
    ['merged ones', 'bitbucket-server', { state: 'MERGED' }, 'pr:merged', {}, true],
    [
      'no open ones beside them',
      'bitbucket-server',
      { state: 'MERGED' },
      'pr:opened',
      { state: 'OPEN' },
      false,
    ],
    ['all of them', 'bitbucket-server', { state: 'ALL' }, 'pr:modified', {}, true],
    ['a named project', 'bitbucket-server', { projects: ['WEB', 'PAY'] }, 'pr:merged', {}, true],
    ['no other project', 'bitbucket-server', { projects: ['WEB'] }, 'pr:merged', {}, false],
    [
      'a pattern of projects',
      'bitbucket-server',
      { projectFilterRegex: '(?i)\\Ap(?P<rest>ay)$' },
      'pr:merged',
      {},
      true,
    ],
    [
      'no other by a pattern',
      'bitbucket-server',
      { projectFilterRegex: 'AY' },
      'pr:merged',
      {},
      false,
    ],
    ['what a query takes', 'bitbucket-server', { query: '.id == 42' }, 'pr:merged', {}, true],
    ['no more than it', 'bitbucket-server', { query: '.id == 43' }, 'pr:merged', {}, false],
    ['open ones', 'bitbucket-cloud', {}, 'pullrequest:created', { state: 'OPEN' }, true],
    ['how one ended', 'bitbucket-cloud', {}, 'pullrequest:fulfilled', {}, true],
    [
      'states in a query',
      'bitbucket-cloud',
      { pullRequestQuery: 'state="MERGED" OR state = "DECLINED"' },
      'pullrequest:updated',
      {},
      true,
    ],
    [
      'no others',
      'bitbucket-cloud',
      { states: ['OPEN'], pullRequestQuery: 'state="OPEN" OR state="MERGED"' },
      'pullrequest:updated',
      {},
      false,
    ],
  ])('takes %s (%s %j, %s)', async (_, type, selector, name, item, isTaken) => {
    const mappings =
      type === 'bitbucket-server' ? PULL_REQUEST : { ...PULL_REQUEST, identifier: '.id' };
    const plan = planOf(mappingOf('pull-request', mappings, { selector }), { ...SERVER, type });
    const entities = await made(plan, event(type, 'pull-request', name, item));
    expect(entities).toHaveLength(isTaken ? 1 : 0);
  });

  it.each<[string, string, JsonObject, string]>([
    ['pull-request', 'repoQuery', { repoQuery: 'name ~ "api"' }, 'selector.repoQuery'],
    [
      'pull-request',
      'a query',
      { pullRequestQuery: 'updated_on > 2025-01-01' },
      'selector.pullRequestQuery',
    ],
    ['repository', 'a role', { userRole: 'member' }, 'selector.userRole'],
    ['repository', 'a file', { query: '.__includedFiles["a"] != null' }, 'selector.query'],
  ])('leaves a %s with %s to sync', (kind, _, selector, key) => {
    const value = mappingOf(kind, { identifier: '.name', blueprint: '"b"' }, { selector });
    const { mappings, leftOut } = planOf(value, CLOUD);
    expect(mappings).toEqual([]);
    expect(leftOut).toMatchObject([{ field: null, reason: expect.stringContaining(key) }]);
  });

  it('is written for Port: one name for each path, double quotes, texts for identifiers', () => {
    const { mappings } = planOf(
      mappingOf('repository', {
        identifier: '.id',
        blueprint: "'service'",
        title: '.name',
        properties: {
          state: ".state | if . == 'AVAILABLE' then 'up' else . end # odd",
          keys: '[.slug]',
        },
        relations: { project: '.project.key' },
      }),
    );
    expect(mappings).toEqual([
      {
        blueprint: 'service',
        operation: 'create',
        filter: '(.body.eventKey | IN("repo:modified"))',
        entity: {
          identifier: '.body.new.id | tostring',
          title: '.body.new.name',
          properties: {
            keys: '.body.new | ([.slug]) | if type == "array" then map(values) else . end',
          },
          relations: { project: '.body.new.project.key' },
        },
      },
    ]);
  });

  it('reads what one event holds many of', async () => {
    const plan = planOf(
      mappingOf(
        'pull-request',
        { identifier: '(.id | tostring) + .item.user.slug', blueprint: '"review"' },
        { port: { itemsToParse: '.reviewers' } },
      ),
    );
    const entities = await made(plan, event('bitbucket-server', 'pull-request'));
    expect(entities.map(({ identifier }) => identifier)).toEqual(['42ben']);
  });

  it.each<[string, JsonObject, boolean, number]>([
    ['deletes a deleted pull request, and nothing that relates to it', {}, true, 1],
    ['deletes nothing that enableDelete protects', { enableDelete: false }, true, 0],
    ['deletes nothing where a run may not', {}, false, 0],
    ['deletes nothing beside a key that it does not know', { unheardOf: 1 }, true, 0],
  ])('%s', (_, keys, mayDelete, deletions) => {
    const plan = planOf(mappingOf('pull-request', PULL_REQUEST, keys), { ...SERVER, mayDelete });
    const deleting = plan.mappings.filter(({ operation }) => isJsonObject(operation));
    expect(deleting).toHaveLength(deletions);
    for (const mapping of deleting) {
      expect(mapping).toMatchObject({
        operation: { type: 'delete', deleteDependents: false },
        filter: '(.body.eventKey | IN("pr:deleted"))',
      });
    }
    const names = plan.events.map(({ name }) => name);
    expect(names.includes('pr:deleted')).toBe(deletions > 0);
  });

  it('asks for the events that a level of a version has', () => {
    const { events } = planOf(DEFAULTS['bitbucket-server'].mapping);
    expect(eventsAt(events, 'repository', [6, 10])).not.toContain('pr:from_ref_updated');
    expect(eventsAt(events, 'repository', [8, 19])).not.toContain('project:modified');
    expect(eventsAt(events, 'project', [8, 10])).toEqual([
      'project:modified',
      'repo:modified',
      'pr:opened',
      'pr:modified',
      'pr:from_ref_updated',
      'pr:reviewer:updated',
      'pr:reviewer:approved',
      'pr:reviewer:unapproved',
      'pr:reviewer:needs_work',
      'pr:merged',
      'pr:declined',
      'pr:deleted',
    ]);
  });
});
