import { tlsOptions } from '../../http/dispatcher.js';
import { proxyRoute } from '../../http/proxy-route.js';
import { SIDE_NAMES } from '../../problems/phrases.js';
import type { Side } from '../../problems/problem.js';
import type { CheckContext } from './check-context.js';
import { Findings } from './findings.js';

/** Proxies and certificates as they are in effect. That verification is off stands with the settings. */
export async function checkNetwork(context: CheckContext): Promise<Findings> {
  const found = new Findings('network');
  const { parts } = context.settings;
  const { authorities } = parts;
  const addresses = addressesOf(context);
  for (const side of ['bitbucket', 'port'] as const) {
    const address = addresses[side];
    if (address !== null) tellRoute(side, address, context, found);
  }
  if (authorities.length === 0) found.ok('certificates of public authorities alone are trusted');
  for (const { spelling } of authorities) {
    found.ok(`certificates of ${spelling} are trusted besides the public ones`);
  }
  // Only opening connections shows that a file holds no certificate.
  await found.attempt(() => {
    tlsOptions(authorities, parts.network.verify.port);
    return Promise.resolve();
  });
  return found;
}

function addressesOf({ settings: { parts } }: CheckContext): Record<Side, string | null> {
  const { port, bitbucket } = parts;
  const own = bitbucket?.type === 'cloud' ? bitbucket.hostUrl : (bitbucket?.baseUrl ?? null);
  return { bitbucket: own, port: port?.baseUrl ?? null };
}

function tellRoute(
  side: Side,
  address: string,
  { settings: { parts } }: CheckContext,
  found: Findings,
): void {
  const url = new URL(address);
  const route = proxyRoute(url, parts.network);
  const name = `${SIDE_NAMES[side]} at ${url.host}`;
  if (route.type === 'proxy') found.ok(`${name} is reached through the proxy ${route.url.host}`);
  else if (route.type === 'direct') found.ok(`${name} is reached without a proxy`);
  else found.ok(`${name} is reached past the proxy: ${route.because}`);
}
