import type { RunEvent } from '../model/event.js';

/** What a report tells of a run besides its end. */
export interface RunFacts {
  /** Our own version. */
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** What was read, and where it went; null when the run did not come so far. */
  readonly route: {
    readonly source: string;
    readonly port: string;
    readonly integration: string;
  } | null;
  /** Deletions that are due and were not carried out. */
  readonly held: readonly HeldDeletions[];
}

/** See the event. */
export type HeldDeletions = Omit<Extract<RunEvent, { readonly type: 'deletions-held' }>, 'type'>;

/** Listens to a run for what its report has to tell. */
export class RunRecord {
  #route: RunFacts['route'] = null;
  readonly #held: HeldDeletions[] = [];

  /** @param startedAt when the command began, in milliseconds since the epoch */
  constructor(
    private readonly version: string,
    private readonly startedAt: number,
  ) {}

  readonly listen = (event: RunEvent): void => {
    if (event.type === 'deletions-held') {
      this.#held.push({ why: event.why, entities: event.entities });
    }
    if (event.type !== 'run-started') return;
    const { source, port, integration } = event;
    this.#route = { source, port, integration };
  };

  /**
   * The facts so far.
   * @param endedAt now, in milliseconds since the epoch
   */
  facts(endedAt: number): RunFacts {
    return {
      version: this.version,
      startedAt: this.startedAt,
      endedAt,
      route: this.#route,
      held: [...this.#held],
    };
  }
}
