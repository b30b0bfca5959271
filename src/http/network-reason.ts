const certificateAuthority =
  'its certificate is signed by an authority that is not trusted here; name that authority with --ca-file';

const otherProtocol = 'what answers on this port does not speak HTTP';
const otherTls =
  'it speaks no TLS that is still allowed (1.2 or newer); its administrators must turn that on';
const noTls = 'it does not speak TLS on this port; should the URL start with http://?';
const largeHeaders = 'the headers of its answer are larger than 64 KiB';
const headerOverflow = 'HPE_HEADER_OVERFLOW';
const cut = 'the connection was cut before an answer came';
const noConnection = 'no connection came about in time';
const noRoute = 'there is no route to it';

/** To an address with http://. */
export const onlyTls = 'it speaks TLS on this port; should the URL start with https://?';

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
  UND_ERR_HEADERS_OVERFLOW: largeHeaders,
  [headerOverflow]: largeHeaders,
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
  EHOSTUNREACH: noRoute,
  ENETUNREACH: noRoute,
};

/** Why there is no answer, and whether asking again would change that. */
export interface NetworkReason {
  /** For a person, with the code in brackets where there is one. */
  readonly reason: string;
  readonly permanent: boolean;
  /** Whether there was a connection, and it ended before an answer. */
  readonly isCut: boolean;
}

/** Words an error of Node.js or undici. Its own message is not repeated: it may hold header values. */
export function networkReason(error: unknown): NetworkReason {
  const causes = [...causesOf(error)];
  if (causes.some(isParserError)) return { reason: otherProtocol, permanent: true, isCut: false };
  const code = causes.map(codeOf).find(Boolean);
  const lasting = code === undefined ? undefined : lastingReasons[code];
  const passing = code === undefined ? undefined : passingReasons[code];
  const reason = lasting ?? passing ?? 'the connection failed';
  return {
    reason: code === undefined ? reason : `${reason} (${code})`,
    permanent: lasting !== undefined,
    isCut: reason === cut,
  };
}

/** What came is no answer in HTTP. undici tells that by a name, Node.js by codes of its parser. */
function isParserError(error: object): boolean {
  if ('name' in error && error.name === 'HTTPParserError') return true;
  const code = codeOf(error);
  return code !== undefined && code.startsWith('HPE_') && code !== headerOverflow;
}

/**
 * The error and what it was caused by, inwards; of several addresses tried, each one's error. Known
 * by their members: errors of Node.js are of another realm where code runs in a `node:vm` context.
 */
export function* causesOf(error: unknown): Generator<object> {
  if (typeof error !== 'object' || error === null) return;
  yield error;
  if ('errors' in error && Array.isArray(error.errors)) {
    for (const one of error.errors) yield* causesOf(one);
  }
  if ('cause' in error) yield* causesOf(error.cause);
}

function codeOf(error: object): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
