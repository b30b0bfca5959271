import { AttemptFailure } from './attempt-failure.js';

const certificateAuthority =
  'its certificate is signed by an authority that is not trusted here; name that authority with --ca-file';

/** What the codes of Node.js, OpenSSL and undici mean for a person. */
const certificateReasons: Readonly<Record<string, string>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: certificateAuthority,
  UNABLE_TO_GET_ISSUER_CERT: certificateAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: certificateAuthority,
  SELF_SIGNED_CERT_IN_CHAIN: certificateAuthority,
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'its certificate is signed by itself; name that certificate with --ca-file',
  CERT_UNTRUSTED: certificateAuthority,
  CERT_HAS_EXPIRED:
    'its certificate has expired; --ca-file cannot mend that, the server needs a new one',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; compare the clocks of both machines',
  CERT_REVOKED: 'its certificate was revoked',
  CERT_REJECTED: 'its certificate is not accepted',
  CERT_SIGNATURE_FAILURE: 'the signature of its certificate is wrong',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is made for another host name',
  ERR_SSL_WRONG_VERSION_NUMBER:
    'it does not speak TLS on this port; should the URL start with http://?',
};

const passingReasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its host name cannot be resolved',
  EAI_AGAIN: 'its host name cannot be resolved at the moment',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut before an answer came',
  EPIPE: 'the connection was cut before an answer came',
  UND_ERR_SOCKET: 'the connection was cut before an answer came',
  ETIMEDOUT: 'no connection came about in time',
  UND_ERR_CONNECT_TIMEOUT: 'no connection came about in time',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
};

/** A proxy that refuses to connect us, told by undici in words only. */
const proxyRefusal = /^Proxy response \((\d{3})\)/;

/**
 * Words what `fetch` threw. The original's own message is not repeated: it may hold header values.
 * @param origin Where the request was for.
 */
export function networkFailure(error: unknown, origin: string): AttemptFailure {
  const causes = [...causesOf(error)];
  const code = causes.map((one) => textOf('code' in one ? one.code : undefined)).find(Boolean);
  const proxyStatus = causes
    .map((one) => proxyRefusal.exec(textOf('message' in one ? one.message : undefined) ?? '')?.[1])
    .find(Boolean);
  if (proxyStatus !== undefined) {
    const reason = `the proxy answered ${proxyStatus} when it was asked to connect to ${origin}`;
    return failureOf(reason, proxyStatus.startsWith('4'), error);
  }
  const lasting = code === undefined ? undefined : certificateReasons[code];
  const passing = code === undefined ? undefined : passingReasons[code];
  const reason = lasting ?? passing ?? 'the connection failed';
  const named = code === undefined ? reason : `${reason} (${code})`;
  return failureOf(`${origin} cannot be reached: ${named}`, lasting !== undefined, error);
}

function failureOf(reason: string, permanent: boolean, cause: unknown): AttemptFailure {
  return new AttemptFailure('network', reason, { permanent }, { cause });
}

/**
 * The error and what it was caused by, inwards; of several addresses tried, each one's error. Known
 * by their members: errors of Node.js are of another realm where code runs in a `node:vm` context.
 */
function* causesOf(error: unknown): Generator<object> {
  if (typeof error !== 'object' || error === null) return;
  yield error;
  if ('errors' in error && Array.isArray(error.errors)) {
    for (const one of error.errors) yield* causesOf(one);
  }
  if ('cause' in error) yield* causesOf(error.cause);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
