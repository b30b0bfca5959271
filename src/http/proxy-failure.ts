import { networkReason } from './network-reason.js';

/** There is no way through a proxy: it cannot be reached, or does not lead on. */
export class ProxyFailure extends Error {
  override readonly name = 'ProxyFailure';

  /**
   * @param reason for a person, the proxy named
   * @param permanent asked again, it would answer the same
   */
  constructor(
    readonly reason: string,
    readonly permanent: boolean,
    options?: ErrorOptions,
  ) {
    super(reason, options);
  }
}

/** What a proxy answered in place of leading on: not to be asked twice, as more would lock the account. */
export function proxyAnswered(status: number, origin: string): ProxyFailure {
  const remedy =
    status === 407 ? ': it wants a name and password, in the address of the proxy' : '';
  const reason = `the proxy answered ${status} when it was asked to connect to ${origin}${remedy}`;
  return new ProxyFailure(reason, status >= 400 && status < 500);
}

/** The proxy itself does not answer, or not as one. */
export function unreachableProxy(proxy: URL, error: unknown): ProxyFailure {
  const { reason, permanent } = networkReason(error);
  const told = `the proxy ${proxy.host} cannot be reached: ${reason}`;
  return new ProxyFailure(told, permanent, { cause: error });
}
