import { z } from 'zod';
import type { JsonObject } from '../../model/json.js';
import { globMatcher } from '../files/globs.js';
import { malformed } from '../failure.js';
import { namesKey, windowKeys, windowLength, type AllWanted, type ListedKind } from '../kind.js';
import type { Listed } from '../listing/page.js';

const selectionKeys = z.object({ ...namesKey, ...windowKeys });

/** What a selector takes of a kind, by the keys that follow from how the kind is declared. */
export class Selection {
  /** From when on what changed is taken, in milliseconds; null: whenever it changed. */
  readonly since: number | null;
  /** Whether what was loaded stays where it has become too old. */
  readonly keepsOutdated: boolean;
  readonly #kind: ListedKind;
  readonly #isCalled: ((name: string) => boolean) | null;

  /** @param now when the run began, by a clock that all runs share */
  constructor(kind: ListedKind, selector: unknown, now: number) {
    const { names, updatedWithin, keepOutdated } = selectionKeys.parse(selector ?? {});
    const length = updatedWithin ? windowLength(updatedWithin) : null;
    this.#kind = kind;
    // Queries of Bitbucket tell whole seconds.
    this.since = length === null ? null : Math.floor((now - length) / 1_000) * 1_000;
    this.keepsOutdated = this.since !== null && keepOutdated === true;
    const globs = (names ?? []).map((name) => globMatcher(name));
    this.#isCalled = globs.length === 0 ? null : (name) => globs.some((glob) => glob(name));
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
    const { changedAt } = this.#kind;
    if (!this.isNamed(value)) return false;
    if (this.since === null || changedAt === null) return true;
    const at = changedAt(value);
    return at === null ? null : at >= this.since;
  }
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
