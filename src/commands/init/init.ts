import path from 'node:path';
import { resultWidth } from '../../report/plain-reporter.js';
import { wrapped } from '../../report/text.js';
import type { Runtime } from '../../runtime.js';
import { DEFAULT_CONFIG_FILE } from '../../settings/declarations/files.js';
import type { FlagValues } from '../../settings/flag-values.js';
import { readPartialSettings, type PartialSettings } from '../../settings/partial-settings.js';
import { schemas, schemaText } from '../schema/schema.js';
import { choose, type Choices } from './choices.js';
import { configFile } from './config-file.js';
import { initOptions } from './init-options.js';
import { mappingFile } from './mapping-file.js';
import { nextSteps, type WrittenPipeline } from './next-steps.js';
import { pipelineFile } from './pipeline-file.js';
import { portMapping, type PortMapping } from './port-mapping.js';
import { writeFiles, type NewFile } from './write-files.js';

const MAPPING_FILE = 'mapping.yml';
const CONFIG_SCHEMA = 'schemas/bitbucket-port.json';
const MAPPING_SCHEMA = 'schemas/mapping.json';

/** A file, and what it is for. */
type Planned = NewFile & { readonly purpose: string };

/**
 * `init`: writes settings, a mapping and a pipeline to begin with.
 * @returns the exit code
 * @throws ProblemError when options cannot be used, files are in the way, or Port does not answer
 */
export async function init(runtime: Runtime, flags: FlagValues): Promise<number> {
  const options = initOptions(flags);
  const folder = path.resolve(runtime.cwd, options.folder);
  const settings = await surroundings(runtime, flags, folder);
  const choices = await choose(runtime, options, settings.type);
  const inPort = await portMapping(runtime, settings, choices.type);
  const pipeline = await pipelineOf(runtime, choices);
  const files = plannedFiles(choices, settings, inPort, pipeline);
  await writeFiles(files, { folder, shown: options.folder, replaces: options.replaces });
  tell(runtime, choices, inPort, files, pipeline);
  return 0;
}

/** Variables and `.env`: they may hold the credentials of Port, and tell the type. */
function surroundings(
  { env, cwd }: Runtime,
  { '--env-file': envFile }: FlagValues,
  folder: string,
): Promise<PartialSettings> {
  const named = envFile === undefined ? {} : { '--env-file': envFile };
  return readPartialSettings(
    { flags: named, env, cwd: envFile === undefined ? folder : cwd },
    false,
  );
}

async function pipelineOf(
  { random }: Runtime,
  { type, ci }: Choices,
): Promise<WrittenPipeline | null> {
  return ci === null ? null : { platform: ci, file: await pipelineFile(ci, type, random) };
}

function plannedFiles(
  { type }: Choices,
  { parts }: PartialSettings,
  inPort: PortMapping,
  pipeline: WrittenPipeline | null,
): readonly Planned[] {
  const { identifier, isIdentifierChosen } = parts.integration;
  const hasMapping = inPort.status !== 'kept';
  const config = configFile({
    type,
    identifier: isIdentifierChosen ? identifier : null,
    mapping: hasMapping ? MAPPING_FILE : null,
    schema: `./${CONFIG_SCHEMA}`,
  });
  const mapping: readonly Planned[] = [
    { name: MAPPING_FILE, text: mappingFile(type, `./${MAPPING_SCHEMA}`), purpose: 'the mapping' },
    { name: MAPPING_SCHEMA, text: schemaText(schemas.mapping()), purpose: 'for editors' },
  ];
  return [
    { name: DEFAULT_CONFIG_FILE, text: config, purpose: 'the settings' },
    { name: CONFIG_SCHEMA, text: schemaText(schemas.config()), purpose: 'for editors' },
    ...(hasMapping ? mapping : []),
    ...(pipeline === null ? [] : [pipelineEntry(pipeline)]),
  ];
}

function pipelineEntry({ platform, file }: WrittenPipeline): Planned {
  const { target } = platform.template;
  return { name: target, text: file.text, purpose: `the pipeline for ${platform.title}` };
}

function tell(
  { stdout }: Runtime,
  { type }: Choices,
  inPort: PortMapping,
  files: readonly Planned[],
  pipeline: WrittenPipeline | null,
): void {
  const width = resultWidth(stdout);
  const longest = Math.max(...files.map(({ name }) => name.length));
  const lines = [
    'Wrote',
    ...files.map(({ name, purpose }) => `  ${name.padEnd(longest)}  ${purpose}`),
    '',
    ...wrapped(mappingWords(inPort), width, ''),
    '',
    ...nextSteps(type, pipeline, width),
  ];
  stdout.write(`${lines.join('\n')}\n`);
}

function mappingWords(inPort: PortMapping): string {
  switch (inPort.status) {
    case 'unknown':
      return `Whether Port has a mapping was not looked up, as there are no credentials of it here. If it has one, ${MAPPING_FILE} wins over it; to go on with that one, remove the line mapping: from ${DEFAULT_CONFIG_FILE}.`;
    case 'none':
      return `Integration ${inPort.identifier} has no mapping in Port; sync uses ${MAPPING_FILE}.`;
    case 'kept':
      return `No mapping was written: integration ${inPort.identifier} has one in Port, under Data sources, and sync uses that. To have it in a file: bitbucket-port mapping pull --file ${MAPPING_FILE}`;
  }
}
