import { noProxyEntries } from './no-proxy.js';

/** The proxies that a user names; null: none. */
export interface Proxies {
  readonly httpsProxy: string | null;
  readonly httpProxy: string | null;
  /** Hosts that are reached without. */
  readonly noProxy: string | null;
}

/** How a host is reached. `because`: the entry of NO_PROXY, or that it is this very machine. */
export type ProxyRoute =
  | { readonly type: 'proxy'; readonly url: URL }
  | { readonly type: 'bypass'; readonly because: string }
  | { readonly type: 'direct' };

/** No proxy anywhere. */
export const noProxies: Proxies = { httpsProxy: null, httpProxy: null, noProxy: null };

const defaultPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** Never reached through a proxy: one elsewhere cannot reach them. */
const loopback = ['localhost', '127.0.0.1', '::1'];

/** Whether an address leads to this very machine. */
export function isLoopback({ hostname }: URL): boolean {
  return loopback.includes(bareHost(hostname));
}

function bareHost(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/u, '$1').replace(/\.$/u, '');
}

/** The way to an address. An https one uses the proxy for http if need be. */
export function proxyRoute(address: URL, { httpsProxy, httpProxy, noProxy }: Proxies): ProxyRoute {
  const { protocol, port } = address;
  const proxy = protocol === 'https:' ? (httpsProxy ?? httpProxy) : httpProxy;
  if (proxy === null) return { type: 'direct' };
  const host = bareHost(address.hostname);
  if (isLoopback(address)) return { type: 'bypass', because: 'it is this machine' };
  const entry = noProxyEntries(noProxy ?? '').find(
    (one) =>
      (one.port === null || one.port === (port || defaultPorts[protocol])) &&
      one.covers?.(host) === true,
  );
  return entry === undefined
    ? { type: 'proxy', url: new URL(proxy) }
    : { type: 'bypass', because: `NO_PROXY holds ${entry.text}` };
}
