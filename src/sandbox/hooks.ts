import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { JsonObject } from '../model/json.js';
import { commitId } from './company/identifiers.js';

/** A webhook as a built-in Bitbucket keeps it, with the secret that no answer shows. */
export interface Hook extends HookSettings {
  /** Counts from 1 in a Bitbucket. */
  readonly id: number;
  /** What it is for, such as a project: hooks of one place are listed together. */
  readonly place: string;
  /** How often it was changed. */
  readonly changes: number;
}

/** What whoever makes a webhook says of it. */
export interface HookSettings {
  readonly name: string;
  readonly url: string;
  readonly active: boolean;
  readonly events: readonly string[];
  /** Null: events are not signed. */
  readonly secret: string | null;
}

/** The webhooks of a Bitbucket. */
export class Hooks {
  readonly #hooks = new Map<number, Hook>();
  #last = 0;

  /** Those of these places, oldest first; without a place, all. */
  list(...places: readonly string[]): readonly Hook[] {
    const all = [...this.#hooks.values()];
    return places.length === 0 ? all : all.filter(({ place }) => places.includes(place));
  }

  add(place: string, settings: HookSettings): Hook {
    this.#last += 1;
    return this.#put({ ...settings, place, id: this.#last, changes: 0 });
  }

  change(hook: Hook, settings: HookSettings): Hook {
    return this.#put({ ...hook, ...settings, changes: hook.changes + 1 });
  }

  remove({ id }: Hook): void {
    this.#hooks.delete(id);
  }

  #put(hook: Hook): Hook {
    this.#hooks.set(hook.id, hook);
    return hook;
  }
}

/** An event as it is sent: the body is signed with the secret of whichever webhook it goes to. */
export interface HookEvent {
  /** Such as `pr:merged`. */
  readonly key: string;
  readonly body: JsonObject;
  /** Headers beside the type, the length and the signature. */
  readonly headers: (hook: Hook) => Readonly<Record<string, string>>;
}

/** What came of sending an event to one webhook. */
export interface Delivery {
  readonly hook: Hook;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Status of the answer; null where there was none. */
  readonly status: number | null;
}

/** Sends an event to each active webhook of these that wants it, and waits for the answers. */
export async function deliver(
  hooks: readonly Hook[],
  event: HookEvent,
): Promise<readonly Delivery[]> {
  const wanted = hooks.filter(({ active, events }) => active && events.includes(event.key));
  const body = JSON.stringify(event.body);
  return await Promise.all(
    wanted.map(async (hook) => {
      const headers = {
        'Content-Type': 'application/json; charset=UTF-8',
        'Content-Length': String(Buffer.byteLength(body)),
        'X-Event-Key': event.key,
        ...event.headers(hook),
        ...(hook.secret === null ? {} : { 'X-Hub-Signature': signature(hook.secret, body) }),
      };
      return { hook, headers, body, status: await post(hook.url, headers, body) };
    }),
  );
}

/** The UUID of a delivery; the same when it is sent again. */
export function requestUuid(event: number, { id }: Hook): string {
  const digits = commitId(`event ${event} to webhook ${id}`);
  return [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ]
    .map(([from, to]) => digits.slice(from, to))
    .join('-');
}

/** How both Bitbuckets sign a body. */
export function signature(secret: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/** Sends an event, as it is, once. Returns the status of the answer; null where there is none. */
export function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<number | null> {
  return new Promise((resolve) => {
    const sent = request(url, { method: 'POST', headers }, (answer) => {
      text(answer).then(
        () => {
          resolve(answer.statusCode ?? null);
        },
        () => {
          resolve(null);
        },
      );
    });
    sent.on('error', () => {
      resolve(null);
    });
    sent.end(body);
  });
}
