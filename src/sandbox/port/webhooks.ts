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

/** Where events are posted to, below the server's own address. */
export const INGEST_PATH = '/ingest/';

/** The webhooks, in the order of their making. */
export class Webhooks {
  /** Address of the server. */
  serverUrl = '';
  readonly #byIdentifier = new Map<string, Webhook>();

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

  /** Where a third party posts its events to. */
  urlOf({ webhookKey }: Webhook): string {
    return `${this.serverUrl}${INGEST_PATH}${webhookKey}`;
  }
}

/** 16 signs that nobody guesses; the same for the same identifier. */
export function webhookKeyOf(identifier: string): string {
  return createHash('sha1').update(identifier).digest('base64url').slice(0, 16);
}
