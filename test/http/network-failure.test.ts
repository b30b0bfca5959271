import { describe, expect, it } from '@jest/globals';
import { networkFailure } from '../../src/http/exchange.js';
import { proxyAnswered } from '../../src/http/proxy-connector.js';

const origin = 'https://server.example.com';

/** What fetch throws: an error that says nothing, caused by one that has a code. */
function fetchFailed(code: string, message = code): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) });
}

describe('networkFailure', () => {
  it.each([
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'CERT_HAS_EXPIRED',
  ])('takes %s for lasting and speaks of the setting', (code) => {
    const failure = networkFailure(fetchFailed(code), origin);
    expect(failure.details.permanent).toBe(true);
    expect(failure.reason).toContain('--ca-file');
    expect(failure.reason).toContain(code);
  });

  it.each([
    ['ENOTFOUND', 'its host name cannot be resolved (ENOTFOUND)'],
    ['ECONNRESET', 'the connection was cut before an answer came (ECONNRESET)'],
    ['UND_ERR_CONNECT_TIMEOUT', 'no connection came about in time (UND_ERR_CONNECT_TIMEOUT)'],
    ['EUNHEARDOF', 'the connection failed (EUNHEARDOF)'],
  ])('takes %s for passing', (code, words) => {
    const failure = networkFailure(fetchFailed(code), origin);
    expect(failure.details.permanent).toBe(false);
    expect(failure.reason).toBe(`cannot connect to ${origin}: ${words}`);
  });

  it.each([
    ['undici', Object.assign(new Error('x'), { name: 'HTTPParserError' })],
    ['Node.js', Object.assign(new Error('x'), { code: 'HPE_INVALID_CONSTANT' })],
  ])('takes what is no HTTP for lasting, as %s tells it', (_who, error) => {
    const failure = networkFailure(error, origin);
    expect(failure.details.permanent).toBe(true);
    expect(failure.reason).toContain('does not speak HTTP');
  });

  it('finds the code among the addresses that were tried', () => {
    const tried = new AggregateError([
      Object.assign(new Error('::1'), { code: 'ECONNREFUSED' }),
      Object.assign(new Error('127.0.0.1'), { code: 'ECONNREFUSED' }),
    ]);
    const failure = networkFailure(new TypeError('fetch failed', { cause: tried }), origin);
    expect(failure.reason).toContain('the connection was refused');
  });

  it.each([
    [407, true, ': it wants a name and password, in the address of the proxy'],
    [502, false, ''],
  ])('tells a proxy that answers %d', (status, permanent, remedy) => {
    const failure = networkFailure(
      new TypeError('x', { cause: proxyAnswered(status, origin) }),
      origin,
    );
    expect(failure.reason).toBe(
      `the proxy answered ${status} when it was asked to connect to ${origin}${remedy}`,
    );
    expect(failure.details.permanent).toBe(permanent);
  });

  it('repeats no message of a lower layer', () => {
    const failure = networkFailure(new TypeError('"Bearer secret" is no header value'), origin);
    expect(failure.reason).toBe(`cannot connect to ${origin}: the connection failed`);
  });
});
