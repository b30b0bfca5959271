import { z } from 'zod';
import { ownVersion } from '../../src/cli/version.js';
import { DEFAULTS } from '../../src/defaults/index.js';
import {
  canonicalJson,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../../src/model/json.js';
import type { RecordedRequest } from '../../src/sandbox/loopback.js';
import type { SandboxPort } from '../../src/sandbox/port/port.js';

/** What the catalog holds, by blueprint and identifier. */
export type Catalog = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

/** Stands for the fields of an entity that was sent just as the catalog holds it afterwards. */
const AS_IN_CATALOG = 'as in the catalog';

const TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/gu;

/** Requests in no order: `METHOD path?query`, readable, with how often each was made. */
export function requestsOf(requests: readonly RecordedRequest[]): JsonObject {
  const counts = new Map<string, number>();
  for (const { method, path, query } of requests) {
    const parameters = [...query].map(([name, value]) => `${name}=${value}`).sort();
    const text = parameters.length === 0 ? '' : `?${parameters.join('&')}`;
    const line = `${method} ${decodeURIComponent(path)}${text}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return sorted(Object.fromEntries(counts));
}

/**
 * Requests to Port, in the same way. How often it is asked for the entities of others by their names
 * is left out of a run that writes entities: a relation may have made some of them in the meantime,
 * and which of two blueprints is loaded first depends on the machine.
 */
export function portRequestsOf(requests: readonly RecordedRequest[]): JsonObject {
  const isWriting = requests.some(({ path }) => path.endsWith('/entities/bulk'));
  return requestsOf(isWriting ? requests.filter((request) => !isLookUp(request)) : requests);
}

function isLookUp({ path, body: text }: RecordedRequest): boolean {
  return (
    path.endsWith('/entities-count') ||
    (path.endsWith('/entities/search') && text.includes('"property":"$identifier"'))
  );
}

/** Our own data source under the usual identifier: nearly all entities carry it, so it stands nowhere. */
const OURS = new RegExp(
  `^port-ocean/(bitbucket-cloud|bitbucket-server)/bitbucket-port-${ownVersion()}/my-\\1-integration/exporter$`,
  'u',
);

/** What the catalog holds now. */
export function catalogOf(port: SandboxPort): Catalog {
  const shelves = port.blueprints().map(({ identifier: blueprint }) => {
    const entities = port.entities(blueprint).map((entity) => {
      const { identifier, title, icon, team, properties, relations, datasource } = entity;
      const fields: JsonObject = {
        title,
        ...(icon === null ? {} : { icon }),
        ...(team.length === 0 ? {} : { team }),
        properties,
        relations,
        ...(datasource !== null && OURS.test(datasource) ? {} : { datasource }),
      };
      return [identifier, fields] as const;
    });
    return [blueprint, Object.fromEntries(entities)] as const;
  });
  return Object.fromEntries(shelves.filter(([, entities]) => Object.keys(entities).length > 0));
}

/** What became of a catalog, with the old values left out: the recording before has them. */
export function catalogDifference(before: Catalog, after: Catalog): JsonValue {
  const added: Record<string, JsonObject> = {};
  const changed: Record<string, JsonObject> = {};
  const removed: Record<string, JsonValue> = {};
  for (const blueprint of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const old = before[blueprint] ?? {};
    const now = after[blueprint] ?? {};
    const put = (target: Record<string, JsonObject>, entities: [string, JsonValue][]): void => {
      if (entities.length > 0) target[blueprint] = Object.fromEntries(entities);
    };
    put(
      added,
      Object.entries(now).filter(([identifier]) => old[identifier] === undefined),
    );
    put(
      changed,
      Object.entries(now).flatMap(([identifier, entity]): [string, JsonValue][] => {
        const earlier = old[identifier];
        if (earlier === undefined || textOf(earlier) === textOf(entity)) return [];
        return [[identifier, changedFields(earlier, entity)]];
      }),
    );
    const gone = Object.keys(old).filter((identifier) => now[identifier] === undefined);
    if (gone.length > 0) removed[blueprint] = gone.sort();
  }
  const difference = Object.entries({ added, changed, removed }).filter(
    ([, entities]) => Object.keys(entities).length > 0,
  );
  return difference.length === 0 ? 'unchanged' : sorted(Object.fromEntries(difference));
}

function changedFields(old: JsonObject, now: JsonObject): JsonObject {
  const fields: Record<string, JsonValue> = {};
  for (const name of new Set([...Object.keys(old), ...Object.keys(now)])) {
    const [before = null, after = null] = [old[name], now[name]];
    if (textOf(old[name]) === textOf(now[name])) continue;
    fields[name] = !(name in now)
      ? '<gone>'
      : isJsonObject(before) && isJsonObject(after)
        ? changedFields(before, after)
        : after;
  }
  return fields;
}

const sentEntity = z.looseObject({ identifier: z.json() });
const bulkBody = z.object({ entities: z.array(sentEntity) });
const deletionBody = z.object({ entities: z.array(z.string()) });
const body = z.record(z.string(), z.json());

/** What calls asked Port to change, whatever came of them. */
export function sentTo(requests: readonly RecordedRequest[], catalog: Catalog): JsonObject {
  const entities: Record<string, Record<string, JsonValue[]>> = {};
  const deletions: Record<string, string[]> = {};
  const examples: Record<string, number> = {};
  const resync: string[] = [];
  const others: Record<string, JsonValue[]> = {};
  for (const request of requests.filter(isWrite)) {
    const { method, path, body: text } = request;
    const blueprint = decodeURIComponent(/\/blueprints\/([^/]+)\//u.exec(path)?.[1] ?? '');
    const kind = /\/kinds\/([^/]+)\/examples$/u.exec(path)?.[1];
    if (path.endsWith('/bulk/entities/delete')) {
      const { entities: identifiers } = deletionBody.parse(JSON.parse(text));
      (deletions[blueprint] ??= []).push(...identifiers);
    } else if (path.endsWith('/entities/bulk')) {
      const shelf = (entities[blueprint] ??= {});
      for (const { identifier, ...fields } of bulkBody.parse(JSON.parse(text)).entities) {
        const name = typeof identifier === 'string' ? identifier : JSON.stringify(identifier);
        (shelf[name] ??= []).push(fieldsSent(body.parse(fields), catalog[blueprint]?.[name]));
      }
    } else if (kind !== undefined) {
      const { examples: sent } = z.object({ examples: z.array(z.json()) }).parse(JSON.parse(text));
      examples[kind] = (examples[kind] ?? 0) + sent.length;
    } else if (path.endsWith('/resync-state')) {
      resync.push(z.object({ status: z.string() }).parse(JSON.parse(text)).status);
    } else {
      const line = `${method} ${decodeURIComponent(path)}`;
      (others[line] ??= []).push(text === '' ? null : otherBody(path, text));
    }
  }
  return sorted({
    ...given(
      'entities',
      mapValues(entities, (shelf) => mapValues(shelf, onceOrMore)),
    ),
    ...given(
      'deletions',
      mapValues(deletions, (identifiers) => identifiers.sort()),
    ),
    ...given('examples', examples),
    ...(resync.length === 0 ? {} : { resync: resync.join(', ') }),
    ...given('others', mapValues(others, onceOrMore)),
  });
}

/** Reads that Port takes as a POST. */
const READ_BY_POST = /\/(?:auth\/access_token|search|datasource-entities)$/u;

function isWrite({ method, path }: RecordedRequest): boolean {
  return method !== 'GET' && !(method === 'POST' && READ_BY_POST.test(path));
}

function fieldsSent(fields: JsonObject, held: JsonObject | undefined): JsonValue {
  if (held === undefined) return fields;
  const { datasource } = held;
  const whole = {
    title: null,
    properties: {},
    relations: {},
    ...fields,
    ...(datasource === undefined ? {} : { datasource }),
  };
  return textOf(whole) === textOf(held) ? AS_IN_CATALOG : fields;
}

/** Of what is built in the names alone, as it has its own tests. Times vary. */
function otherBody(path: string, text: string): JsonValue {
  const sent = body.parse(JSON.parse(text.replace(TIME, '<time>')));
  const { config } = sent;
  if (Object.values(DEFAULTS).some(({ mapping }) => textOf(mapping) === textOf(config))) {
    return { ...sent, config: 'the built-in mapping' };
  }
  if (!path.includes('/blueprints')) return sent;
  const { schema, identifier, ...rest } = sent;
  const properties = isJsonObject(schema) ? schema.properties : undefined;
  return Object.fromEntries(
    Object.entries({ identifier, properties, ...rest }).flatMap(([name, value]) => {
      if (name === 'identifier' && typeof value === 'string') return [[name, value]];
      return isJsonObject(value) ? [[name, Object.keys(value).sort().join(', ')]] : [];
    }),
  );
}

/** What was sent once stands for itself, what was sent again tells how often; in no order. */
function onceOrMore(sent: readonly JsonValue[]): JsonValue {
  const texts = sent.map(textOf);
  const different = [...new Set(texts)].sort().map((text): JsonValue => {
    const value = sent[texts.indexOf(text)] ?? null;
    const times = texts.filter((other) => other === text).length;
    return times === 1 ? value : { times, sent: value };
  });
  return different.length === 1 ? (different[0] ?? null) : different;
}

function given(name: string, values: JsonObject): JsonObject {
  return Object.keys(values).length === 0 ? {} : { [name]: values };
}

function mapValues<Value>(
  values: Readonly<Record<string, Value>>,
  map: (value: Value) => JsonValue,
): JsonObject {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]));
}

function textOf(value: JsonValue | undefined): string {
  return value === undefined ? '' : canonicalJson(value);
}

/** The same value with all keys in order. */
export function sorted<Value extends JsonValue>(value: Value): Value;
export function sorted(value: JsonValue): JsonValue {
  if (isJsonArray(value)) return value.map((each) => sorted(each));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, each]) => [name, sorted(each)]),
  );
}
