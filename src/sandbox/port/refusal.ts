import type { Answer } from '../loopback.js';

/** An answer that is not a success, thrown by whatever finds the reason. */
export class Refusal extends Error {
  override readonly name: string = 'Refusal';

  constructor(
    readonly status: number,
    /** Machine-readable, such as `not_found`. */
    readonly error: string,
    message: string,
  ) {
    super(message);
  }

  /** The body that every failed call of Port's API has. */
  answer(): Answer {
    return {
      status: this.status,
      body: { ok: false, error: this.error, message: this.message },
    };
  }
}

/**
 * A request that the API's contract does not allow. It is refused as Port would refuse it, and it is
 * a bug of whoever sent it: the server records it as a violation.
 */
export class ContractBreach extends Refusal {
  override readonly name = 'ContractBreach';
}

/** What is asked for is not there. Ordinary: a client has to be ready for it. */
export function notFound(what: string): Refusal {
  return new Refusal(404, 'not_found', `${what} was not found`);
}

/** The credentials may not do this. */
export function forbidden(message: string): Refusal {
  return new Refusal(403, 'forbidden', message);
}

/** What is asked for has the right shape, but cannot be done. */
export function unprocessable(message: string): Refusal {
  return new Refusal(422, 'invalid_request', message);
}

/** The identifier already stands for something else. */
export function identifierTaken(what: string): Refusal {
  return new Refusal(422, 'identifier_taken', `${what} already exists`);
}

/** A request of a shape that the contract does not allow. */
export function breach(message: string): ContractBreach {
  return new ContractBreach(422, 'invalid_request', message);
}
