import { BlockList, isIP } from 'node:net';
import { domainToASCII } from 'node:url';

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

/** Who is reached without a proxy, as one entry of NO_PROXY says. */
interface NoProxyEntry {
  /** As it was written. */
  readonly text: string;
  /** Whether it covers a host, an address without brackets. Null: it can cover none. */
  readonly covers: ((host: string) => boolean) | null;
  /** Null: any. */
  readonly port: string | null;
}

/** What may stand in the name of a host, beside `*`. */
const hostName = /^[\p{L}\p{N}._-]+$/u;

/** The entries of NO_PROXY. Other programs differ in what they take; this takes what any of them does. */
export function noProxyEntries(value: string): readonly NoProxyEntry[] {
  return value
    .split(/[,;\s]+/u)
    .filter((text) => text !== '')
    .map((text) => ({ text, ...entryOf(text.toLowerCase()) }));
}

/** `https://example.com:443/` is meant as `example.com:443`. */
function entryOf(text: string): Omit<NoProxyEntry, 'text'> {
  const bare = text.replace(/^[a-z][a-z0-9+.-]*:\/\//u, '').replace(/\/+$/u, '');
  const [, range, bits] = /^\[?([^\]/]+)\]?\/(\d{1,3})$/u.exec(bare) ?? [];
  if (range !== undefined && bits !== undefined) {
    return { covers: subnet(range, Number(bits)), port: null };
  }
  if (isIP(bare) === 6) return { covers: address(bare), port: null };
  const [, host = '', port = null] = /^(.*?)(?::(\d+))?$/u.exec(bare) ?? [];
  return { covers: coverage(host.replace(/^\[(.*)\]$/u, '$1').replace(/\.$/u, '')), port };
}

function coverage(host: string): NoProxyEntry['covers'] {
  if (host === '*') return () => true;
  if (isIP(host) > 0) return address(host);
  const name = host.replace(/^\*?\./u, '');
  if (name.includes('*')) return pattern(host.replace(/^\./u, '*.'));
  // Half an address, such as `10.0`, is the end of no name.
  if (!hostName.test(name) || /^[\d.]+$/u.test(name)) return null;
  // As a URL spells it: `xn--bcher-kva.example`.
  const ascii = domainToASCII(name) || name;
  return (other) => other === ascii || other.endsWith(`.${ascii}`);
}

/** `10.*` */
function pattern(name: string): NoProxyEntry['covers'] {
  if (!hostName.test(name.replaceAll('*', ''))) return null;
  const parts = name.split('*').map((part) => part.replaceAll('.', '\\.'));
  const whole = new RegExp(`^${parts.join('.*')}$`, 'u');
  return (host) => whole.test(host);
}

/** However an address is written: `::1` is `0:0:0:0:0:0:0:1`. */
function address(text: string): NoProxyEntry['covers'] {
  return subnet(text, isIP(text) === 6 ? 128 : 32);
}

function subnet(text: string, bits: number): NoProxyEntry['covers'] {
  const family = isIP(text);
  if (family === 0 || bits > (family === 6 ? 128 : 32)) return null;
  const list = new BlockList();
  list.addSubnet(text, bits, family === 6 ? 'ipv6' : 'ipv4');
  return (host) => isIP(host) > 0 && list.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
}
