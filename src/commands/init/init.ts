import path from 'node:path';
import { resultWidth } from '../../report/plain-reporter.js';
import type { Runtime } from '../../runtime.js';
import type { FlagValues } from '../../settings/declaration.js';
import { readSettings, type SettingsReading } from '../../settings/read-settings.js';
import {
  choose,
  ciToldBy,
  initOptions,
  type InitOptions,
  refuseOtherKinds,
} from './init-options.js';
import { knownIn, notSet, userInstead } from './known.js';
import { pipelineOf } from './pipeline-file.js';
import { blueprintsOf, MAPPING_FILE, places, withTexts } from './planned-files.js';
import {
  hasMapping,
  portMapping,
  presentConfig,
  type PresentConfig,
  refuseOtherType,
} from './present.js';
import { ignoreEnvFile, inRepository, type Where } from './repository.js';
import { fileLines, ignoredLines, mappingLines, nextSteps, variablesOf } from './told.js';
import { requireFolder, sortedOut, writeFiles } from './write-files.js';

/**
 * `init`: writes settings, a mapping and a pipeline to begin with. What is there already stays.
 * @returns the exit code
 * @throws ProblemError when options cannot be used or do not go with the files that are there, all
 *   files are there already, one cannot be written, or Port does not answer
 */
export async function init(runtime: Runtime, flags: FlagValues): Promise<number> {
  const options = initOptions(flags);
  const folder = path.resolve(runtime.cwd, options.folder);
  const destination = { folder, shown: options.folder, replaces: options.replaces };
  await requireFolder(destination);
  const present = options.replaces ? null : await presentConfig(folder, options.folder);
  const repository = await inRepository(folder);
  await refuseEarly(runtime, options, present, { destination, repository });
  const settings = await surroundings(runtime, flags, folder);
  const choices = await choose(runtime, options, present?.type ?? null, settings.type);
  refuseOtherType(choices.type, present, options.folder);
  refuseOtherKinds(options.kinds, choices.type);
  const mapping = present ?? (await portMapping(runtime, settings, choices.type));
  const wanted = places(
    hasMapping(mapping, options),
    choices.ci,
    repository,
    blueprintsOf(choices.type, options.kinds),
  );
  const { missing, kept } = await sortedOut(wanted, destination);
  const known = knownIn(settings);
  const pipeline = await pipelineOf(runtime, choices, { destination, repository }, known);
  const { identifier, isIdentifierChosen } = settings.parts.integration;
  const facts = {
    type: choices.type,
    identifier: isIdentifierChosen ? identifier : null,
    known,
    pipeline: pipeline?.file.text ?? '',
    kinds: options.kinds,
  };
  const texts = withTexts(wanted, facts);
  await writeFiles(
    texts.filter(({ name }) => missing.some((file) => file.name === name)),
    destination,
  );
  const ignored = await ignoreEnvFile(destination.folder, repository);
  const width = resultWidth(runtime.stdout);
  const isMappingKept = kept.some(({ name }) => name === MAPPING_FILE);
  const lines = [
    ...fileLines({ missing, kept }, options.folder),
    ...ignoredLines(ignored),
    '',
    ...mappingLines(
      mapping,
      { isKept: isMappingKept, isWanted: options.wantsMapping, kinds: options.kinds },
      width,
    ),
    '',
    ...nextSteps(
      pipeline?.file.secrets ??
        notSet(variablesOf(choices.type, userInstead(choices.type, known)), known),
      pipeline,
      options.folder,
      width,
    ),
  ];
  runtime.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

/** What needs no answer and no server to be seen is told before anybody is asked. */
async function refuseEarly(
  { ask }: Runtime,
  options: InitOptions,
  present: PresentConfig | null,
  { destination, repository }: Where,
): Promise<void> {
  refuseOtherType(options.type, present, destination.shown);
  const ci = ciToldBy(options, ask);
  // Without a settings file there is something to write.
  if (present === null || ci === null) return;
  const platform = ci === 'none' ? null : ci;
  const blueprints = present.type === null ? [] : blueprintsOf(present.type, options.kinds);
  await sortedOut(
    places(hasMapping(present, options), platform, repository, blueprints),
    destination,
  );
}

/** Variables and `.env`: they may hold the credentials of Port, and tell the type. */
function surroundings(
  { env, cwd }: Runtime,
  { '--env-file': envFile }: FlagValues,
  folder: string,
): Promise<SettingsReading> {
  const named = envFile === undefined ? {} : { '--env-file': envFile };
  return readSettings({ flags: named, env, cwd: envFile === undefined ? folder : cwd });
}
