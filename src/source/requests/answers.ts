import { createHash } from 'node:crypto';
import { z } from 'zod';
import { HttpError } from '../../http/http-error.js';
import { canonicalJson, isJsonArray, isJsonObject } from '../../model/json.js';
import type { JsonObject, JsonValue } from '../../model/json.js';
import { cutBelow, deepestJson } from '../../model/json-depth.js';
import type { RawItem } from '../../model/page.js';
import { httpError, malformed } from '../failure.js';
import type { Listed } from '../listing/page.js';
import type { Count } from '../listing/rest.js';
import type { Asked } from './asked.js';

/** Requests for one parent: a listing that takes more of them is no listing for a catalog. */
export const mostRequestsEach = 100;
/** Requests of a run for all of its resources of the kind. */
export const mostRequests = 20_000;

/** What a resource asks about: a project or a repository; null: the whole of Bitbucket. */
export interface RequestParent {
  readonly name: string;
  readonly item: RawItem;
  /** Where its items have it. */
  readonly field: '__project' | '__repository';
}

/** The run has sent as many requests of the kind as it may. */
export class RequestsUsedUp extends HttpError {}

/** How many requests of the kind a run has sent. */
export class RequestBounds {
  readonly #most: number;
  #sent = 0;

  constructor(most = mostRequests) {
    this.#most = most;
  }

  /** Counts those for one parent. What it gives throws RequestsUsedUp, or a failure of that one alone. */
  counting(subject: string, count: Count): Count {
    let sent = 0;
    return () => {
      if (sent === mostRequestsEach) {
        throw malformed(subject, `takes more than ${mostRequestsEach} requests, and was cut off`);
      }
      if (this.#sent === this.#most) {
        const reason = `a run sends at most ${this.#most} requests of the kind request`;
        throw new RequestsUsedUp('malformed', subject, reason);
      }
      sent += 1;
      this.#sent += 1;
      count();
    };
  }
}

/** What an answer lists, with the object that the list stands in: its page, where it has pages. */
export interface ListInAnswer {
  readonly holder: JsonObject;
  readonly values: readonly JsonValue[];
}

/** The schema of answers that list items at a place. What is no object in a list tells nothing of itself. */
export function answerOf({ items, key }: Pick<Asked, 'items' | 'key'>): z.ZodType<ListInAnswer> {
  return z
    .custom<JsonValue>(() => true)
    .transform((answer, context): ListInAnswer => {
      const fail = (message: string): never => {
        context.addIssue({ code: 'custom', message });
        return z.NEVER;
      };
      const found = valueAt(answer, items);
      const holder = valueAt(answer, items.slice(0, -1));
      const place = items.join('.');
      if (key.length === 0) {
        if (isJsonObject(found) && isJsonArray(found.values) && isPage(found)) {
          return fail('it is a page of a listing: leave selector.items out, and name selector.key');
        }
        return isJsonObject(found)
          ? { holder: {}, values: [found] }
          : fail('it is no object; if it is a list, selector.key has to tell its items apart');
      }
      if (isJsonArray(found)) {
        return {
          holder: isJsonObject(holder) && items.length > 0 ? holder : {},
          values: found.map((one) => (isJsonObject(one) ? one : {})),
        };
      }
      if (isJsonObject(found)) return { holder: {}, values: [found] };
      return fail(`there is nothing at ${place === '' ? '.' : place}, which selector.items names`);
    });
}

function isPage(answer: JsonObject): boolean {
  return ['isLastPage', 'pagelen'].some((name) => Object.hasOwn(answer, name));
}

/** What stands at a place; undefined: nothing. */
function valueAt(value: JsonValue, steps: readonly string[]): JsonValue | undefined {
  let found: JsonValue | undefined = value;
  for (const step of steps) {
    found = isJsonObject(found) && Object.hasOwn(found, step) ? found[step] : undefined;
  }
  return found;
}

/** Whether what an answer lists stands where pages of Bitbucket have it. */
export function isPagePlace({ items }: Pick<Asked, 'items'>): boolean {
  return items.at(-1) === 'values';
}

/** Tells the items of one listing apart. */
export class AnswerItems {
  readonly #asked: Asked;
  readonly #parent: RequestParent | null;
  /** What was seen under each key, as a hash. */
  readonly #seen = new Map<string, string>();
  #isKeyless = false;
  #clash: string | null = null;

  constructor(asked: Asked, parent: RequestParent | null) {
    this.#asked = asked;
    this.#parent = parent;
  }

  /** Null for what `key` tells nothing of, and for another one of the same key. */
  itemOf(value: JsonObject): Listed | null {
    const { key: steps } = this.#asked;
    const key = steps.length === 0 ? '' : keyIn(valueAt(value, steps));
    if (key === null) {
      this.#isKeyless = true;
      return null;
    }
    const hash = createHash('sha256')
      .update(canonicalJson(cutBelow(deepestJson, value)))
      .digest('base64');
    const before = this.#seen.get(key);
    if (before !== undefined && before !== hash) {
      this.#clash ??= key;
      return null;
    }
    this.#seen.set(key, hash);
    const parent = this.#parent;
    if (parent === null) return { item: { key, link: null, value } };
    const whole = { ...value, [parent.field]: parent.item.value };
    return { item: { key: `${parent.name}#${key}`, link: null, value: whole } };
  }

  /** The pages, and at their end what was wrong with items, if anything. */
  async *checked(
    pages: AsyncIterable<readonly Listed[]>,
    subject: string,
  ): AsyncGenerator<readonly Listed[], void, undefined> {
    try {
      yield* pages;
    } catch (error) {
      const fault = this.#fault();
      const failure = httpError(error);
      throw fault === null || failure.failure !== 'malformed' ? failure : malformed(subject, fault);
    }
  }

  #fault(): string | null {
    const name = this.#asked.key.join('.');
    if (this.#clash !== null) {
      return `gave several items whose ${name} is ${this.#clash}: selector.key has to name a field that tells them apart`;
    }
    if (!this.#isKeyless) return null;
    return `gave items without ${name}, which selector.key names; the others were read`;
  }
}

/** A text or a number that can tell one item from another. */
function keyIn(value: JsonValue | undefined): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}
