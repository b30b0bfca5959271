import { createHash } from 'node:crypto';
import type { WebhookInput } from './schemas/webhook-body.js';

/** A webhook as Port holds it. */
export interface Webhook extends WebhookInput {
  readonly identifier: string;
  /** What its address ends in. */
  readonly webhookKey: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly updatedAt: string;
  readonly updatedBy: string;
}

/** What became of an event that was posted to a webhook. */
export interface IngestedEvent {
  readonly webhook: string;
  /** All but `mapped` change nothing. */
  readonly outcome: 'mapped' | 'disabled' | 'forged' | 'repeated' | 'unreadable';
  /** Why mappings, or entities that they made, failed. */
  readonly problems: readonly string[];
}

/** The jq that maps events. */
export interface Jq {
  /** @throws for a program that is not jq */
  start(program: string): Promise<{
    run(inputs: readonly string[]): Promise<readonly JqOutcome[]>;
    close(): Promise<void>;
  }>;
  close(): Promise<void>;
}

type JqOutcome =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string };

/** Where events are posted to, below the server's own address. */
export const INGEST_PATH = '/ingest/';

/** The webhooks, in the order of their making. */
export class Webhooks {
  /** Address of the server. */
  serverUrl = '';
  /** Events that came in, oldest first. */
  readonly events: IngestedEvent[] = [];
  readonly #byIdentifier = new Map<string, Webhook>();
  readonly #requests = new Set<string>();

  list(): readonly Webhook[] {
    return [...this.#byIdentifier.values()];
  }

  find(identifier: string): Webhook | undefined {
    return this.#byIdentifier.get(identifier);
  }

  put(webhook: Webhook): Webhook {
    this.#byIdentifier.set(webhook.identifier, webhook);
    return webhook;
  }

  remove({ identifier }: Webhook): void {
    this.#byIdentifier.delete(identifier);
  }

  byKey(webhookKey: string): Webhook | undefined {
    return this.list().find((webhook) => webhook.webhookKey === webhookKey);
  }

  /** Whether a request of this identifier came before; it has come from now on. */
  isRepeated({ identifier }: Webhook, request: string): boolean {
    const key = `${identifier}\n${request}`;
    const isKnown = this.#requests.has(key);
    this.#requests.add(key);
    return isKnown;
  }

  /** Where a third party posts its events to. */
  urlOf({ webhookKey }: Webhook): string {
    return `${this.serverUrl}${INGEST_PATH}${webhookKey}`;
  }
}

/** 16 signs that nobody guesses; the same for the same identifier. */
export function webhookKeyOf(identifier: string): string {
  return createHash('sha1').update(identifier).digest('base64url').slice(0, 16);
}
