import { createHmac } from 'node:crypto';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../model/json.js';
import { jsonOf, type Answer, type RecordedRequest } from '../loopback.js';
import { deleteEntities } from './delete-entities.js';
import type { Actor } from './entity.js';
import { notFound, Refusal } from './refusal.js';
import { entityToCreate } from './schemas/entity-body.js';
import { anyJson } from './schemas/json.js';
import type { WebhookMapping } from './schemas/webhook-body.js';
import type { PortState } from './state.js';
import { INGEST_PATH, type IngestedEvent, type Jq, type Webhook } from './webhooks.js';
import { writeEntity } from './write-entity.js';

/** Largest body of an event, in bytes (reference: 512 KiB, else 413). */
const EVENT_LIMIT_BYTES = 524_288;

/**
 * Takes an event for a webhook, and writes what its mappings make of it before it answers. Port does
 * not say what it answers to an event that it drops; here whoever posts it learns nothing.
 */
export async function ingest(
  state: PortState,
  jq: () => Promise<Jq>,
  request: RecordedRequest,
): Promise<Answer> {
  const webhook = state.webhooks.byKey(request.path.slice(INGEST_PATH.length));
  if (request.method !== 'POST' || webhook === undefined) return notFound('The webhook').answer();
  const bytes = Buffer.byteLength(request.body);
  if (bytes > EVENT_LIMIT_BYTES) {
    const message = `the event has ${bytes} bytes, the limit is ${EVENT_LIMIT_BYTES}`;
    return new Refusal(413, 'request_too_large', message).answer();
  }
  const problems: string[] = [];
  const outcome = await take(state, jq, webhook, request, problems);
  state.webhooks.events.push({ webhook: webhook.identifier, outcome, problems });
  return { status: 200, body: { ok: true } };
}

async function take(
  state: PortState,
  jq: () => Promise<Jq>,
  webhook: Webhook,
  request: RecordedRequest,
  problems: string[],
): Promise<IngestedEvent['outcome']> {
  if (!webhook.enabled) return 'disabled';
  if (!isGenuine(webhook, request)) return 'forged';
  const body = jsonOf(request);
  if (body === undefined) return 'unreadable';
  const headers = headersOf(request, state.conduct.headerCase);
  const queryParams = Object.fromEntries(request.query);
  const event: JsonObject = { body: anyJson.parse(body), headers, queryParams };
  const path = webhook.security?.requestIdentifierPath ?? null;
  const { mappings = [] } = webhook;
  const programs = [...(path === null ? [] : [term(path)]), ...mappings.map(programOf)];
  const results = await evaluate(await jq(), programs, event, problems);
  const request_ = path === null ? null : results.shift();
  if (typeof request_ === 'string' && state.webhooks.isRepeated(webhook, request_))
    return 'repeated';
  const actor: Actor = {
    by: webhook.createdBy,
    datasource: `webhook/${webhook.identifier}`,
    at: new Date(state.clock.now()).toISOString(),
  };
  for (const [index, mapping] of mappings.entries()) {
    const made = results[index];
    for (const entity of isJsonArray(made) ? made : []) {
      try {
        if (isJsonObject(entity)) apply(state, actor, mapping, entity);
      } catch (error) {
        problems.push(`mappings[${index}]: ${error instanceof Error ? error.message : 'refused'}`);
      }
    }
  }
  return 'mapped';
}

/** The name of the header counts in any case. Without a secret, everything is genuine. */
function isGenuine({ security }: Webhook, { headers, body }: RecordedRequest): boolean {
  const secret = security?.secret ?? '';
  const name = security?.signatureHeaderName ?? '';
  if (secret === '' || name === '') return true;
  const algorithm = security?.signatureAlgorithm ?? 'sha256';
  const expected =
    algorithm === 'plain' ? secret : createHmac(algorithm, secret).update(body).digest('hex');
  return headers[name.toLowerCase()] === `${security?.signaturePrefix ?? ''}${expected}`;
}

function headersOf({ headers }: RecordedRequest, style: 'title' | 'lower'): JsonObject {
  const spelled = (name: string): string =>
    style === 'lower' ? name : name.replace(/(?<=^|-)[a-z]/gu, (letter) => letter.toUpperCase());
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [spelled(name), String(value)]),
  );
}

/** The results of programs on one input; null where one is no jq, or fails. */
async function evaluate(
  jq: Jq,
  programs: readonly string[],
  input: JsonObject,
  problems: string[],
): Promise<JsonValue[]> {
  const text = JSON.stringify(input);
  return await Promise.all(
    programs.map(async (source) => {
      try {
        const program = await jq.start(source);
        const [outcome] = await program.run([text]);
        await program.close();
        if (outcome?.ok === true) return anyJson.parse(JSON.parse(outcome.text));
        problems.push(outcome?.message ?? 'jq did not answer');
      } catch (error) {
        problems.push(String(error));
      }
      return null;
    }),
  );
}

/** One program per mapping: a list of the entities that it makes of an event. */
function programOf({ filter = 'true', itemsToParse, entity }: WebhookMapping): string {
  const items = itemsToParse === undefined ? '[null]' : `(${term(itemsToParse)} // [])`;
  const each = itemsToParse === undefined ? '.' : '. + {item: $item}';
  return `[${items}[] as $item | (${each}) | select(${term(filter)} == true) | ${term(anyJson.parse(entity))}]`;
}

/** A member of a mapping as jq: each text is an expression, which is null where it fails. */
function term(value: JsonValue | undefined): string {
  if (typeof value === 'string') return `([try first(${value}\n) catch null][0])`;
  if (isJsonArray(value)) return `[${value.map(term).join(', ')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value ?? null);
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}: ${term(member)}`,
  );
  return `{${members.join(', ')}}`;
}

/** @throws Refusal for an entity that Port does not take */
function apply(state: PortState, actor: Actor, mapping: WebhookMapping, made: JsonObject): void {
  const { blueprint } = state.catalog.shelf(mapping.blueprint);
  const deletion = deletionOf(mapping);
  if (deletion !== null) {
    const { identifier } = made;
    if (typeof identifier !== 'string') return;
    const found = state.catalog.entity({ blueprint: blueprint.identifier, identifier });
    if (found !== undefined) deleteEntities(state, [found], deletion.cascades);
    return;
  }
  // A field of the entity itself that comes to nothing is not written; a property is cleared.
  const told = Object.fromEntries(Object.entries(made).filter(([, value]) => value !== null));
  const result = entityToCreate.safeParse(told);
  if (!result.success || result.data.identifier === undefined) {
    throw new Refusal(422, 'invalid_request', `no entity: ${JSON.stringify(told)}`);
  }
  writeEntity(state, actor, blueprint, result.data, {
    mode: 'merge',
    createMissing: true,
    validationOnly: false,
  });
}

/** A plain `delete` takes all along that depends on the entity: that much is documented. */
function deletionOf({ operation }: WebhookMapping): { readonly cascades: boolean } | null {
  if (operation === 'delete') return { cascades: true };
  if (typeof operation !== 'object' || operation.type !== 'delete') return null;
  return { cascades: operation.deleteDependents ?? false };
}
