import type { Mapper, MappedItem } from '../mapping/mapper.js';
import type { Feed, MappingResource } from '../mapping/mapping.js';
import type { Entity } from '../model/entity.js';
import type { Page, Scope } from '../model/page.js';
import type { Problem } from '../problems/problem.js';
import type { Reading, ScopeEnd } from '../source/source.js';
import type { RelationSightings } from '../reconcile/scope-guard.js';
import { fieldCountWords } from './field-count-words.js';
import { RelationRecord } from './relation-record.js';
import { ResourceTally } from './resource-tally.js';
import type { RunContext } from './run-context.js';

/** Takes the entities that a resource makes. Resolves when there is room for the next one. */
export type TakeEntity = (feed: Feed, entity: Entity, item: string) => Promise<void>;

/** One resource, from its first page to the last entity handed on. */
export class ResourceRun {
  readonly tally = new ResourceTally();
  readonly #relations = new RelationRecord();
  #hasFailedItem = false;
  #isFinished = false;
  #startedAt = 0;
  #endedAt = 0;

  constructor(
    readonly resource: MappingResource,
    readonly reading: Reading,
    readonly mapper: Mapper,
    private readonly context: RunContext,
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

  /** Fields of its items that may name another repository than the one they were read from. */
  get fieldsOfOtherRepositories(): readonly string[] {
    const kind = this.context.source.kinds.find(({ name }) => name === this.resource.kind);
    return kind?.fieldsOfOtherRepositories ?? [];
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

  /** Reads, maps and hands on, page by page; the page behind is mapped meanwhile. */
  async run(take: TakeEntity): Promise<void> {
    const { emit, clock } = this.context;
    this.#startedAt = clock.now();
    this.#endedAt = this.#startedAt;
    emit({ type: 'resource-started', at: this.#startedAt, resource: this.resource.reference });
    for await (const { page, items } of this.#mappedPages()) {
      this.tally.fetched += page.items.length;
      for (const item of items) await this.#handOn(page.scope, item, take);
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

  async *#mappedPages(): AsyncIterable<{ page: Page; items: readonly MappedItem[] }> {
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

  async #handOn(scope: Scope, item: MappedItem, take: TakeEntity): Promise<void> {
    item.problems.forEach(this.context.report);
    if (item.status === 'unselected') this.tally.unselected += 1;
    if (item.status === 'failed') {
      this.tally.failedItems += 1;
      this.#hasFailedItem = true;
    }
    for (const { entity, feed, item: link } of item.entities) {
      this.tally.mapped += 1;
      if (scope.type === 'repository') this.#relations.add(scope.repository.key, entity);
      await take(feed, entity, link);
    }
  }

  #takeProblems(): void {
    for (const problem of this.reading.takeProblems()) {
      this.context.report(problem);
      // A file may have outgrown the limit since its entity was loaded: it is still there.
      if (problem.code === 'files-skipped') this.#hasFailedItem = true;
    }
  }

  #progress(): void {
    this.context.emit({
      type: 'resource-progressed',
      at: this.context.clock.now(),
      resource: this.resource.reference,
      counts: this.tally.counts(this.reading.requests),
    });
  }
}
