import { z } from 'zod';
import { text } from './values.js';

/** Where people, not programs, look at Port. */
const PORT_PAGES = /^app\.(?:us\.)?(?:getport|port)\.io$/u;

const WEB_ADDRESS = 'must be an http or https address';

/** Reads an address; `reason` continues a sentence that begins with the spelling. */
function readAddress(raw: string, example: string): URL | { readonly reason: string } {
  if (!URL.canParse(raw)) return { reason: `${WEB_ADDRESS}, such as ${example}` };
  const url = new URL(raw);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return { reason: `${WEB_ADDRESS}, such as ${example}` };
  }
  if (url.username !== '' || url.password !== '') {
    return { reason: 'must not hold a user name or password; they have settings of their own' };
  }
  if (url.search !== '' || url.hash !== '') return { reason: 'must not hold a ? or #' };
  return url;
}

/** A schema for an address, given without a trailing slash and without what `ending` matches. */
function address(example: string, ending: RegExp, refuse: (url: URL) => string | null) {
  return text.transform((raw, context): string => {
    const url = readAddress(raw, example);
    const reason = 'reason' in url ? url.reason : refuse(url);
    if (reason !== null || 'reason' in url) {
      context.addIssue({ code: 'custom', message: reason ?? WEB_ADDRESS });
      return z.NEVER;
    }
    const path = url.pathname.replace(/\/+$/u, '').replace(ending, '').replace(/\/+$/u, '');
    return `${url.origin}${path}`;
  });
}

/** Port's API: `https://api.getport.io`, whether or not `/v1` was written. */
export const portAddress = address('https://api.getport.io', /\/v1$/u, (url) =>
  PORT_PAGES.test(url.hostname)
    ? 'is where people look at Port; its API is at https://api.getport.io or https://api.us.getport.io'
    : null,
);

/** Bitbucket Data Center, context path included, whether or not the REST root was written. */
export const serverAddress = address(
  'https://bitbucket.example.com',
  /\/rest(?:\/api(?:\/(?:latest|\d+\.\d+))?)?$/u,
  () => null,
);

/** Bitbucket Cloud's API, always ending in `/2.0`. */
export const cloudAddress = address(
  'https://api.bitbucket.org/2.0',
  /\/2\.0$/u,
  () => null,
).transform((url) => `${url}/2.0`);

const PROXY_PROTOCOLS = ['http:', 'https:', 'socks5:', 'socks5h:', 'socks:'];

/** A proxy. It may hold credentials; a bare `host:port` means http. */
export const proxyAddress = text.transform((raw, context): string => {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//iu.test(raw) ? raw : `http://${raw}`;
  const reason = proxyFault(whole);
  if (reason === null) return whole;
  context.addIssue({ code: 'custom', message: reason });
  return z.NEVER;
});

function proxyFault(address: string): string | null {
  // A URL takes it for a slash, and what follows for a path.
  if (address.includes('\\')) return 'must not hold a backslash; write it as %5C';
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || url.hostname === '' || !PROXY_PROTOCOLS.includes(url.protocol)) {
    return 'must be an http, https or socks5 proxy, such as http://proxy.example.com:3128';
  }
  return isDecodable(url.username) && isDecodable(url.password)
    ? null
    : 'holds a % in its name or password that stands for nothing; write it as %25';
}

function isDecodable(encoded: string): boolean {
  try {
    decodeURIComponent(encoded);
    return true;
  } catch {
    return false;
  }
}
