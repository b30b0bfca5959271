import { isToldAlready } from '../mapping/broken-expressions.js';
import { expressionsOf } from '../mapping/feed-fields.js';
import { standIns } from '../mapping/stand-ins.js';
import { createMapper, type Mapper, type MappedItem } from '../mapping/mapper.js';
import type { Feed, MappingResource } from '../mapping/mapping.js';
import type { JsonObject } from '../model/json.js';
import type { Page, Scope } from '../model/page.js';
import { EXAMPLES_PER_KIND } from '../port/raw-examples.js';
import type { Problem } from '../problems/problem.js';
import type { KindDescription, Reading, ScopeEnd } from '../source/source.js';
import type { Made } from './blueprint-load.js';
import { fieldCountWords } from '../mapping/field-tally.js';
import { RelationRecord, type RelationSightings, ResourceTally } from './resource-tally.js';
import type { ReadingContext } from './run-context.js';

/** Begins to read and map the given resources, side by side. */
export async function startReading({
  resources,
  reading: context,
}: {
  readonly resources: readonly MappingResource[];
  readonly reading: ReadingContext;
}): Promise<readonly ResourceRun[]> {
  const { engine, source, now } = context;
  const open = async (resource: MappingResource): Promise<ResourceRun> => {
    const mapper = await createMapper(engine, resource, { signal: context.signal });
    const reading = source.read({
      resource: resource.reference,
      kind: resource.kind,
      selector: resource.selector,
      mentions: (field) => mapper.mentions(field),
      now,
      mappedFiles: resource.mappedFiles ?? [],
      standIns: standIns(expressionsOf(resource).map(({ expression }) => expression)),
    });
    return new ResourceRun(resource, reading, mapper, context);
  };
  const runs = await Promise.all(resources.map(open));
  // What all of them need together decides which listings are shared: none begins before.
  for (const run of runs) run.start();
  return runs;
}

/** Takes what one feed of a resource made of a page. Resolves when there is room for more. */
export type TakeMade = (feed: Feed, made: readonly Made[]) => Promise<void>;

/** A page, and what its items were mapped to. */
interface MappedPage {
  readonly page: Page;
  readonly items: readonly MappedItem[];
}

/** One resource, from its first page to the last entity handed on. */
export class ResourceRun {
  readonly tally = new ResourceTally();
  /** Some of its first items, as Bitbucket gave them. */
  readonly firstItems: JsonObject[] = [];
  readonly #relations = new RelationRecord();
  #pages: AsyncIterable<MappedPage> | null = null;
  readonly #listedLinks = new Set<string>();
  #hasFailedItem = false;
  #isFinished = false;
  #startedAt = 0;
  #endedAt = 0;

  constructor(
    readonly resource: MappingResource,
    readonly reading: Reading,
    readonly mapper: Mapper,
    private readonly context: ReadingContext,
  ) {}

  /** Whether an item failed, so that what it would have made cannot be told. */
  get hasFailedItem(): boolean {
    return this.#hasFailedItem;
  }

  /** Whether every page was read and every scope came to its end. */
  get isComplete(): boolean {
    return this.#isFinished && this.ends().every((end) => end.status === 'complete');
  }

  /** Whether the pages were consumed to the last one that the source gave. */
  get isFinished(): boolean {
    return this.#isFinished;
  }

  /** From the first request until `loaded` was called. */
  get milliseconds(): number {
    return this.#endedAt - this.#startedAt;
  }

  /** All there is to say about its kind. */
  get kind(): KindDescription | undefined {
    return this.context.source.kinds.find(({ name }) => name === this.resource.kind);
  }

  /** Links of the projects, repositories or users that its root listing showed. */
  get listedLinks(): ReadonlySet<string> {
    return this.#listedLinks;
  }

  /** Everything that it gave has been loaded. */
  loaded(): void {
    this.#endedAt = this.context.clock.now();
  }

  ends(): readonly ScopeEnd[] {
    return this.reading.ends();
  }

  /** What the relations of this resource's entities said of the repositories they came from. */
  sightings(blueprint: string): RelationSightings {
    return this.#relations.sightings(blueprint);
  }

  /** Begins to read and map, a page ahead of what is handed on. */
  start(): AsyncIterable<MappedPage> {
    const { emit, clock } = this.context;
    this.#startedAt = clock.now();
    this.#endedAt = this.#startedAt;
    emit({ type: 'resource-started', at: this.#startedAt, resource: this.resource.reference });
    return (this.#pages = asked(this.#mappedPages()));
  }

  /** Hands on what was read and mapped, page by page; the page behind is mapped meanwhile. */
  async run(take: TakeMade): Promise<void> {
    for await (const { page, items } of this.#pages ?? this.start()) {
      this.tally.fetched += page.items.length;
      this.#keepExamples(page);
      if (page.scope.type === 'root') {
        for (const { link } of page.items) if (link !== null) this.#listedLinks.add(link);
      }
      await this.#handOn(page.scope, items, take);
      this.#takeProblems();
      this.#progress();
      if (this.context.signal.aborted) return;
    }
    this.#isFinished = true;
    this.#takeProblems();
    this.#endProblems().forEach(this.context.report);
    this.#accountForFields();
  }

  /** Only a whole reading tells that nothing fills a field: what was not read might. */
  #accountForFields(): void {
    if (this.isComplete) this.mapper.neverFilled().forEach(this.context.report);
    const text = fieldCountWords(this.resource.reference, this.mapper.fieldCounts());
    if (text !== null) this.context.emit({ type: 'note', level: 'debug', text });
  }

  /** Many scopes may share one problem, which is told once. */
  #endProblems(): readonly Problem[] {
    const incomplete = this.ends().filter((end) => end.status === 'incomplete');
    return [...new Set(incomplete.map(({ problem }) => problem))];
  }

  async *#mappedPages(): AsyncGenerator<MappedPage, void, undefined> {
    let behind: { page: Page; items: Promise<readonly MappedItem[]> } | null = null;
    for await (const page of this.reading.pages()) {
      const items = this.mapper.map(page.items);
      // The failure is seen when its turn comes; until then it must not end the process.
      items.catch(() => undefined);
      if (behind !== null) yield { page: behind.page, items: await behind.items };
      behind = { page, items };
    }
    if (behind !== null) yield { page: behind.page, items: await behind.items };
  }

  #keepExamples({ items }: Page): void {
    const missing = EXAMPLES_PER_KIND - this.firstItems.length;
    for (const { value } of items.slice(0, missing)) this.firstItems.push(value);
  }

  async #handOn(scope: Scope, items: readonly MappedItem[], take: TakeMade): Promise<void> {
    const made = new Map<Feed, Made[]>(this.resource.feeds.map((feed) => [feed, []]));
    for (const { item, status, problems, entities, lost } of items) {
      for (const each of problems) if (!isToldAlready(each)) this.context.report(each);
      this.tally.unselected += lost.unselected;
      this.tally.unidentified += lost.unidentified;
      this.tally.lost += lost.failed;
      if (status === 'unselected') this.tally.unselectedItems += 1;
      if (status === 'failed') this.#hasFailedItem = true;
      for (const one of entities) {
        this.tally.mapped += 1;
        if (scope.type === 'repository') this.#relations.add(scope.repository.key, one.entity);
        this.context.ownLinks.see(one.entity, item);
        made.get(one.feed)?.push(one);
      }
    }
    for (const [feed, ofFeed] of made) if (ofFeed.length > 0) await take(feed, ofFeed);
  }

  #takeProblems(): void {
    for (const problem of this.reading.takeProblems()) {
      this.context.report(problem);
      // A file may have outgrown the limit since its entity was loaded: it is still there.
      if (problem.code === 'files-skipped') this.#hasFailedItem = true;
    }
  }

  #progress(): void {
    const { repositories } = this.reading;
    this.context.emit({
      type: 'resource-progressed',
      at: this.context.clock.now(),
      resource: this.resource.reference,
      counts: this.tally.counts(this.reading.requests),
      ...(repositories === null ? {} : { repositories }),
    });
  }
}

/** The same values, of which the first was asked for already. */
function asked<Value>(values: AsyncGenerator<Value, void, undefined>): AsyncIterable<Value> {
  const first = values.next();
  // Whoever takes it meets the failure; until then it must not end the process.
  first.catch(() => undefined);
  return (async function* () {
    try {
      for (let next = await first; next.done !== true; next = await values.next()) yield next.value;
    } finally {
      await values.return();
    }
  })();
}
