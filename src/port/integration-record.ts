import { z } from 'zod';
import type { JsonObject } from '../model/json.js';
import { LastReads } from '../model/last-reads.js';
import { WithheldSince } from '../model/withheld-since.js';
import { jsonObject } from './answer-schema.js';

/** When an integration last ran, as it told Port. */
export interface ReportedResync {
  readonly status: string | null;
  /** Date and time as Port holds them. */
  readonly lastResyncStart: string | null;
  readonly lastResyncEnd: string | null;
}

/**
 * What the integration remembers of deletions. It is kept in Port, so that each job that runs for the
 * integration finds it, on whatever machine.
 */
export interface DeletionMark {
  /** When deletions were last judged to the end, by Port's clock, in milliseconds since the epoch. */
  readonly judgedAt: number;
  /** Whether another program signed the integration and nothing was deleted since. */
  readonly isTakenOver: boolean;
  /** Whether a run stopped for safety since, and nobody has approved or disproved it yet. */
  readonly isStopped: boolean;
  /** When that run stopped, as `judgedAt`; absent where no place tells. */
  readonly stoppedAt?: number;
}

/** Where Port takes what its page of the integration shows of a run; null: it names no address. */
export interface IngestAddresses {
  readonly logs: string | null;
  readonly metrics: string | null;
}

/** The record of an integration in Port. */
export interface Integration {
  readonly identifier: string;
  readonly type: string;
  /** Who wrote it last: ours begins with `bitbucket-port-`. */
  readonly version: string | null;
  /** The mapping that is edited in Port; null when there is none, an empty one included. */
  readonly config: JsonObject | null;
  /** Whether default blueprints were created for it once. */
  readonly arePortResourcesInitialized: boolean;
  /** `dsp` when Port itself maps and loads what the integration ships. */
  readonly processingMode: string | null;
  readonly resync: ReportedResync;
  readonly ingest: IngestAddresses;
  /** Whether Port runs it and keeps its settings in `spec`, which is then not ours to write. */
  readonly isHosted: boolean;
  /** What it holds besides; ours stands below a key of our own. */
  readonly spec: JsonObject;
  /** Null where no run has judged deletions yet. */
  readonly mark: DeletionMark | null;
  /** Where no run could read all repositories: which were read when. */
  readonly lastReads: LastReads;
  /** Since when runs withhold deletions. */
  readonly withheld: WithheldSince;
  /** The webhook that `webhooks apply` made for it, which writes for it as well; null: none is noted. */
  readonly webhook: string | null;
}

/** What a run leaves for the next one, besides the mark. */
export interface RunNotes {
  /** When repositories were read; null: as it is noted. */
  readonly reads: LastReads | null;
  /** Since when deletions are withheld; null: as it is noted. */
  readonly withheld: WithheldSince | null;
}

/** Our own key in `spec`. */
const OWN_KEY = 'bitbucketPort';

const markSchema = z.object({
  judged: z.iso.datetime(),
  takenOver: z.boolean().default(false),
  stopped: z.boolean().default(false),
  stoppedAt: z.iso.datetime().optional().catch(undefined),
});
const readsSchema = z
  .array(
    z
      .object({ from: z.string(), to: z.string(), at: z.iso.datetime() })
      .transform(({ at, ...stretch }) => ({ ...stretch, at: Date.parse(at) })),
  )
  .catch([]);
const withheldSchema = z
  .array(
    z
      .object({ blueprint: z.string(), reason: z.string(), since: z.iso.datetime() })
      .transform(({ since, ...withheld }) => ({ ...withheld, since: Date.parse(since) })),
  )
  .catch([]);
/** The mark in a version, as the build part that semantic versions may have. */
const BUILD_PART =
  /\+judged\.(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z(\.takenover)?(\.stopped)?$/u;

const text = z.string().nullable().catch(null).default(null);

const ingest = z.object({ ingestUrl: text }).nullish().catch(null);

/**
 * The answers are not in the API reference: nothing but the object itself is relied upon. The
 * members are those that Port's own exporter reads (port-labs/ocean).
 */
const recordSchema = z.object({
  installationId: text,
  installationAppType: text,
  version: text,
  config: jsonObject.nullish(),
  arePortResourcesInitialized: z.boolean().nullish(),
  processingMode: text,
  /** `OnPrem` where the user runs it, else `Saas` and the like (port-labs/ocean). */
  installationType: text,
  spec: jsonObject.nullish().catch(null),
  resyncState: z
    .object({ status: text, lastResyncStart: text, lastResyncEnd: text })
    .nullish()
    .catch(null),
  logAttributes: ingest,
  metricAttributes: ingest,
});

/** An answer about one integration. */
export const integrationAnswer = z.object({ integration: recordSchema });
/** An answer about all of them. */
export const integrationsAnswer = z.object({ integrations: z.array(recordSchema) });

type IntegrationRecord = z.output<typeof recordSchema>;

/** The record that an answer holds, for the integration that was asked for. */
export function integrationOf(record: IntegrationRecord, identifier: string): Integration {
  const config = record.config ?? {};
  const spec = record.spec ?? {};
  const isHosted = record.installationType?.toLowerCase().startsWith('saas') === true;
  return {
    identifier,
    type: record.installationAppType ?? '',
    version: record.version,
    config: Object.keys(config).length === 0 ? null : config,
    arePortResourcesInitialized: record.arePortResourcesInitialized ?? false,
    processingMode: record.processingMode,
    resync: record.resyncState ?? { status: null, lastResyncStart: null, lastResyncEnd: null },
    ingest: {
      logs: record.logAttributes?.ingestUrl ?? null,
      metrics: record.metricAttributes?.ingestUrl ?? null,
    },
    isHosted,
    spec,
    mark: isHosted ? markInVersion(record.version ?? '') : markInSpec(spec),
    lastReads: LastReads.from(isHosted ? [] : readsSchema.parse(ownPart(spec).read)),
    withheld: WithheldSince.from(isHosted ? [] : withheldSchema.parse(ownPart(spec).withheld)),
    webhook: isHosted ? null : text.parse(ownPart(spec).webhook),
  };
}

/**
 * What to write to make an integration remember the mark, with our version: into `spec` beside the keys
 * of others, or where Port hosts the integration into the build part of the version, which another
 * program that signs overwrites.
 * @param version as it stands in Port without a mark
 */
export function markedWith(
  mark: DeletionMark,
  version: string,
  { isHosted, spec }: Pick<Integration, 'isHosted' | 'spec'>,
): JsonObject {
  const judged = wholeSecond(mark.judgedAt);
  if (!isHosted) {
    const { read, withheld, webhook } = ownPart(spec);
    const own = {
      judged,
      ...(mark.isTakenOver ? { takenOver: true } : {}),
      ...(mark.isStopped ? { stopped: true } : {}),
      ...(mark.stoppedAt === undefined ? {} : { stoppedAt: wholeSecond(mark.stoppedAt) }),
      ...(read === undefined ? {} : { read }),
      ...(withheld === undefined ? {} : { withheld }),
      ...(webhook === undefined ? {} : { webhook }),
    };
    return { version, spec: { ...spec, [OWN_KEY]: own } };
  }
  const ending = `${mark.isTakenOver ? '.takenover' : ''}${mark.isStopped ? '.stopped' : ''}`;
  return { version: `${version}+judged.${judged.replace(/[-:]/gu, '')}${ending}` };
}

/** What to write to make an integration remember the notes; null: it has no place for them. */
export function notedFor(
  { reads, withheld }: RunNotes,
  { isHosted, spec }: Pick<Integration, 'isHosted' | 'spec'>,
): JsonObject | null {
  if (isHosted) return null;
  const read = reads?.stretches.map(({ at, ...stretch }) => ({ ...stretch, at: wholeSecond(at) }));
  const kept = withheld?.all.map(({ since, ...one }) => ({ ...one, since: wholeSecond(since) }));
  const { withheld: keptBefore = [], ...rest } = ownPart(spec);
  const keptNow = kept ?? keptBefore;
  const own = {
    ...rest,
    ...(read === undefined ? {} : { read }),
    ...(Array.isArray(keptNow) && keptNow.length > 0 ? { withheld: keptNow } : {}),
  };
  return { spec: { ...spec, [OWN_KEY]: own } };
}

/** What to write to make an integration remember its webhook. */
export function notedWebhook(webhook: string, { spec }: Pick<Integration, 'spec'>): JsonObject {
  return { spec: { ...spec, [OWN_KEY]: { ...ownPart(spec), webhook } } };
}

/** What is ours of it. */
function ownPart(spec: JsonObject): JsonObject {
  return jsonObject.catch({}).parse(spec[OWN_KEY]);
}

/** Port's answers tell the time in whole seconds. */
function wholeSecond(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/u, 'Z');
}

function markInSpec(spec: JsonObject): DeletionMark | null {
  const { data } = markSchema.safeParse(spec[OWN_KEY]);
  return data === undefined
    ? null
    : {
        judgedAt: Date.parse(data.judged),
        isTakenOver: data.takenOver,
        isStopped: data.stopped,
        ...(data.stoppedAt === undefined ? {} : { stoppedAt: Date.parse(data.stoppedAt) }),
      };
}

function markInVersion(version: string): DeletionMark | null {
  const [, year, month, day, hours, minutes, seconds, takenOver, stopped] =
    BUILD_PART.exec(version) ?? [];
  if (year === undefined) return null;
  const judgedAt = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
  return Number.isNaN(judgedAt)
    ? null
    : { judgedAt, isTakenOver: takenOver !== undefined, isStopped: stopped !== undefined };
}

/** The records of a list. One that does not say whose it is can be nobody's. */
export function integrationsOf(records: readonly IntegrationRecord[]): readonly Integration[] {
  return records.flatMap((record) =>
    record.installationId === null ? [] : [integrationOf(record, record.installationId)],
  );
}
