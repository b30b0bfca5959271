import { noProxyEntries } from '../http/proxy-route.js';
import type { Problem } from '../problems/problem.js';
import { cloudSettings } from './declarations/bitbucket-cloud.js';
import { networkSettings } from './declarations/network.js';
import { outputSettings, reportSettings } from './declarations/output.js';
import { portSettings, REGION_ADDRESSES } from './declarations/port.js';
import { syncSettings } from './declarations/sync.js';
import { webhookSettings } from './declarations/webhooks.js';
import { KIND_NAMES } from './kind-names.js';
import { type SettingReader, valueOf } from './reader.js';
import { isStronger, spelledOut } from './spelling.js';

/** What the two Bitbuckets bear, in requests at a time: to begin with, and at most. */
const CONCURRENCY = {
  'bitbucket-server': { first: 8, most: 16 },
  'bitbucket-cloud': { first: 10, most: 32 },
} as const;

type BitbucketType = keyof typeof CONCURRENCY;

/** How the run goes. `type` is the Bitbucket that it reads; null: nothing tells which. */
export function resolveSync(reader: SettingReader, type: BitbucketType | null) {
  const fixed = reader.read(syncSettings.concurrency);
  const timeoutMilliseconds = reader.read(syncSettings.timeout);
  if (timeoutMilliseconds !== null) tellSeconds(reader);
  const { first, most } = CONCURRENCY[type ?? 'bitbucket-server'];
  return {
    concurrency: fixed ?? first,
    mostConcurrency: fixed ?? most,
    timeoutMilliseconds,
    maxStaleMilliseconds: reader.read(syncSettings.maxStale),
    delete: reader.read(syncSettings.delete),
    deletionThreshold: reader.read(syncSettings.deletionThreshold),
    deleteOnly: reader.read(syncSettings.deleteOnly),
    approval: reader.read(syncSettings.approve),
    allowCascade: reader.read(syncSettings.allowCascade),
    kinds: resolveKinds(reader, type),
    reportToPort: reader.read(syncSettings.reportToPort),
    enrich: reader.read(syncSettings.enrich),
    allowRequests: reader.read(syncSettings.allowRequests),
    maxRequests: reader.read(cloudSettings.maxRequests),
    requestReserve: reader.read(cloudSettings.requestReserve),
  };
}

/** A bare number is seconds, and easily meant as minutes. */
function tellSeconds(reader: SettingReader): void {
  const given = reader.given(syncSettings.timeout);
  if (typeof given?.raw !== 'string' || !/^\s*\d+\s*$/u.test(given.raw)) return;
  const number = given.raw.trim();
  reader.notices.push(
    `${spelledOut(given.origin)} ${number} means ${number} seconds; for minutes write ${number}m`,
  );
}

/** The kinds that are to be loaded; null: all. One that only the other Bitbucket has is a problem. */
function resolveKinds(reader: SettingReader, type: BitbucketType | null) {
  const kinds = reader.find(syncSettings.kinds);
  if (kinds.state !== 'set') return null;
  const known: readonly string[] = type === null ? kinds.value : KIND_NAMES[type];
  const unknown = kinds.value.filter((kind) => !known.includes(kind));
  if (kinds.value.length === 0) reader.invalid(kinds.origin, 'must name at least one');
  if (unknown.length > 0) {
    const reason = `names ${unknown.join(', ')}, which this Bitbucket does not have; its kinds are ${known.join(', ')}`;
    reader.invalid(kinds.origin, reason);
  }
  return kinds.value;
}

/** How the two systems are reached. What is doubtful about it is a warning of the run. */
export function resolveNetwork(reader: SettingReader) {
  return {
    requestTimeoutMilliseconds: reader.read(networkSettings.requestTimeout),
    retries: reader.read(networkSettings.retries),
    ...resolveProxies(reader),
    verify: {
      bitbucket: isVerified(reader, 'bitbucket'),
      port: isVerified(reader, 'port'),
    },
  };
}

/** ALL_PROXY is looked at only where it is needed: it often names a proxy for other programs. */
function resolveProxies(reader: SettingReader) {
  const https = reader.find(networkSettings.httpsProxy);
  const http = reader.find(networkSettings.httpProxy);
  const isNeeded = https.state === 'unset' || http.state === 'unset';
  const all = isNeeded ? reader.read(networkSettings.allProxy) : null;
  const proxies = {
    httpsProxy: valueOf(https) ?? all,
    httpProxy: valueOf(http) ?? all,
    noProxy: reader.read(networkSettings.noProxy),
  };
  const isUsed = proxies.httpsProxy !== null || proxies.httpProxy !== null;
  if (isUsed) reader.warnings.push(...voidExceptions(reader));
  return proxies;
}

/** Entries of NO_PROXY that cover nothing: a typing mistake leads a secret to the proxy. */
function voidExceptions(reader: SettingReader): readonly Problem[] {
  const noProxy = reader.find(networkSettings.noProxy);
  if (noProxy.state !== 'set') return [];
  const spelling = spelledOut(noProxy.origin);
  return noProxyEntries(noProxy.value)
    .filter(({ covers }) => covers === null)
    .map(({ text: entry }) => ({ code: 'no-proxy-void', spelling, entry }));
}

function isVerified(reader: SettingReader, side: 'bitbucket' | 'port'): boolean {
  const { verifyBitbucket, verifyPort } = networkSettings;
  const verify = reader.find(side === 'port' ? verifyPort : verifyBitbucket);
  if (verify.state !== 'set' || verify.value) return true;
  reader.warnings.push({ code: 'verification-off', side, spelling: spelledOut(verify.origin) });
  return false;
}

/** The jq that maps. */
export function resolveJq(reader: SettingReader) {
  return {
    path: reader.read(networkSettings.jqPath),
    itemTimeoutMilliseconds: reader.read(networkSettings.jqTimeout),
  };
}

/** What `webhooks` needs besides. */
export function resolveWebhooks(reader: SettingReader) {
  return {
    secret: reader.read(webhookSettings.secret),
    isVersion87OrOlder: reader.read(webhookSettings.isVersion87OrOlder),
  };
}

/** What the run leaves behind. */
export function resolveReports(reader: SettingReader) {
  return {
    reportFile: reader.read(reportSettings.reportFile),
    summaryFile: reader.read(reportSettings.summaryFile),
  };
}

/** What the run tells. */
export function resolveOutput(reader: SettingReader) {
  const level = reader.find(outputSettings.logLevel);
  const isQuiet = reader.read(outputSettings.quiet);
  const logFormat = reader.read(outputSettings.logFormat);
  const strict = reader.read(outputSettings.strict);
  if (!isQuiet)
    return { logLevel: valueOf(level) ?? outputSettings.logLevel.default, logFormat, strict };
  if (level.state === 'set' && level.origin.layer === 'flag' && level.value !== 'error') {
    reader.problems.push({
      code: 'settings-contradict',
      spellings: ['--quiet', level.origin.spelling],
      reason: '--quiet logs errors only; leave one of them out',
    });
  }
  return { logLevel: 'error' as const, logFormat, strict };
}

/** Who we are to Port and where it is; null when that has problems, which are recorded. */
export function resolvePort(reader: SettingReader) {
  const baseUrl = resolveAddress(reader);
  const both = [portSettings.clientId, portSettings.clientSecret];
  if (both.every((one) => reader.whereSet(one) === null)) {
    const [because = null, also] = both.flatMap((one) => reader.whyUnset([one]) ?? []);
    reader.missing('a credential for Port', ['PORT_CLIENT_ID with PORT_CLIENT_SECRET'], because);
    if (also !== undefined) reader.notices.push(also);
    return null;
  }
  const clientId = reader.required(portSettings.clientId);
  const clientSecret = reader.required(portSettings.clientSecret);
  return clientId === null || clientSecret === null ? null : { clientId, clientSecret, baseUrl };
}

/** The address and the region say the same thing: the one from the stronger layer counts. */
function resolveAddress(reader: SettingReader): string {
  const address = reader.find(portSettings.baseUrl);
  const region = reader.find(portSettings.region);
  if (region.state !== 'set') {
    return valueOf(address) ?? portSettings.baseUrl.default;
  }
  const regional = REGION_ADDRESSES[region.value];
  if (address.state !== 'set' || isStronger(region.origin, address.origin)) return regional;
  if (address.origin.layer === region.origin.layer && address.value !== regional) {
    reader.notices.push(
      `${spelledOut(address.origin)} and ${spelledOut(region.origin)} differ: ${address.origin.spelling} is used`,
    );
  }
  return address.value;
}
