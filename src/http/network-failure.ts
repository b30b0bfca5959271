import { AttemptFailure } from './attempt-failure.js';
import { socksFailed, socksRefused, socksUnauthorized } from './socks.js';

const certificateAuthority =
  'its certificate is signed by an authority that is not trusted here; name that authority with --ca-file';

const otherProtocol = 'what answers on this port does not speak HTTP';
const otherTls =
  'it speaks no TLS that is still allowed (1.2 or newer); its administrators must turn that on';
const noTls = 'it does not speak TLS on this port; should the URL start with http://?';
const cut = 'the connection was cut before an answer came';
const noConnection = 'no connection came about in time';
const noRoute = 'there is no route to it';

/** What lasts: codes of Node.js, OpenSSL, llhttp and undici, in words. */
const lastingReasons: Readonly<Record<string, string>> = {
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
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: noTls,
  ERR_SSL_HTTP_REQUEST: noTls,
  ERR_SSL_UNSUPPORTED_PROTOCOL: otherTls,
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: otherTls,
  ERR_SSL_NO_PROTOCOLS_AVAILABLE: otherTls,
  HPE_INVALID_CONSTANT: otherProtocol,
  HPE_INVALID_VERSION: otherProtocol,
  HPE_CR_EXPECTED: otherProtocol,
  [socksRefused]: 'the SOCKS proxy does not let us connect to it',
  [socksUnauthorized]: 'the SOCKS proxy wants another name and password, in its address',
  UND_ERR_HEADERS_OVERFLOW: 'the headers of its answer are larger than 64 KiB',
};

/** What may pass by itself. */
const passingReasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its host name cannot be resolved',
  EAI_AGAIN: 'its host name cannot be resolved at the moment',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: cut,
  EPIPE: cut,
  UND_ERR_SOCKET: cut,
  ETIMEDOUT: noConnection,
  UND_ERR_CONNECT_TIMEOUT: noConnection,
  [socksFailed]: 'the SOCKS proxy could not connect to it',
  EHOSTUNREACH: noRoute,
  ENETUNREACH: noRoute,
};

/** A proxy that refuses us, told by undici in words only: for a tunnel, and for a plain request. */
const proxyRefusal = /^Proxy (?:response|Authentication Required) \((\d{3})\)/;

/**
 * Words what came in place of an answer. The original's own message is not repeated: it may hold header
 * values.
 * @param origin Where the request was for.
 */
export function networkFailure(error: unknown, origin: string): AttemptFailure {
  const causes = [...causesOf(error)];
  const code = causes.map((one) => textOf('code' in one ? one.code : undefined)).find(Boolean);
  const messages = causes.map((one) => textOf('message' in one ? one.message : undefined) ?? '');
  const status = messages.map((text) => proxyRefusal.exec(text)?.[1]).find(Boolean);
  if (status !== undefined) {
    const remedy =
      status === '407' ? ': it wants a name and password, in the address of the proxy' : '';
    const reason = `the proxy answered ${status} when it was asked to connect to ${origin}${remedy}`;
    return failureOf(reason, status.startsWith('4'), error);
  }
  const lasting = code === undefined ? undefined : lastingReasons[code];
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
