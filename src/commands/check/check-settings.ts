import { tlsOptions } from '../../http/dispatcher.js';
import { proxyRoute } from '../../http/proxy-route.js';
import { SIDE_NAMES } from '../../problems/phrases.js';
import type { Problem, Side } from '../../problems/problem.js';
import { DEFAULT_CONFIG_FILE, DEFAULT_ENV_FILE } from '../../settings/declarations/files.js';
import type { NetworkSettings } from '../../settings/settings.js';
import { setInWords, type ShownSetting } from '../../settings/shown-settings.js';
import { spelledOut } from '../../settings/spelling.js';
import { unwritableReports } from '../write-reports.js';
import type { CheckContext, Findings, Section } from './section.js';

/** Defaults that a user should know of all the same: where it goes, and under which name. */
const ALWAYS_SHOWN = ['port.baseUrl', 'integration.identifier'];

/** Settings that only one of the two Bitbuckets has. */
const TYPE_TELLING = [
  'integration.config.bitbucketWorkspace',
  'integration.config.bitbucketBaseUrl',
];

/** Settings and where each comes from, and everything that is wrong with them. */
export const checkSettings: Section = async (context, found) => {
  const { settings, isOffline } = context;
  const { files, shown, notices, warnings, type } = settings;
  const problems = [...settings.problems, ...(await unwritable(context))];
  if (files.length === 0) {
    found.note(`no settings file: neither ${DEFAULT_CONFIG_FILE} nor ${DEFAULT_ENV_FILE} is here`);
  }
  if (isOffline && problems.length === 0) {
    for (const file of files) found.ok(`${file} is valid`);
  }
  const wrong = problems.flatMap((one) => (one.code === 'setting-invalid' ? one.spelling : []));
  const isRight = ({ origin }: ShownSetting): boolean => !wrong.includes(spelledOut(origin));
  for (const setting of shown.filter((one) => isRight(one) && isTold(one, context))) {
    tell(withIdentifier(setting, settings.parts.integration), found);
  }
  if (type !== null && shown.some(({ name, origin }) => isType(name) && isDefault(origin))) {
    found.ok(`integration.type = ${type} (inferred from ${addressIn(shown)})`);
  }
  for (const text of notices) found.note(text);
  for (const problem of [...problems, ...warnings]) found.problem(problem);
  return {};
};

/** Reports are written where a run is, which need not be where its files are looked at. */
async function unwritable({
  settings,
  runtime,
  isOffline,
}: CheckContext): Promise<readonly Problem[]> {
  if (isOffline) return [];
  const reports = await unwritableReports(settings, runtime.cwd);
  return reports.map(({ problem }) => problem);
}

/** What the type of Bitbucket follows from, as the user wrote it. */
function addressIn(shown: readonly ShownSetting[]): string {
  const address = shown.find(
    ({ name, origin }) => TYPE_TELLING.includes(name) && !isDefault(origin),
  );
  return address === undefined ? 'the address' : spelledOut(address.origin);
}

const isType = (name: string): boolean => name === 'integration.type';
const isDefault = ({ layer }: ShownSetting['origin']): boolean => layer === 'default';

/** The usual identifier with the type in it. */
function withIdentifier(
  setting: ShownSetting,
  { identifier }: CheckContext['settings']['parts']['integration'],
): ShownSetting {
  const isUsual = setting.name === 'integration.identifier' && isDefault(setting.origin);
  return isUsual ? { ...setting, value: identifier } : setting;
}

function isTold(
  { name, origin }: ShownSetting,
  { settings: { parts, type }, isOffline }: CheckContext,
): boolean {
  if (isType(name) && isDefault(origin) && type !== null) return false;
  if (parts.output.logLevel === 'debug' || !isDefault(origin)) return true;
  return ALWAYS_SHOWN.includes(name) && type !== null && !isOffline;
}

function tell(setting: ShownSetting, found: Findings): void {
  const { name, value, origin, isUsed } = setting;
  const text =
    setInWords(setting) ?? `${name} ${value === null ? 'is not set' : `= ${value} (default)`}`;
  if (isDefault(origin) || isUsed) found.ok(text);
  else found.note(text);
}

/** Proxies and certificates as they are in effect. That verification is off stands with the settings. */
export const checkNetwork: Section = async ({ settings: { parts } }, found) => {
  const { port, bitbucket, authorities } = parts;
  const ofBitbucket = bitbucket?.type === 'cloud' ? bitbucket.hostUrl : bitbucket?.baseUrl;
  if (ofBitbucket !== undefined) tellRoute('bitbucket', ofBitbucket, parts.network, found);
  if (port !== null) tellRoute('port', port.baseUrl, parts.network, found);
  if (authorities.length === 0) found.ok('certificates of public authorities alone are trusted');
  for (const { spelling } of authorities) {
    found.ok(`certificates of ${spelling} are trusted besides the public ones`);
  }
  // Only opening connections shows that a file holds no certificate.
  await found.attempt(() => {
    tlsOptions(authorities, parts.network.verify.port);
    return Promise.resolve();
  });
  return {};
};

function tellRoute(side: Side, address: string, network: NetworkSettings, found: Findings): void {
  const url = new URL(address);
  const route = proxyRoute(url, network);
  const name = `${SIDE_NAMES[side]} at ${url.host}`;
  if (route.type === 'proxy') found.ok(`${name} is reached through the proxy ${route.url.host}`);
  else if (route.type === 'direct') found.ok(`${name} is reached without a proxy`);
  else found.ok(`${name} is reached past the proxy: ${route.because}`);
}
