import type { PullRequest } from './company.js';

/** Pull requests that are made when somebody looks, so that a large company costs no memory. */
export interface GeneratedPullRequests {
  readonly count: number;
  /** The same answer each time; the one at position 0 has the id 1, and so on. */
  readonly make: (position: number) => PullRequest;
}

const nothing: GeneratedPullRequests = {
  count: 0,
  make: (position) => {
    throw new RangeError(`no pull request is generated at ${position}`);
  },
};

/** The pull requests of one repository by position, oldest (lowest id) first. */
export class PullRequestShelf {
  readonly #generated: GeneratedPullRequests;
  /** What changed among the generated ones, by position. */
  readonly #changed = new Map<number, PullRequest>();
  readonly #added: PullRequest[] = [];

  constructor(generated: GeneratedPullRequests = nothing) {
    this.#generated = generated;
  }

  get length(): number {
    return this.#generated.count + this.#added.length;
  }

  /** The pull request at a position from 0 on; undefined beyond the last. */
  at(position: number): PullRequest | undefined {
    if (position < 0) return undefined;
    if (position >= this.#generated.count) return this.#added[position - this.#generated.count];
    return this.#changed.get(position) ?? this.#generated.make(position);
  }

  find(id: number): PullRequest | undefined {
    if (this.#isGenerated(id)) return this.at(id - 1);
    return this.#added.find((candidate) => candidate.id === id);
  }

  /** @throws RangeError when the id is taken. */
  add(pullRequest: PullRequest): void {
    if (this.find(pullRequest.id) !== undefined) {
      throw new RangeError(`pull request ${pullRequest.id} is there already`);
    }
    this.#added.push(pullRequest);
    this.#added.sort((one, other) => one.id - other.id);
  }

  /**
   * Puts a newer state of a pull request in place of the one with the same id.
   * @throws RangeError when there is none.
   */
  replace(pullRequest: PullRequest): void {
    if (this.#isGenerated(pullRequest.id)) {
      this.#changed.set(pullRequest.id - 1, pullRequest);
      return;
    }
    const index = this.#added.findIndex((candidate) => candidate.id === pullRequest.id);
    if (index < 0) throw new RangeError(`there is no pull request ${pullRequest.id}`);
    this.#added[index] = pullRequest;
  }

  *[Symbol.iterator](): Generator<PullRequest> {
    for (let position = 0; position < this.length; position += 1) {
      const pullRequest = this.at(position);
      if (pullRequest !== undefined) yield pullRequest;
    }
  }

  #isGenerated(id: number): boolean {
    return Number.isInteger(id) && id >= 1 && id <= this.#generated.count;
  }
}
