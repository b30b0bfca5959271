import { nearest } from '../../problems/nearest.js';
import type { Absent, Address } from '../source.js';
import type { ReadingRecord, RootScope } from './reading-record.js';

/** What a selector or a flag names, and where that is told. */
export interface NamesOptions<Item> {
  readonly kind: Absent['kind'];
  readonly names: readonly string[];
  readonly isCalled: (item: Item, name: string) => boolean;
  readonly nameOf: (item: Item) => string;
  /** Where something of this name would be. */
  readonly addressOf: (name: string) => Address | null;
  /** The listing that shows whether it is there. */
  readonly scope: RootScope;
  /** Of the run: one warning for each name is enough. */
  readonly warned: Set<string>;
}

/** Which of several names a root listing did not show. */
export interface AbsentNames {
  found(): readonly Absent[];
  /** Tells of them, unless the run was told already. */
  warn(record: ReadingRecord): void;
}

/** Sees what a root listing shows, and knows afterwards which names it did not. */
export class NamesToSee<Item> implements AbsentNames {
  readonly #options: NamesOptions<Item>;
  readonly #record: ReadingRecord;
  readonly #unseen: Set<string>;
  readonly #seen = new Set<string>();

  constructor(options: NamesOptions<Item>, record: ReadingRecord) {
    this.#options = options;
    this.#record = record;
    this.#unseen = new Set(options.names);
  }

  /** Takes something that the listing showed, whether the resource is about it or not. */
  see(item: Item): void {
    if (this.#unseen.size > 0) this.#seen.add(this.#options.nameOf(item));
    for (const name of this.#unseen) {
      if (this.#options.isCalled(item, name)) this.#unseen.delete(name);
    }
  }

  /** A listing that broke off proves nothing: what it did not show is not absent. */
  found(): readonly Absent[] {
    const { kind, scope, addressOf } = this.#options;
    if (this.#record.endOf(scope)?.status !== 'complete') return [];
    return [...this.#unseen].map((name) => ({ kind, name, address: addressOf(name) }));
  }

  warn(record: ReadingRecord): void {
    const { warned } = this.#options;
    for (const { kind, name } of this.found()) {
      const key = `${kind} ${name}`;
      if (warned.has(key)) continue;
      warned.add(key);
      const similar = nearest(name, this.#seen);
      const hint = similar === undefined ? {} : { nearest: similar };
      record.addProblem({ code: 'named-absent', kind, name, ...hint });
    }
  }
}

/** What several lists of names say together. */
export function allAbsent(lists: readonly AbsentNames[]): AbsentNames {
  return {
    found: () => lists.flatMap((list) => list.found()),
    warn: (record) => {
      for (const list of lists) list.warn(record);
    },
  };
}
