import path from 'node:path';
import { DEFAULTS } from '../../defaults/index.js';
import { explainResource } from '../../mapping/explain.js';
import { isJsonArray, isJsonObject } from '../../model/json.js';
import type { RawItem } from '../../model/page.js';
import type { PreviewedResource } from '../../model/preview.js';
import { ProblemError } from '../../problems/problem.js';
import type { Runtime } from '../../runtime.js';
import type { FlagValues } from '../../settings/declaration.js';
import { readTextFile } from '../../settings/read-referenced.js';
import { readSettings, refusalOf, type SettingsReading } from '../../settings/read-settings.js';
import type { KindDescription, Source } from '../../source/source.js';
import { KINDS } from '../../stages/choose-mapping.js';
import { withEngine } from '../open-engine.js';
import { localMapping } from '../run-request.js';
import { openLog, type SessionLog } from '../session.js';
import { acceptedResources, type Previewed, type PreviewOptions } from './options.js';
import { rawItemsIn } from './raw-items.js';

/** A preview of raw items that are given. */
type OfflineOptions = PreviewOptions & { readonly input: string };

/** All that it takes to map items that are there. */
const LOOKED_AT = ['type', 'mapping', 'jq', 'output'] as const;

/** Raw items come from a file; nobody is asked for anything. */
export async function previewOffline(
  runtime: Runtime,
  flags: FlagValues,
  options: OfflineOptions,
): Promise<Previewed> {
  const { env, cwd } = runtime;
  // Nothing is missing: no credentials, no addresses.
  const settings = await readSettings({ flags, env, cwd }, { parts: LOOKED_AT });
  const refusal = refusalOf(settings);
  if (refusal !== null) throw refusal;
  const { parts } = settings;
  const source = offlineSource(settings.type, options.kind);
  const items = rawItemsIn(await readInput(runtime, options.input), inputName(options.input));
  const log = await openLog(runtime, { ...settings, output: parts.output });
  const resources = await explain(runtime, settings, source, items, log, options);
  return { ...log, resources, strict: parts.output.strict };
}

async function explain(
  runtime: Runtime,
  { parts }: SettingsReading,
  source: OfflineSource,
  items: readonly RawItem[],
  { emit }: SessionLog,
  options: OfflineOptions,
): Promise<readonly PreviewedResource[]> {
  return withEngine(parts.jq, runtime, emit, async (engine) => {
    const origin = localMapping(parts) ?? {
      value: DEFAULTS[source.type].mapping,
      origin: 'the built-in default mapping',
      unknownKeys: 'error',
    };
    const resources = await acceptedResources(origin, engine, source, options, emit);
    const mapped = new Set(resources.map(({ kind }) => kind));
    if (mapped.size > 1) throw kindMissing([...mapped]);
    const some = items.slice(0, options.limit ?? items.length);
    return Promise.all(resources.map((resource) => explainResource(engine, resource, some)));
  });
}

/** Raw items do not say what they are. */
function kindMissing(kinds: readonly string[]): ProblemError {
  return ProblemError.of({
    code: 'setting-missing',
    setting: 'the kind of the items',
    spellings: kinds.map((kind) => `--kind ${kind}`),
  });
}

function inputName(input: string): string {
  return input === '-' ? 'standard input' : input;
}

async function readInput({ cwd, readStdin }: Runtime, input: string): Promise<string> {
  if (input === '-' && readStdin !== undefined) return readStdin();
  const reading =
    input === '-' ? { failure: 'there is none' } : await readTextFile(path.resolve(cwd, input));
  if ('text' in reading) return reading.text;
  const file = inputName(input);
  throw ProblemError.of({ code: 'settings-file-unreadable', file, reason: reading.failure });
}

/** A type of Bitbucket and what it can be asked for, without a Bitbucket of that type. */
interface OfflineSource {
  readonly type: Source['type'];
  readonly kinds: readonly KindDescription[];
}

const SOURCES: readonly OfflineSource[] = (['bitbucket-server', 'bitbucket-cloud'] as const).map(
  (type) => ({ type, kinds: KINDS[type] }),
);

/** Whether the built-in mapping has a resource of the kind. */
function readsUsually(type: OfflineSource['type'], kind: string | null): boolean {
  const { resources } = DEFAULTS[type].mapping;
  if (!isJsonArray(resources)) return false;
  return resources.some((resource) => isJsonObject(resource) && resource.kind === kind);
}

/**
 * The Bitbucket that raw items are from: the one that is set, else the only one whose built-in mapping reads
 * the kind, else the only one that has it.
 * @throws ProblemError setting-missing when both have it, setting-invalid when none has
 */
function offlineSource(type: SettingsReading['type'], kind: string | null): OfflineSource {
  const set = SOURCES.find((source) => source.type === type);
  if (set !== undefined) return set;
  const reading = SOURCES.filter((source) => readsUsually(source.type, kind));
  const having = SOURCES.filter(({ kinds }) => kinds.some(({ name }) => name === kind));
  for (const [only, another] of [reading, having]) {
    if (only !== undefined && another === undefined) return only;
  }
  throw ProblemError.of({
    code: 'setting-missing',
    setting: 'the Bitbucket that the items are from',
    spellings: SOURCES.map((source) => `--type ${source.type}`),
  });
}
