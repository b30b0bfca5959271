import path from 'node:path';
import type { CiPlatform } from '../../ci/platform.js';
import { wrapped } from '../../report/text.js';
import { DEFAULT_CONFIG_FILE } from '../../settings/declarations/files.js';
import type { IntegrationType } from './init-options.js';
import type { PipelineFile } from './pipeline-file.js';

/** What the secrets of a run are called where there is no pipeline that names them. */
const VARIABLES: Readonly<Record<IntegrationType, PipelineFile['secrets']>> = {
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
 * The things to do next, in order.
 * @param folder that of the settings, as the user named it
 */
export function nextSteps(
  type: IntegrationType,
  pipeline: Pipeline | null,
  folder: string,
  width: number,
): readonly string[] {
  const secrets = pipeline?.file.secrets ?? VARIABLES[type];
  // Settings in another folder are not found without their name.
  const file = path.join(folder, DEFAULT_CONFIG_FILE);
  const config = file === DEFAULT_CONFIG_FILE ? '' : ` --config ${file}`;
  const longest = Math.max(...secrets.map(({ name }) => name.length));
  return [
    'Next',
    ...wrapped(whereTo(pipeline), width, '  1. '),
    ...secrets.flatMap((secret) => secretLines(secret, longest, width)),
    ...wrapped(
      `npx bitbucket-port check${config}: tests everything. Set the same variables here, or in a file .env that is not in git`,
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
function secretLines(
  { name, note }: PipelineFile['secrets'][number],
  longest: number,
  width: number,
): readonly string[] {
  const indent = ' '.repeat(INDENT);
  const line = `${indent}${name.padEnd(longest)}  ${note}`.trimEnd();
  return line.length <= width ? [line] : [`${indent}${name}`, `${indent}  ${note}`];
}

function whereTo(pipeline: Pipeline | null): string {
  if (pipeline === null) return 'Set these variables:';
  const { platform, file, below, present } = pipeline;
  const { secretsPlace, schedule, target } = platform.template;
  const after = schedule === null ? '' : `${schedule.replace('MINUTE', String(file.minute))}. `;
  // A pipeline of something else runs nothing of ours.
  const config = below === '' ? '' : `--config ${below}/${DEFAULT_CONFIG_FILE}`;
  const runsUs =
    present === null || (present.includes('bitbucket-port') && present.includes(config));
  const option = config === '' ? '' : `, with ${config}`;
  const before = runsUs
    ? ''
    : `${target} was there already and does not run bitbucket-port${option}: add what ${file.template} in the package bitbucket-port holds${option}. `;
  return `${before}${after}Create these ${secretsPlace}:`;
}
