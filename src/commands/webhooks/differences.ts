import {
  canonicalJson,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../../model/json.js';
import type { FieldChange } from '../../model/plan.js';
import type { WebhookContent } from '../../port/webhooks.js';
import type { BitbucketHook, HookContent } from './bitbucket-hooks.js';

/** Shown in place of a secret. */
const SET = '(set)';

/** What differs between the webhook that Port holds and the one that it is to hold. */
export function webhookChanges(
  held: WebhookContent | null,
  wanted: WebhookContent,
  setsSecret: boolean,
): readonly FieldChange[] {
  const old = held === null ? new Map<string, JsonValue>() : leavesOf(plain(held, wanted));
  const next = leavesOf(plain(wanted, wanted));
  const fields = [...new Set([...old.keys(), ...next.keys()])];
  return [
    ...fields
      .map((field) => ({ field, old: old.get(field) ?? null, new: next.get(field) ?? null }))
      .filter((change) => canonicalJson(change.old) !== canonicalJson(change.new)),
    ...(setsSecret ? [{ field: 'security.secret', old: null, new: SET }] : []),
  ];
}

/** What differs between a webhook of Bitbucket and what it is to be; null: there is none. */
export function hookChanges(
  held: BitbucketHook | null,
  wanted: Pick<HookContent, 'name' | 'url' | 'events'>,
  setsSecret: boolean,
): readonly FieldChange[] {
  const change = (field: string, old: JsonValue, next: JsonValue): readonly FieldChange[] =>
    canonicalJson(old) === canonicalJson(next) ? [] : [{ field, old, new: next }];
  const events = (list: readonly string[] | undefined): JsonValue =>
    list === undefined ? null : [...list].sort();
  return [
    ...change('name', held?.name ?? null, wanted.name),
    ...change('url', held?.url ?? null, wanted.url),
    ...change('events', events(held?.events), events(wanted.events)),
    ...change('active', held?.active ?? null, true),
    ...(setsSecret || held === null || held.isSigned === false
      ? [{ field: 'secret', old: null, new: SET }]
      : []),
  ];
}

/** As JSON of one form: what Port adds by itself is no difference. */
function plain({ mappings, security, ...rest }: WebhookContent, like: WebhookContent): JsonObject {
  return {
    ...rest,
    // Of the security, the members that we set: a secret is never compared.
    security: Object.fromEntries(
      Object.keys(like.security).map((name) => [name, security[name] ?? null]),
    ),
    mappings: mappings.map(plainMapping),
  };
}

function plainMapping(mapping: JsonValue): JsonValue {
  if (!isJsonObject(mapping)) return mapping;
  const { operation = 'create', ...rest } = mapping;
  const isPlain = isJsonObject(operation) && operation.type === 'create';
  return { ...rest, operation: isPlain ? 'create' : operation };
}

/** Single values by where they stand: `mappings[0].entity.title`. Empty lists and objects hold none. */
function leavesOf(value: JsonValue, path = ''): Map<string, JsonValue> {
  const leaves = new Map<string, JsonValue>();
  const add = (inner: JsonValue, below: string): void => {
    for (const [name, leaf] of leavesOf(inner, below)) leaves.set(name, leaf);
  };
  if (isJsonArray(value)) {
    value.forEach((member, index) => {
      add(member, `${path}[${index}]`);
    });
  } else if (isJsonObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      add(member, path === '' ? name : `${path}.${name}`);
    }
  } else leaves.set(path, value);
  return leaves;
}
