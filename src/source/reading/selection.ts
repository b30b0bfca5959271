import { z } from 'zod';
import type { JsonObject } from '../../model/json.js';
import { globMatcher } from '../files/globs.js';
import { malformed } from '../failure.js';
import {
  branchesKey,
  namesKey,
  windowKeys,
  windowLength,
  type AllWanted,
  type ListedKind,
} from '../kind.js';
import type { Listed } from '../listing/page.js';
import type { ListingWindow } from '../listing/read-to-end.js';

const selectionKeys = z.object({ ...namesKey, ...windowKeys, ...branchesKey });

/** What a selector takes of a kind, by the keys that follow from how the kind is declared. */
export class Selection {
  /** From when on what changed is taken, in milliseconds; null: whenever it changed. */
  readonly since: number | null;
  /** Whether what was loaded stays where it has become too old. */
  readonly keepsOutdated: boolean;
  readonly #kind: ListedKind;
  readonly #isCalled: ((name: string) => boolean) | null;
  readonly #isOnBranch: ((name: string) => boolean) | null;

  /** @param now when the run began, by a clock that all runs share */
  constructor(kind: ListedKind, selector: unknown, now: number) {
    const keys = selectionKeys.parse(selector ?? {});
    const { names, updatedWithin, keepOutdated, branches } = keys;
    const length = updatedWithin ? windowLength(updatedWithin) : null;
    this.#kind = kind;
    // Queries of Bitbucket tell whole seconds.
    this.since = length === null ? null : Math.floor((now - length) / 1_000) * 1_000;
    this.keepsOutdated = this.since !== null && keepOutdated === true;
    this.#isCalled = anyOf(names);
    this.#isOnBranch = anyOf(branches);
  }

  /** From when on a listing is read, as the newest comes first; null: to its end. */
  get window(): ListingWindow | null {
    const { isNewestFirst, changedAt } = this.#kind;
    const { since } = this;
    return !isNewestFirst || changedAt === null || since === null ? null : { since, at: changedAt };
  }

  /** Whether a branch is one that the selector names; null: it names none. */
  takesBranch(name: string): boolean | null {
    return this.#isOnBranch?.(name) ?? null;
  }

  /** Whether it takes whatever a listing shows. */
  get isAny(): boolean {
    return this.#isCalled === null && this.since === null;
  }

  /** Whether an item is taken by its name. */
  isNamed(value: JsonObject): boolean {
    const { nameOf } = this.#kind;
    return this.#isCalled === null || nameOf === null || this.#isCalled(nameOf(value));
  }

  /** Whether an item is taken; null: its answer does not tell. */
  takes(value: JsonObject): boolean | null {
    const { changedAt, branchOf } = this.#kind;
    if (!this.isNamed(value)) return false;
    const { since } = this;
    const isOnBranch = this.#isOnBranch;
    const isMeant = isOnBranch === null || branchOf === null || told(branchOf(value), isOnBranch);
    const isLate =
      since === null || changedAt === null || told(changedAt(value), (at) => at >= since);
    return isMeant === false || isLate === false ? false : isMeant && isLate;
  }
}

/** Null where nothing is told. */
function told<Value>(value: Value | null, is: (value: Value) => boolean): boolean | null {
  return value === null ? null : is(value);
}

/** Null where there are no globs: anything is taken. */
function anyOf(globs: readonly string[] | null | undefined): ((name: string) => boolean) | null {
  const matchers = (globs ?? []).map((glob) => globMatcher(glob));
  if (matchers.length === 0) return null;
  return (name) => name !== '' && matchers.some((matches) => matches(name));
}

/** Whether a resource is about an item, by all that its selector says; null: its answer does not tell. */
export function isWanted(
  value: JsonObject,
  repository: JsonObject | null,
  selection: Selection,
  { keeps }: Pick<AllWanted, 'keeps'>,
): boolean | null {
  const isTaken = selection.takes(value);
  return isTaken === false ? false : (keeps(value, repository) ?? null) && isTaken;
}

/**
 * The items of a listing that a resource is about.
 * @throws HttpError at the end, where it cannot be told of some: what they stand for is neither gone nor
 *   wanted, so that the listing was not read whole
 */
export async function* wantedOnly<Item extends Listed>(
  pages: AsyncIterable<readonly Item[]>,
  wants: (value: JsonObject) => boolean | null,
  subject: string,
): AsyncGenerator<readonly Item[], void, undefined> {
  let untold = 0;
  for await (const page of pages) {
    yield page.filter(({ item }) => {
      const isTaken = wants(item.value);
      if (isTaken === null) untold += 1;
      return isTaken === true;
    });
  }
  if (untold > 0) throw untoldOf(subject, untold);
}

/** What to do about an item of which it cannot be told. */
export function untoldOf(subject: string, count = 1): Error {
  const what = count === 1 ? 'one item' : `${count} items`;
  return malformed(
    subject,
    `does not tell of ${what} what the selector asks for, such as when it changed`,
  );
}
