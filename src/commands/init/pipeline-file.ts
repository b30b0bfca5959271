import { readFile } from 'node:fs/promises';
import type { CiPlatform } from '../../ci/platform.js';
import { ownFile, ownVersion } from '../../cli/version.js';
import type { IntegrationType } from './init-options.js';

/** A pipeline for a platform. */
export interface PipelineFile {
  /** Where it comes from, in this package. */
  readonly template: string;
  readonly text: string;
  /** Names of the secrets that it needs, each with what its template says of it. */
  readonly secrets: readonly { readonly name: string; readonly note: string }[];
  /** The minute of the hour at which it is to run; never 0, when all jobs start. */
  readonly minute: number;
}

const MINUTES = 59;
const HOURLY = /\b\d{1,2}(?= \* \* \* \*)/gu;
const VERSION = /(BITBUCKET_PORT_VERSION\s*[:=]\s*'?)\d[\w.+-]*/gu;
const SECRET = /^(?:#|\/\/) {2,}(OCEAN__\w+) *(.*)$/gmu;

/**
 * The pipeline that comes with this package, for our version and at a minute of its own.
 * @param random from 0 to below 1
 */
export async function pipelineFile(
  { template }: CiPlatform,
  type: IntegrationType,
  random: () => number,
): Promise<PipelineFile> {
  const { folder, extension } = template;
  const name = `ci-templates/${folder}/${type}${extension}`;
  const original = await readFile(ownFile(name), 'utf8');
  const minute = 1 + Math.floor(random() * MINUTES);
  return {
    template: name,
    text: original.replace(HOURLY, String(minute)).replace(VERSION, `$1${ownVersion()}`),
    secrets: [...original.matchAll(SECRET)].map(([, name = '', note = '']) => ({ name, note })),
    minute,
  };
}
