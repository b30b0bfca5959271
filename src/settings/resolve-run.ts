import type { Problem } from '../problems/problem.js';
import { cloudSettings } from './declarations/bitbucket-cloud.js';
import { networkSettings } from './declarations/network.js';
import { outputSettings } from './declarations/output.js';
import { reportSettings } from './declarations/reports.js';
import { syncSettings } from './declarations/sync.js';
import { spelledOut } from './origin.js';
import type { SettingReader } from './reader.js';
import type { NetworkSettings, OutputSettings, ReportSettings, SyncSettings } from './settings.js';

/** What the two Bitbuckets bear, in requests at a time. */
const CONCURRENCY = { 'bitbucket-server': 8, 'bitbucket-cloud': 10 } as const;

/** How the run goes. `type` is the Bitbucket that it reads. */
export function resolveSync(reader: SettingReader, type: keyof typeof CONCURRENCY): SyncSettings {
  return {
    concurrency: reader.read(syncSettings.concurrency) ?? CONCURRENCY[type],
    timeoutMilliseconds: reader.read(syncSettings.timeout),
    delete: reader.read(syncSettings.delete),
    deletionThreshold: reader.read(syncSettings.deletionThreshold),
    allowCascade: reader.read(syncSettings.allowCascade),
    kinds: reader.read(syncSettings.kinds),
    enrich: reader.read(syncSettings.enrich),
    maxRequests: reader.read(cloudSettings.maxRequests),
    requestReserve: reader.read(cloudSettings.requestReserve),
    strict: reader.read(outputSettings.strict),
  };
}

/** How the two systems are reached. Verification that is off is a warning of the run. */
export function resolveNetwork(reader: SettingReader, warnings: Problem[]): NetworkSettings {
  return {
    requestTimeoutMilliseconds: reader.read(networkSettings.requestTimeout),
    retries: reader.read(networkSettings.retries),
    ...resolveProxies(reader),
    verify: {
      bitbucket: isVerified(reader, 'bitbucket', warnings),
      port: isVerified(reader, 'port', warnings),
    },
  };
}

/** ALL_PROXY is looked at only where it is needed: it often names a SOCKS proxy for other programs. */
function resolveProxies(reader: SettingReader) {
  const https = reader.find(networkSettings.httpsProxy);
  const http = reader.find(networkSettings.httpProxy);
  const isNeeded = https.state === 'unset' || http.state === 'unset';
  const all = isNeeded ? reader.read(networkSettings.allProxy) : null;
  return {
    httpsProxy: https.state === 'set' ? https.value : all,
    httpProxy: http.state === 'set' ? http.value : all,
    noProxy: reader.read(networkSettings.noProxy),
  };
}

function isVerified(
  reader: SettingReader,
  side: 'bitbucket' | 'port',
  warnings: Problem[],
): boolean {
  const { verifyBitbucket, verifyPort } = networkSettings;
  const verify = reader.find(side === 'port' ? verifyPort : verifyBitbucket);
  if (verify.state !== 'set' || verify.value) return true;
  warnings.push({ code: 'verification-off', side, spelling: spelledOut(verify.origin) });
  return false;
}

/** What the run leaves behind. */
export function resolveReports(reader: SettingReader): ReportSettings {
  return {
    reportFile: reader.read(reportSettings.reportFile),
    summaryFile: reader.read(reportSettings.summaryFile),
  };
}

/** What the run tells. */
export function resolveOutput(reader: SettingReader): OutputSettings {
  const level = reader.find(outputSettings.logLevel);
  const isQuiet = reader.read(outputSettings.quiet);
  const logFormat = reader.read(outputSettings.logFormat);
  const logLevel = level.state === 'set' ? level.value : outputSettings.logLevel.default;
  if (!isQuiet) return { logLevel, logFormat };
  if (level.state === 'set' && level.origin.layer === 'flag' && level.value !== 'error') {
    reader.problems.push({
      code: 'settings-contradict',
      spellings: ['--quiet', level.origin.spelling],
      reason: '--quiet logs errors only; leave one of them out',
    });
  }
  return { logLevel: 'error', logFormat };
}
