import { X509Certificate } from 'node:crypto';
import { connect, createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { Pool } from 'undici';
import { ProblemError } from '../problems/problem.js';
import type { Connections } from './exchange.js';
import { maximumHeaderBytes } from './limits.js';
import { onlyTls } from './network-reason.js';
import { connectorThrough, connectorTo, type Handshake } from './proxy-connector.js';
import { noProxies, type Proxies, proxyRoute } from './proxy-route.js';
import { tunnel } from './tunnel.js';

/** Certificates that are trusted besides the public ones. */
export interface CertificateAuthority {
  /** Where the user named it: `--ca-file`, `SSL_CERT_FILE`, `NODE_EXTRA_CA_CERTS`. */
  readonly spelling: string;
  /** One certificate or several, as PEM. */
  /** As the user named it. */
  readonly file?: string;
  readonly pem: string;
}

/** How connections are made. */
export interface DispatcherOptions {
  /** Where they lead. */
  readonly origin: URL;
  /** By default, there is none. */
  readonly proxies?: Proxies;
  /** They are added to those that Node.js trusts by itself. */
  readonly authorities?: readonly CertificateAuthority[];
  /** False accepts any certificate. Default: true. */
  readonly verify?: boolean;
}

/** What is different from an ordinary TLS connection. */
interface TlsOptions {
  readonly rejectUnauthorized: boolean;
  readonly secureContext?: SecureContext;
}

/** The bounds of a connection. Timeouts are the client's business: undici's own are off. */
const bounds = { headersTimeout: 0, bodyTimeout: 0, maxHeaderSize: maximumHeaderBytes };

/**
 * Connections for one client, kept alive between requests, through a proxy where one is named.
 * @throws ProblemError setting-invalid for a file without certificates
 */
export function createDispatcher({
  origin,
  proxies = noProxies,
  authorities = [],
  verify = true,
}: DispatcherOptions): Connections {
  const tls = tlsOptions(authorities, verify);
  const route = proxyRoute(origin, proxies);
  if (route.type !== 'proxy') return direct(origin, tls);
  const { url: proxy } = route;
  if (proxy.protocol.startsWith('socks')) {
    // Most runs have none, and do without its library.
    const handshake: Handshake = async (socket, destination) =>
      (await import('./tunnel.js')).socks(proxy)(socket, destination);
    return poolThrough(origin, proxy, tls, handshake);
  }
  const authorization = proxyAuthorization(proxy);
  // A tunnel for TLS only, as curl has it: many proxies refuse one to any other port.
  if (origin.protocol === 'http:' && proxy.protocol === 'http:') {
    const connect = connectorTo(proxy, tls);
    return forwarding(new Pool(proxy.origin, { ...bounds, connect }), authorization);
  }
  return poolThrough(origin, proxy, tls, tunnel(authorization));
}

function direct(origin: URL, tls: TlsOptions): Connections {
  const pool = new Pool(origin.origin, { ...bounds, connect: tls });
  if (origin.protocol === 'https:') return pool;
  let why: Promise<string | null> | undefined;
  // Asked once in a run: what has answered before does not change.
  const ask = async (): Promise<string | null> => ((await speaksTls(origin)) ? onlyTls : null);
  return Object.assign(pool, { whyCut: () => (why ??= ask()) });
}

function poolThrough(origin: URL, proxy: URL, tls: TlsOptions, handshake: Handshake): Connections {
  const connect = connectorThrough(proxy, tls, handshake);
  return new Pool(origin.origin, { ...bounds, connect });
}

/** Requests that a proxy sends on: it is told the whole address. */
function forwarding(proxy: Pool, authorization: Readonly<Record<string, string>>): Connections {
  return {
    dispatch: ({ origin, path, headers, ...options }, handler) => {
      const { host } = new URL(origin);
      const address = { path: `${origin}${path}`, headers: { ...headers, host, ...authorization } };
      return proxy.dispatch({ ...options, ...address }, handler);
    },
    close: () => proxy.close(),
    destroy: (why) => proxy.destroy(why),
  };
}

/** A name without a password is one, too. */
function proxyAuthorization({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

/**
 * How TLS is spoken: one secure context for all connections, as making one takes 30 ms.
 * @throws ProblemError setting-invalid for a file without certificates
 */
export function tlsOptions(
  authorities: readonly CertificateAuthority[],
  verify: boolean,
): TlsOptions {
  const added = authorities.flatMap((authority) => certificatesOf(authority));
  return {
    // Always said, or NODE_TLS_REJECT_UNAUTHORIZED decides.
    rejectUnauthorized: verify,
    ...(added.length === 0 ? {} : { secureContext: contextWith(added) }),
  };
}

/**
 * A context that trusts `added` besides what Node.js trusts by itself: its own roots, or the system's
 * with --use-openssl-ca and --use-system-ca. The option `ca` would take their place, so they are added to
 * the context below, as Node.js itself does for `ca`. That takes away what NODE_EXTRA_CA_CERTS names,
 * which is why it is a setting of ours.
 */
function contextWith(added: readonly string[]): SecureContext {
  const context = createSecureContext();
  const store: unknown = context.context;
  if (!takesCertificates(store))
    return createSecureContext({ ca: [...rootCertificates, ...added] });
  for (const certificate of added) store.addCACert(certificate);
  return context;
}

function takesCertificates(store: unknown): store is { addCACert(pem: string): void } {
  return typeof store === 'object' && store !== null && 'addCACert' in store;
}

/** Node.js passes over what is no certificate without a word, so it is looked at here. */
function certificatesOf(authority: CertificateAuthority): string[] {
  const pattern = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
  const named = authority.file === undefined ? '' : `names ${authority.file}, which `;
  const blocks = authority.pem.match(pattern) ?? [];
  if (blocks.length === 0) throw invalid(authority.spelling, `${named}holds no PEM certificate`);
  try {
    for (const block of blocks) new X509Certificate(block);
  } catch (error) {
    throw invalid(authority.spelling, `${named}holds a certificate that cannot be read`, error);
  }
  return blocks;
}

function invalid(spelling: string, reason: string, cause?: unknown): ProblemError {
  return ProblemError.of({ code: 'setting-invalid', spelling, reason }, cause);
}

/** How long a server may take to show a certificate. */
const patienceMilliseconds = 5_000;

/**
 * Whether a server speaks TLS. Many cut the connection without a word where it is asked for by http://,
 * which is told from a fault that passes by asking. Nothing but a greeting is sent.
 */
function speaksTls({ hostname, port }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname.replace(/^\[(.*)\]$/u, '$1'),
      port: Number(port || 80),
      // Whose it is does not matter.
      rejectUnauthorized: false,
    });
    const end = (answer: boolean) => (): void => {
      resolve(answer);
      socket.destroy();
    };
    socket
      .once('secureConnect', end(true))
      .on('error', end(false))
      .once('close', end(false))
      .setTimeout(patienceMilliseconds, end(false));
  });
}
