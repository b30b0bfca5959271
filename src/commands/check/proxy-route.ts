import type { NetworkSettings } from '../../settings/settings.js';

/** How a host is reached. `because`: the entry of NO_PROXY, or that it is this very machine. */
export type ProxyRoute =
  | { readonly type: 'proxy'; readonly proxy: string }
  | { readonly type: 'bypass'; readonly because: string }
  | { readonly type: 'direct' };

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** The way to an address, as our connections take it: an https one uses the http proxy if need be. */
export function proxyRoute(
  address: string,
  { httpsProxy, httpProxy, noProxy }: Pick<NetworkSettings, 'httpsProxy' | 'httpProxy' | 'noProxy'>,
): ProxyRoute {
  const url = new URL(address);
  const proxy = url.protocol === 'https:' ? (httpsProxy ?? httpProxy) : httpProxy;
  if (proxy === null) return { type: 'direct' };
  if (LOOPBACK.includes(url.hostname)) return { type: 'bypass', because: 'it is this machine' };
  const entries = (noProxy ?? '').split(/[,\s]+/u).filter((entry) => entry !== '');
  const entry = entries.find((one) => one === '*' || covers(one, url));
  return entry === undefined
    ? { type: 'proxy', proxy: new URL(proxy).host }
    : { type: 'bypass', because: `NO_PROXY holds ${entry}` };
}

/** `example.com`, `.example.com` and `*.example.com` cover the host and all below it. */
function covers(entry: string, { hostname, port, protocol }: URL): boolean {
  const [, name = '', entryPort = ''] = /^(.*?)(?::(\d+))?$/u.exec(entry) ?? [];
  if (entryPort !== '' && entryPort !== (port || DEFAULT_PORTS[protocol])) return false;
  const covered = name.replace(/^\*?\./u, '').toLowerCase();
  return hostname === covered || hostname.endsWith(`.${covered}`);
}
