import { AttemptFailure } from './attempt-failure.js';
import { causesOf, networkReason } from './network-reason.js';
import { ProxyFailure } from './proxy-failure.js';

/**
 * Words what came in place of an answer.
 * @param origin Where the request was for.
 */
export function networkFailure(error: unknown, origin: string): AttemptFailure {
  const atProxy = [...causesOf(error)].find((one) => one instanceof ProxyFailure);
  if (atProxy !== undefined) {
    const { reason, permanent } = atProxy;
    return new AttemptFailure('network', reason, { permanent }, { cause: error });
  }
  const { reason, ...details } = networkReason(error);
  return new AttemptFailure('network', unreachable(origin, reason), details, { cause: error });
}

/** The words for a server without a connection. The message of the failure begins with them. */
export function unreachable(origin: string, reason: string): string {
  return `cannot connect to ${origin}: ${reason}`;
}
