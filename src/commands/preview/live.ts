import { createExplainer, type Explainer } from '../../mapping/explain.js';
import { expressionsOf } from '../../mapping/feed-fields.js';
import type { MappingResource } from '../../mapping/mapping.js';
import { standIns } from '../../mapping/stand-ins.js';
import type { RawItem } from '../../model/page.js';
import { isJsonObject } from '../../model/json.js';
import type { PreviewedItem, PreviewedResource } from '../../model/preview.js';
import { maskExample } from '../../port/raw-examples.js';
import type { PortClient } from '../../port/port-client.js';
import type { Runtime } from '../../runtime.js';
import type { FlagValues } from '../../settings/declaration.js';
import type { ResolvedSettings } from '../../settings/settings.js';
import type { Reading, ReadRequest } from '../../source/source.js';
import { findIntegration, mappingOrigin } from '../../stages/choose-mapping.js';
import type { RunRequest } from '../../stages/run-context.js';
import { readWholeSettings } from '../read-run-settings.js';
import { withRunRequest, type PortSide } from '../run-request.js';
import { inSession, openSession, type Session } from '../session.js';
import { acceptedResources, type Previewed, type PreviewOptions } from './options.js';

/** Items of each resource, unless `--limit` says otherwise. */
const USUAL_LIMIT = 3;

/** Requests to Bitbucket at a time: what is read ahead of the few items is read for nothing. */
const CONCURRENCY = 2;

type LiveRequest = Omit<RunRequest, keyof PortSide>;

/** A resource that is about to be read. */
interface OpenResource {
  readonly resource: MappingResource;
  readonly explainer: Explainer;
  readonly reading: Reading;
}

/** The first items that Bitbucket lists. Port is asked for the mapping, if for anything. */
export async function previewLive(
  runtime: Runtime,
  flags: FlagValues,
  options: PreviewOptions,
): Promise<Previewed> {
  const resolved = await readWholeSettings(runtime, flags);
  const session = await openSession(runtime, gently(resolved));
  const resources = await inSession(session, () =>
    withRunRequest(session, async (request, port) => {
      const client = port.withSignal(session.control.reading);
      const mapping = await acceptedMapping(request, client, session, options);
      // By Port's clock where Port was asked, as in a run.
      const now = client.now() ?? request.clock.now();
      return readResources(mapping, request, options, now);
    }),
  );
  return { ...session, resources, strict: session.settings.output.strict };
}

function gently({ settings, ...facts }: ResolvedSettings): ResolvedSettings {
  const concurrency = Math.min(settings.sync.concurrency, CONCURRENCY);
  const sync = { ...settings.sync, concurrency, mostConcurrency: concurrency };
  return { ...facts, settings: { ...settings, sync } };
}

/** The resources to look at, once the mapping is known to be good and Bitbucket answers. */
async function acceptedMapping(
  { source, engine, localMapping, defaults, isIdentifierChosen }: LiveRequest,
  client: PortClient,
  { emit }: Session,
  options: PreviewOptions,
): Promise<readonly MappingResource[]> {
  const report: Report = (problem) => {
    emit({ type: 'problem', problem });
  };
  const record =
    localMapping === null
      ? await findIntegration(client, false, isIdentifierChosen, report)
      : ({ status: 'missing' } as const);
  const origin = mappingOrigin(localMapping, record, defaults.mapping);
  const resources = await acceptedResources(origin, engine, source, options, emit);
  await source.probe();
  return resources;
}

type Report = Parameters<typeof findIntegration>[3];

async function readResources(
  resources: readonly MappingResource[],
  request: LiveRequest,
  { limit }: PreviewOptions,
  now: number,
): Promise<readonly PreviewedResource[]> {
  const enough = limit ?? USUAL_LIMIT;
  const opened = await Promise.all(
    resources.map((resource) => open(resource, request, { enough, now })),
  );
  const previewed: PreviewedResource[] = [];
  try {
    for (const { resource, explainer, reading } of opened) {
      if (request.signal.aborted) break;
      const items = await someItems(reading, enough, request);
      const kind = request.source.kinds.find(({ name }) => name === resource.kind);
      const explained = await explainer.explain(items);
      const shown = kind?.isPrivate === true ? explained.map(masked) : explained;
      previewed.push({ resource: resource.reference, items: shown });
    }
    return previewed;
  } finally {
    await Promise.all(opened.map(({ explainer }) => explainer.close()));
  }
}

/** An item as others may see it, where answers may hold anything. The mapping saw all of it. */
function masked(explained: PreviewedItem): PreviewedItem {
  const { item, list } = explained;
  const value = maskExample(item.value);
  const isList = list !== null && 'value' in list;
  return {
    ...explained,
    item: { ...item, value: isJsonObject(value) ? value : {} },
    list: isList ? { value: maskExample(list.value) } : list,
  };
}

/** Sends nothing yet: every resource is opened before the first page of any is taken. */
async function open(
  resource: MappingResource,
  { engine, source }: LiveRequest,
  wanted: Pick<ReadRequest, 'enough' | 'now'>,
): Promise<OpenResource> {
  const explainer = await createExplainer(engine, resource);
  const reading = source.read({
    resource: resource.reference,
    kind: resource.kind,
    selector: resource.selector,
    mentions: (field) => explainer.mentions(field),
    mappedFiles: resource.mappedFiles ?? [],
    standIns: standIns(expressionsOf(resource).map(({ expression }) => expression)),
    ...wanted,
  });
  return { resource, explainer, reading };
}

/** The first items, and no page after them. What went wrong on the way is reported. */
async function someItems(
  reading: Reading,
  limit: number,
  { emit }: LiveRequest,
): Promise<readonly RawItem[]> {
  const items: RawItem[] = [];
  for await (const page of reading.pages()) {
    items.push(...page.items.slice(0, limit - items.length));
    if (items.length >= limit) break;
  }
  const ends = reading.ends().filter((end) => end.status === 'incomplete');
  const failures = new Set(ends.map(({ problem }) => problem));
  for (const problem of [...reading.takeProblems(), ...failures])
    emit({ type: 'problem', problem });
  return items;
}
