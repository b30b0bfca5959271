import { Readable } from 'node:stream';
import { z } from 'zod';
import type { Mapper, MappedItem } from '../../src/mapping/mapper.js';
import type {
  BlueprintMapping,
  Feed,
  Mapping,
  MappingResource,
} from '../../src/mapping/mapping.js';
import type { EntityReference } from '../../src/model/entity.js';
import type { JsonObject } from '../../src/model/json.js';
import type { Page, RawItem, Scope } from '../../src/model/page.js';
import type { PortClient } from '../../src/port/port-client.js';
import type { Problem } from '../../src/problems/problem.js';
import type { Reading, ScopeEnd } from '../../src/source/source.js';
import { ResourceRun } from '../../src/stages/resource-run.js';
import { OwnLinks } from '../../src/deletion/own-links.js';
import { createPortWriter } from '../../src/stages/entity-writer-port.js';
import type { RunContext } from '../../src/stages/run-context.js';
import { createFakeClock } from '../world/fake-clock.js';
import { someFields } from '../reconcile/a-blueprint.js';

/** What a feed fills: the name of a blueprint, or an expression in brackets that computes it. */
export type BlueprintInShort = string | readonly [string];

function blueprintMapping(short: BlueprintInShort): BlueprintMapping {
  return typeof short === 'string'
    ? { type: 'literal', identifier: short }
    : { type: 'computed', expression: short[0] };
}

/** A resource whose feeds fill the given blueprints, and of each the given relations. */
export function aResource(
  kind: string,
  blueprints: readonly BlueprintInShort[],
  index = 0,
  relations: readonly string[] = [],
): MappingResource {
  const reference = { index, kind };
  const feeds = blueprints.map((blueprint, position): Feed => ({
    resource: reference,
    index: position,
    identifier: '.slug',
    blueprint: blueprintMapping(blueprint),
    properties: {},
    relations: Object.fromEntries(relations.map((name) => [name, `.${name}`])),
    fields: someFields({ relations }),
  }));
  return {
    reference,
    kind,
    selector: { query: 'true' },
    itemsToParseName: 'item',
    itemsToParseTopLevelTransform: true,
    enableDelete: true,
    feeds,
  };
}

/** A mapping of resources, each a kind and the blueprints that it feeds. */
export function aMapping(
  resources: readonly (readonly [kind: string, ...blueprints: BlueprintInShort[]])[],
): Mapping {
  return {
    origin: 'mapping.yml',
    createMissingRelatedEntities: true,
    deleteDependentEntities: true,
    enableMergeEntity: true,
    entityDeletionThreshold: 0.9,
    unknownKeys: [],
    resources: resources.map(([kind, ...blueprints], index) => aResource(kind, blueprints, index)),
  };
}

/** A repository as a source lists it; its key is project and slug. */
export function aRepository(key: string): RawItem {
  return { key, link: null, value: { slug: key.split('/')[1] ?? key } };
}

/** The scope of a repository's pull requests. */
export function repositoryScope(key: string): Scope {
  return { type: 'repository', name: 'pull-requests', repository: aRepository(key) };
}

/** A listing that came to its end. */
export function complete(scope: Scope, pages = 1, items = 100): ScopeEnd {
  return { scope, status: 'complete', pages, items };
}

/** A listing that did not. */
export function incomplete(scope: Scope): ScopeEnd {
  const problem: Problem = { code: 'listing-incomplete', listing: 'it', reason: '500' };
  return { scope, status: 'incomplete', problem };
}

/** The root listing of repositories. */
export const repositories: Scope = { type: 'root', name: 'repositories' };

/** An entity that a fake mapper makes: a reference and its relations. */
export interface MadeEntity extends EntityReference {
  readonly relations?: JsonObject;
}

/** What is different about a resource's run. */
export interface RunDifference {
  readonly resource: MappingResource;
  readonly pages?: readonly Page[];
  readonly ends?: readonly ScopeEnd[];
  /** What an item is mapped to; without it, to nothing. */
  readonly map?: (item: RawItem) => readonly MadeEntity[] | 'failed';
  /** What a second reading finds; without it, nothing new. */
  readonly confirm?: Reading['confirm'];
  /** Fields of its items that may name another repository than their own. */
  readonly fieldsOfOtherRepositories?: readonly string[];
  /** Whether the run was stopped before its last page. */
  readonly isStopped?: boolean;
}

/** A resource that has read, mapped and handed on its pages. */
export async function aRun(difference: RunDifference): Promise<ResourceRun> {
  const { resource, pages = [], isStopped = false } = difference;
  const stop = new AbortController();
  if (isStopped) stop.abort(new Error('stopped'));
  const scope = pages[0]?.scope ?? repositories;
  const { kind } = resource;
  const { fieldsOfOtherRepositories = [] } = difference;
  const description = {
    name: kind,
    selector: z.object({}),
    scope: scope.type,
    cost: '',
    isApart: false,
  };
  const source = {
    ...aContext().source,
    kinds: [{ ...description, fieldsOfOtherRepositories }],
  };
  const context = aContext({ signal: stop.signal, source });
  const reading = aReading(difference, [...pages, { scope, items: [] }]);
  const run = new ResourceRun(resource, reading, aMapper(difference), context);
  await run.run(() => Promise.resolve());
  return run;
}

function aReading({ ends = [], confirm }: RunDifference, pages: readonly Page[]): Reading {
  return {
    pages: () => Readable.from(pages),
    ends: () => ends,
    confirm: confirm ?? nothingNew,
    requests: 0,
    repositories: null,
    ask: ({ name }) => Promise.resolve({ status: 'unanswered', reason: `nobody asks for ${name}` }),
    absent: () => [],
    takeProblems: () => [],
  };
}

/** A second reading that came to its end and showed what the first had shown. */
export const nothingNew: Reading['confirm'] = (scopes) =>
  Promise.resolve({ missed: [], ends: scopes.map((scope) => complete(scope, 2)) });

const NOTHING_LOST = { unselected: 0, unidentified: 0, failed: 0 };

function aMapper({ resource, map = () => [] }: RunDifference): Mapper {
  const mapItem = (item: RawItem): MappedItem => {
    const made = map(item);
    if (made === 'failed') {
      const lost = { ...NOTHING_LOST, failed: 1 };
      return { item, status: 'failed', problems: [], entities: [], lost };
    }
    const entities = made.flatMap((entity) =>
      resource.feeds.slice(0, 1).map((feed) => ({
        entity: { properties: {}, relations: {}, ...entity },
        feed,
        item: item.key,
      })),
    );
    return { item, status: 'mapped', problems: [], entities, lost: NOTHING_LOST };
  };
  return {
    map: (items) => Promise.resolve(items.map(mapItem)),
    mentions: () => false,
    fieldCounts: () => [],
    neverFilled: () => [],
    close: () => Promise.resolve(),
  };
}

const unexpected = (): never => {
  throw new Error('nobody was to be asked');
};

const client: PortClient = {
  origin: 'https://port.example.com',
  integration: { type: 'bitbucket-server', identifier: 'bitbucket-prod', version: '1.0.0' },
  clientId: 'port-client',
  requests: 0,
  now: () => null,
  authenticate: unexpected,
  token: unexpected,
  json: unexpected,
  body: unexpected,
  withSignal: () => client,
  knowing: () => client,
  close: () => Promise.resolve(),
};

/** What the stages share, with nobody behind it that could be asked. */
export function aContext(difference: Partial<RunContext> = {}): RunContext {
  return {
    source: {
      type: 'bitbucket-server',
      kinds: [],
      probe: unexpected,
      read: unexpected,
      addressOf: () => null,
      close: () => Promise.resolve(),
    },
    engine: {
      description: 'none',
      version: '1.7',
      start: unexpected,
      check: unexpected,
      close: () => Promise.resolve(),
    },
    client,
    writer: createPortWriter(client, () => undefined),
    mapping: aMapping([]),
    now: 0,
    blueprints: new Map(),
    newBlueprints: new Set(),
    identifiers: { style: 'own', isNew: false },
    ownLinks: new OwnLinks((one, other) => one === other),
    clock: createFakeClock(),
    emit: () => undefined,
    report: () => undefined,
    signal: new AbortController().signal,
    ...difference,
  };
}
