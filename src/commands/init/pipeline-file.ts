import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { CiPlatform } from '../../ci/platform.js';
import { ownFile, ownVersion } from '../../cli/version.js';
import { ProblemError } from '../../problems/problem.js';
import type { Runtime } from '../../runtime.js';
import { DEFAULT_CONFIG_FILE } from '../../settings/declarations/files.js';
import { readTextFile } from '../../settings/read-referenced.js';
import type { IntegrationType } from '../../settings/settings.js';
import type { Choices } from './init-options.js';
import { type Known, type Needed, portKnown, type UserInstead, userInstead } from './known.js';
import type { Where } from './repository.js';
import type { Destination } from './write-files.js';

/** A pipeline for a platform. */
export interface PipelineFile {
  /** Where it comes from, in this package. */
  readonly template: string;
  readonly text: string;
  /** Names of the secrets that it needs, each with what its template says of it. */
  readonly secrets: readonly Needed[];
  /** The minute of the hour at which it is to run; never 0, when all jobs start. */
  readonly minute: number;
}

/** The pipeline that was asked for, and for which platform. */
export interface Pipeline {
  readonly platform: CiPlatform;
  readonly file: PipelineFile;
  /** The folder of its settings, from the root of the repository; empty at the root. */
  readonly below: string;
  /** The text that was there already and stays in its place; null: it was written. */
  readonly present: string | null;
}

/**
 * The pipeline of the platform that was chosen; null: none was.
 * @throws ProblemError as `presentPipeline` and `pipelineBelow`
 */
export async function pipelineOf(
  { random }: Runtime,
  { type, ci }: Choices,
  { destination, repository }: Where,
  known: Known,
): Promise<Pipeline | null> {
  if (ci === null) return null;
  const target = repository.fromRoot(ci.template.target);
  const present = await presentPipeline(target, type, destination);
  const user = userInstead(type, known);
  // What stays may have been written for a token.
  const isForToken = user !== null && present?.includes(containerName(user.token)) === true;
  const needs = { port: portKnown(known), user: isForToken ? null : user };
  const file = await pipelineFile(ci, type, random, needs);
  const { below } = repository;
  const text = pipelineBelow(file.text, below, destination.shown);
  return { platform: ci, file: { ...file, text }, below, present };
}

const MINUTES = 59;
const HOURLY = /\b\d{1,2}(?= \* \* \* \*)/gu;
const VERSION = /(BITBUCKET_PORT_VERSION\s*[:=]\s*'?)\d[\w.+-]*/gu;
const SECRET = /^(?:#|\/\/) {2,}(OCEAN__\w+) *(.*)$/gmu;
const PORT = /(\bOCEAN__PORT__BASE_URL\s*[:=]\s*'?)https:[^\s']+('?).*$/gmu;
/** What means something to YAML, Groovy or shells; it means the same in an address as its code. */
const NOT_PLAIN = /[^\w.:/%~[\]-]/gu;

/** What is known already of where a pipeline reads and loads, and as whom. */
interface Needs {
  /** The address of Port; null: the usual one. */
  readonly port: string | null;
  readonly user: UserInstead | null;
}

/**
 * The pipeline that comes with this package, for our version and at a minute of its own.
 * @param random from 0 to below 1
 */
async function pipelineFile(
  { template }: CiPlatform,
  type: IntegrationType,
  random: () => number,
  { port, user }: Needs,
): Promise<PipelineFile> {
  const { folder, extension } = template;
  const name = `ci-templates/${folder}/${type}${extension}`;
  const original = await readFile(ownFile(name), 'utf8');
  const minute = 1 + Math.floor(random() * MINUTES);
  const text = asUser(original, user)
    .replace(HOURLY, String(minute))
    .replace(VERSION, `$1${ownVersion()}`);
  return {
    template: name,
    text: port === null ? text : text.replace(PORT, `$1${plainAddress(port)}$2`),
    secrets: [...text.matchAll(SECRET)].map(([, name = '', note = '']) => ({ name, note })),
    minute,
  };
}

function plainAddress(address: string): string {
  return address.replace(NOT_PLAIN, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** How the variables of a pipeline are called. */
const containerName = (variable: string): string => `OCEAN__INTEGRATION__CONFIG__${variable}`;

/** A pipeline with the variables of a user wherever it has that of a token. */
function asUser(text: string, instead: UserInstead | null): string {
  if (instead === null) return text;
  const token = containerName(instead.token);
  const lines = text.split('\n').flatMap((line) => {
    if (!line.includes(token)) return [line.replace('the token may', 'this user may')];
    return instead.user.map(({ name, note }) =>
      line.replaceAll(token, containerName(name)).replace(SECRET, (whole, secret: string) => {
        const named = whole.slice(0, whole.indexOf(secret) + secret.length);
        const column = line.length - line.replace(/^\S+ +\S+ +/u, '').length;
        return `${`${named}  `.padEnd(column)}${note}`;
      }),
    );
  });
  return lines.join('\n');
}

const TYPE = /\bBITBUCKET_TYPE['"]?\s*[:=]\s*['"]?(bitbucket-(?:cloud|server))\b/u;

/**
 * The pipeline that is there already and stays; null when there is none, or it is to be replaced.
 * @param name relative to the folder
 * @throws ProblemError settings-contradict when it says that it is for the other Bitbucket, which
 *   wins over the settings file in each run
 */
async function presentPipeline(
  name: string,
  type: IntegrationType,
  { folder, shown, replaces }: Destination,
): Promise<string | null> {
  const reading = replaces ? null : await readTextFile(path.join(folder, name));
  if (reading === null || 'failure' in reading) return null;
  const there = TYPE.exec(reading.text)?.[1] ?? type;
  if (there === type) return reading.text;
  throw ProblemError.of({
    code: 'settings-contradict',
    spellings: [type, path.join(shown, name)],
    reason: `the file is there already, and sets BITBUCKET_TYPE to ${there}; correct or remove it, or replace all files with --force`,
  });
}

const RUN = /(\bbitbucket-port(?:\.js)?"?) (sync|plan|check|preview)\b/gu;
const WATCHED = /\[bitbucket-port\.yml, mapping\.yml, ('?)samples/gu;
/** Where the plan of a pull request takes the mapping from, puts it and reads it. */
const MAPPING = /(?<=\w:|> |--mapping )mapping\.yml/gu;
const SAMPLES = /(?<=\bin )samples\//gu;
/** What YAML, Groovy and shells all take as it stands. */
const PLAIN = /^[\w.][\w./-]*$/u;

/**
 * A pipeline, which runs at the root of a repository, for settings that are kept below it.
 * @throws ProblemError setting-invalid for a folder whose name would have to be quoted
 */
export function pipelineBelow(text: string, below: string, shown: string): string {
  if (below === '') return text;
  if (!PLAIN.test(below)) {
    throw ProblemError.of({
      code: 'setting-invalid',
      spelling: '--dir',
      reason: `is ${shown}: a pipeline is written only for a folder whose path from the root of the repository has no other signs than letters, digits, . _ - and /; rename it, or take --ci none`,
    });
  }
  return text
    .replace(RUN, `$1 $2 --config ${below}/${DEFAULT_CONFIG_FILE}`)
    .replace(WATCHED, `[${below}/${DEFAULT_CONFIG_FILE}, ${below}/mapping.yml, $1${below}/samples`)
    .replace(MAPPING, `${below}/mapping.yml`)
    .replace(SAMPLES, `${below}/samples/`);
}
