import path from 'node:path';
import { wrapped } from '../../report/text.js';
import { DEFAULT_CONFIG_FILE } from '../../settings/declarations/files.js';
import type { IntegrationType } from '../../settings/settings.js';
import type { Needed, UserInstead } from './known.js';
import type { Pipeline } from './pipeline-file.js';
import { MAPPING_FILE, type Place } from './planned-files.js';
import type { PortMapping, PresentConfig } from './present.js';
import type { Ignored } from './repository.js';
import type { Sorted } from './write-files.js';

/**
 * Which files were written, and which were there already, each with what it is for.
 * @param folder where they go, as the user named it
 */
export function fileLines({ missing, kept }: Sorted<Place>, folder: string): readonly string[] {
  const pathOf = ({ name }: Place): string => path.join(folder, name);
  const longest = Math.max(...[...missing, ...kept].map((file) => pathOf(file).length));
  const lines = (files: readonly Place[]): readonly string[] =>
    files.map((file) => `  ${pathOf(file).padEnd(longest)}  ${file.purpose}`);
  return [
    'Wrote',
    ...lines(missing),
    ...(kept.length === 0 ? [] : ['Kept, as it was there already', ...lines(kept)]),
  ];
}

/** Whether git keeps the secrets of `.env`. */
export function ignoredLines(ignored: Ignored): readonly string[] {
  switch (ignored) {
    case 'added':
      return ['Added .env to .gitignore, as it may hold secrets'];
    case 'failed':
      return ['Add .env to .gitignore, which could not be changed: it may hold secrets'];
    case 'already':
    case 'no repository':
      return [];
  }
}

/** Which mapping a run will use. */
export function mappingLines(
  from: PortMapping | PresentConfig,
  {
    isKept,
    isWanted,
    kinds,
  }: {
    readonly isKept: boolean;
    readonly isWanted: boolean;
    /** What it was to read besides the usual. */
    readonly kinds: readonly string[];
  },
  width: number,
): readonly string[] {
  const words =
    'status' in from ? wordsBesidePort(from, isWanted) : wordsBesideConfig(from, isWanted);
  const kept = `${MAPPING_FILE} was there already: npx bitbucket-port check --offline tells whether it can be used.`;
  const unchanged = `Nothing was added to it for --with ${kinds.join()}: write it into another folder with --dir, and take what you need from there.`;
  const told = [
    words,
    ...(isKept ? [kept] : []),
    ...(isKept && kinds.length > 0 ? [unchanged] : []),
  ];
  return wrapped(told.join(' '), width, '');
}

function wordsBesideConfig({ mappingFile }: PresentConfig, isWanted: boolean): string {
  if (isWanted && mappingFile !== MAPPING_FILE) {
    return `To use ${MAPPING_FILE}, write the line mapping: ${MAPPING_FILE} into ${DEFAULT_CONFIG_FILE}.`;
  }
  return mappingFile === null
    ? `No mapping was written: ${DEFAULT_CONFIG_FILE} names no file for one.`
    : `The mapping is in ${mappingFile}, as ${DEFAULT_CONFIG_FILE} says.`;
}

function wordsBesidePort(inPort: PortMapping, isWanted: boolean): string {
  switch (inPort.status) {
    case 'unknown':
      return `Whether Port has a mapping was not looked up: there are no credentials of Port here. If it has one, ${MAPPING_FILE} takes precedence. To keep the one in Port, remove the line mapping: from ${DEFAULT_CONFIG_FILE}.`;
    case 'none':
      return `Integration ${inPort.identifier} has no mapping in Port; sync uses ${MAPPING_FILE}.`;
    case 'kept':
      if (isWanted) {
        return `sync uses ${MAPPING_FILE} from now on. Integration ${inPort.identifier} keeps a mapping in Port, too, which no run uses then.`;
      }
      return `No mapping was written: integration ${inPort.identifier} has one in Port, under Data sources, and sync uses that. To have it in a file: npx bitbucket-port mapping pull --file ${MAPPING_FILE}`;
  }
}

/** What the secrets of a run are called where there is no pipeline that names them. */
const VARIABLES: Readonly<Record<IntegrationType, readonly Needed[]>> = {
  'bitbucket-cloud': [
    { name: 'PORT_CLIENT_ID', note: '' },
    { name: 'PORT_CLIENT_SECRET', note: '' },
    { name: 'BITBUCKET_WORKSPACE', note: "the workspace's slug" },
    { name: 'BITBUCKET_WORKSPACE_TOKEN', note: 'an access token that may read it' },
  ],
  'bitbucket-server': [
    { name: 'PORT_CLIENT_ID', note: '' },
    { name: 'PORT_CLIENT_SECRET', note: '' },
    { name: 'BITBUCKET_BASE_URL', note: 'https://bitbucket.example.com' },
    { name: 'BITBUCKET_TOKEN', note: 'an HTTP access token that may read it' },
  ],
};

/** The variables of a run without a pipeline: those of a user where one is set instead of a token. */
export function variablesOf(type: IntegrationType, instead: UserInstead | null): readonly Needed[] {
  return VARIABLES[type].flatMap((one) => (one.name === instead?.token ? instead.user : [one]));
}

/**
 * The things to do next, in order.
 * @param secrets the variables that a run needs and that are still to be set
 * @param folder that of the settings, as the user named it
 */
export function nextSteps(
  secrets: readonly Needed[],
  pipeline: Pipeline | null,
  folder: string,
  width: number,
): readonly string[] {
  // Settings in another folder are not found without their name.
  const file = path.join(folder, DEFAULT_CONFIG_FILE);
  const config = file === DEFAULT_CONFIG_FILE ? '' : ` --config ${file}`;
  const longest = Math.max(...secrets.map(({ name }) => name.length));
  return [
    'Next',
    ...wrapped(whereTo(pipeline, secrets.length === 0), width, '  1. '),
    ...secrets.flatMap((secret) => secretLines(secret, longest, width)),
    ...wrapped(
      `npx bitbucket-port check${config}: tests everything.${secrets.length === 0 ? '' : ' Set the same variables here, or in a file .env that is not in git'}`,
      width,
      '  2. ',
    ),
    ...wrapped(
      `npx bitbucket-port plan${config}: shows what the first sync would load, and writes nothing`,
      width,
      '  3. ',
    ),
    ...wrapped(
      pipeline === null
        ? `npx bitbucket-port sync${config}: loads it`
        : 'Commit the files: the pipeline loads it',
      width,
      '  4. ',
    ),
  ];
}

const INDENT = 7;

/** On one line where it fits. */
function secretLines({ name, note }: Needed, longest: number, width: number): readonly string[] {
  const indent = ' '.repeat(INDENT);
  const line = `${indent}${name.padEnd(longest)}  ${note}`.trimEnd();
  return line.length <= width ? [line] : [`${indent}${name}`, `${indent}  ${note}`];
}

function whereTo(pipeline: Pipeline | null, isAllSet: boolean): string {
  if (pipeline === null) {
    return isAllSet ? 'The variables that a run needs are set.' : 'Set these variables:';
  }
  const { platform, file, below, present } = pipeline;
  const { secretsLocation, schedule, target } = platform.template;
  const after = schedule === null ? '' : `${schedule.replace('MINUTE', String(file.minute))}. `;
  // A pipeline of something else runs nothing of ours.
  const config = below === '' ? '' : `--config ${below}/${DEFAULT_CONFIG_FILE}`;
  const runsUs =
    present === null || (present.includes('bitbucket-port') && present.includes(config));
  const option = config === '' ? '' : `, with ${config}`;
  const before = runsUs
    ? ''
    : `${target} was there already and does not run bitbucket-port${option}: add what ${file.template} in the package bitbucket-port holds${option}. `;
  return `${before}${after}Create these ${secretsLocation}:`;
}
