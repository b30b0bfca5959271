import { X509Certificate } from 'node:crypto';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { Agent, EnvHttpProxyAgent, type Dispatcher } from 'undici';
import { ProblemError } from '../problems/problem.js';

/** Certificates that are trusted besides the public ones. */
export interface CertificateAuthority {
  /** Where the user named it: `--ca-file`, `SSL_CERT_FILE`, `NODE_EXTRA_CA_CERTS`. */
  readonly spelling: string;
  /** One certificate or several, as PEM. */
  readonly pem: string;
}

/** How connections are made. */
export interface DispatcherOptions {
  /** Where HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY are looked up, in either case. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * Given, they are added to the roots that Node.js ships with. What NODE_EXTRA_CA_CERTS names has
   * then to be among them: Node.js adds it only where no authority is given.
   */
  readonly authorities?: readonly CertificateAuthority[];
  /** False accepts any certificate. Default: true. */
  readonly verify?: boolean;
  /** Connections to one origin at most. Default: as many as there are requests in flight. */
  readonly connections?: number;
  /** How long an idle connection stays open; the server's own hint wins. Default: undici's 4 s. */
  readonly keepAliveMilliseconds?: number;
}

/** What is different from an ordinary TLS connection. */
interface TlsOptions {
  readonly rejectUnauthorized: boolean;
  readonly secureContext?: SecureContext;
}

const proxyProtocols = ['http:', 'https:', 'socks5:', 'socks:'];

/** Never sent through a proxy: a proxy elsewhere cannot reach them. */
const loopback = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Connections for one client, kept alive between requests, through a proxy where the environment
 * names one. Timeouts are the client's business, so undici's own for headers and body are off.
 * @throws ProblemError setting-invalid for a proxy that is no URL or a file without certificates
 */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const tls = tlsOptions(options.authorities ?? [], options.verify ?? true);
  const shared = {
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: tls,
    ...(options.connections === undefined ? {} : { connections: options.connections }),
    ...(options.keepAliveMilliseconds === undefined
      ? {}
      : { keepAliveTimeout: options.keepAliveMilliseconds }),
  };
  const httpProxy = proxyUrl(options.env, ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY']);
  const httpsProxy = proxyUrl(options.env, [
    'https_proxy',
    'HTTPS_PROXY',
    'all_proxy',
    'ALL_PROXY',
  ]);
  if (httpProxy === '' && httpsProxy === '') return new Agent(shared);
  return new EnvHttpProxyAgent({
    ...shared,
    // Empty texts, because undici falls back to the process's environment for what is undefined.
    httpProxy,
    httpsProxy,
    noProxy: noProxy(options.env),
    // A tunnel for TLS only, as curl has it: many proxies refuse one to any other port.
    proxyTunnel: false,
    requestTls: tls,
    proxyTls: tls,
  });
}

/** One secure context for all connections: reading 150 roots takes 30 ms each time. */
function tlsOptions(authorities: readonly CertificateAuthority[], verify: boolean): TlsOptions {
  const added = authorities.flatMap((authority) => certificatesOf(authority));
  return {
    // Always said, or NODE_TLS_REJECT_UNAUTHORIZED decides.
    rejectUnauthorized: verify,
    ...(added.length === 0
      ? {}
      : { secureContext: createSecureContext({ ca: [...rootCertificates, ...added] }) }),
  };
}

/** Node.js passes over what is no certificate without a word, so it is looked at here. */
function certificatesOf(authority: CertificateAuthority): string[] {
  const pattern = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
  const blocks = authority.pem.match(pattern) ?? [];
  if (blocks.length === 0) throw invalid(authority.spelling, 'holds no PEM certificate');
  try {
    for (const block of blocks) new X509Certificate(block);
  } catch (error) {
    throw invalid(authority.spelling, 'holds a certificate that cannot be read', error);
  }
  return blocks;
}

/** The first variable that is set, as a URL. `proxy.example.com:3128` means HTTP, as with curl. */
function proxyUrl(env: DispatcherOptions['env'], names: readonly string[]): string {
  const name = names.find((candidate) => (env[candidate] ?? '').trim() !== '');
  const value = name === undefined ? '' : (env[name] ?? '').trim();
  if (name === undefined || value === '') return '';
  const url = value.includes('://') ? value : `http://${value}`;
  if (!isProxyUrl(url)) throw invalid(name, 'is not the URL of an HTTP or SOCKS5 proxy');
  return url;
}

function isProxyUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return proxyProtocols.includes(protocol) && isDecodable(username) && isDecodable(password);
}

/** undici decodes the user-info and lets a stray percent sign crash. */
function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function noProxy(env: DispatcherOptions['env']): string {
  const hosts = (env.no_proxy ?? env.NO_PROXY ?? '').split(/[,\s]+/).filter(Boolean);
  return hosts.includes('*') ? '*' : [...hosts, ...loopback].join(',');
}

function invalid(spelling: string, reason: string, cause?: unknown): ProblemError {
  return ProblemError.of({ code: 'setting-invalid', spelling, reason }, cause);
}
