import { HttpError } from '../http/http-error.js';
import { statusOf } from '../port/describe-failure.js';
import type { PortClient } from '../port/port-client.js';

/**
 * What a run tells Port about itself, which it can do without. An account that may not write the
 * integration, or that could not create it, is told so by the first call; the others are not made.
 */
export class RecordWrites {
  readonly client: PortClient;
  #isRefused = false;

  constructor(client: PortClient) {
    this.client = {
      ...client,
      get requests() {
        return client.requests;
      },
      json: (request, schema) => this.#noting(client.json(request, schema)),
      body: (request, schema) => this.#noting(client.body(request, schema)),
    };
  }

  /** The answer of the call, or `otherwise` when it would be refused as an earlier one was. */
  async attempt<Value>(call: () => Promise<Value>, otherwise: Value): Promise<Value> {
    return this.#isRefused ? otherwise : call();
  }

  /** Without a record, there is nothing that could be written to. */
  async create<Created>(call: () => Promise<Created>): Promise<Created> {
    try {
      return await call();
    } catch (error) {
      this.#isRefused = true;
      throw error;
    }
  }

  async #noting<Value>(answer: Promise<Value>): Promise<Value> {
    try {
      return await answer;
    } catch (error) {
      const status = error instanceof HttpError ? statusOf(error) : null;
      if (status === 401 || status === 403) this.#isRefused = true;
      throw error;
    }
  }
}
