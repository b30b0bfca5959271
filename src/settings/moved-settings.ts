import path from 'node:path';
import { allSettings } from './declarations/index.js';
import { cloudSettings } from './declarations/bitbucket-cloud.js';
import { serverSettings } from './declarations/bitbucket-server.js';
import { networkSettings } from './declarations/network.js';
import { portSettings } from './declarations/port.js';
import { urlSecret, type SettingDeclaration } from './declaration.js';
import type { Candidate } from './layers/layer.js';
import { spelledOut, type Origin } from './origin.js';
import type { SettingReader } from './reader.js';

/** What decides where credentials are sent, who may read them on the way, and what runs beside them. */
const MOVING: readonly SettingDeclaration<unknown>[] = [
  serverSettings.baseUrl,
  cloudSettings.hostUrl,
  portSettings.baseUrl,
  portSettings.region,
  networkSettings.httpsProxy,
  networkSettings.httpProxy,
  networkSettings.allProxy,
  networkSettings.caFile,
  networkSettings.sslCertFile,
  networkSettings.nodeExtraCaCerts,
  networkSettings.verifyBitbucket,
  networkSettings.verifyPort,
  networkSettings.jqPath,
];

const CREDENTIALS = allSettings.filter(({ secret }) => secret !== null && secret !== urlSecret);

/**
 * A sentence where files of the working directory decide where credentials of the environment go: a
 * pull request may change the files, and a pipeline that runs it lends it the credentials.
 */
export function noticesOfMoved(reader: SettingReader, cwd: string | undefined): readonly string[] {
  const isLent = CREDENTIALS.some((setting) => isOfEnvironment(reader.given(setting)));
  if (!isLent) return [];
  const moved = MOVING.flatMap((setting) => {
    const origin = reader.whereSet(setting);
    return origin !== null && isOfWorkingDirectory(origin, cwd) ? [spelledOut(origin)] : [];
  });
  if (moved.length === 0) return [];
  return [`credentials of the environment go where files of this folder say: ${moved.join(', ')}`];
}

function isOfEnvironment(given: Candidate | null): boolean {
  return given?.origin.layer === 'environment' || given?.isExpanded === true;
}

function isOfWorkingDirectory({ file }: Origin, cwd: string | undefined): boolean {
  if (file === null) return false;
  const relative =
    cwd === undefined ? path.normalize(file) : path.relative(cwd, path.resolve(cwd, file));
  return !path.isAbsolute(relative) && !relative.startsWith('..');
}
