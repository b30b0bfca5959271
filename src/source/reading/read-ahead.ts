/** How far reading may run ahead of what was consumed. */
export interface ReadAheadBounds<Event> {
  /** How many parents are being read at the same time; at least 1. */
  readonly concurrency: number;
  /** How many parents may be open: being read, or read and waiting for their turn. */
  readonly parents: number;
  /** No further parent is opened while this much waits for its turn. */
  readonly size: number;
  readonly sizeOf: (event: Event) => number;
}

/** An event, and the parent that it belongs to. */
export interface OfParent<Parent, Event> {
  readonly parent: Parent;
  readonly event: Event;
}

/** Some that are there already, or that arrive one after the other. */
export type Several<Parent> = Iterable<Parent> | AsyncIterable<Parent>;

interface Lane<Parent, Event> {
  readonly parent: Parent;
  readonly events: AsyncIterator<Event, void, undefined>;
  next: Promise<IteratorResult<Event, void>>;
  isPending: boolean;
  /** Of the event that waits for its turn. */
  size: number;
}

/**
 * Opens several parents at the same time and gives their events in the order of the parents, whatever
 * arrives first. At most one event of each parent waits for its turn. A failure is thrown at its place
 * in that order; one of `parents` itself after the events of all that it gave.
 */
export async function* readAhead<Parent, Event>(
  parents: Several<Parent>,
  open: (parent: Parent) => AsyncIterable<Event, void, undefined>,
  bounds: ReadAheadBounds<Event>,
): AsyncGenerator<OfParent<Parent, Event>, void, undefined> {
  const window = new Window(open, bounds);
  const filling = window.fill(parents);
  // Awaited below, at its turn.
  filling.catch(() => undefined);
  try {
    for (;;) {
      const lane = await window.first();
      if (lane === null) break;
      for (;;) {
        const result = await lane.next;
        if (result.done === true) break;
        window.advance(lane);
        yield { parent: lane.parent, event: result.value };
      }
      window.close();
    }
    await filling;
  } finally {
    window.stop();
  }
}

/** The open parents, first come first. */
class Window<Parent, Event> {
  readonly #open: (parent: Parent) => AsyncIterable<Event, void, undefined>;
  readonly #bounds: ReadAheadBounds<Event>;
  readonly #lanes: Lane<Parent, Event>[] = [];
  readonly #change = new Change();
  #isFilled = false;

  constructor(
    open: (parent: Parent) => AsyncIterable<Event, void, undefined>,
    bounds: ReadAheadBounds<Event>,
  ) {
    this.#open = open;
    this.#bounds = bounds;
  }

  async fill(parents: Several<Parent>): Promise<void> {
    try {
      for await (const parent of parents) {
        await this.#until(() => this.#isFilled || this.#hasRoom());
        if (this.#isFilled) return;
        this.#add(parent);
      }
    } finally {
      this.stop();
    }
  }

  /** The lane whose turn it is; null when no more come. */
  async first(): Promise<Lane<Parent, Event> | null> {
    await this.#until(() => this.#isFilled || this.#lanes.length > 0);
    return this.#lanes[0] ?? null;
  }

  /** Asks for the lane's next event. */
  advance(lane: Lane<Parent, Event>): void {
    lane.next = lane.events.next();
    this.#watch(lane);
  }

  /** Forgets the first lane, which has ended. */
  close(): void {
    this.#lanes.shift();
    this.#change.told();
  }

  /** Opens no more lanes. */
  stop(): void {
    this.#isFilled = true;
    this.#change.told();
  }

  #add(parent: Parent): void {
    const events = this.#open(parent)[Symbol.asyncIterator]();
    const lane = { parent, events, next: events.next(), isPending: true, size: 0 };
    this.#lanes.push(lane);
    this.#watch(lane);
    this.#change.told();
  }

  #watch(lane: Lane<Parent, Event>): void {
    lane.isPending = true;
    lane.size = 0;
    const settle = (size: number): void => {
      lane.isPending = false;
      lane.size = size;
      this.#change.told();
    };
    lane.next.then(
      (result) => {
        settle(result.done === true ? 0 : this.#bounds.sizeOf(result.value));
      },
      () => {
        settle(0);
      },
    );
  }

  #hasRoom(): boolean {
    // The first lane counts as being read even between its pages: it goes on at any moment.
    const reading = this.#lanes.filter((lane, index) => index === 0 || lane.isPending).length;
    const size = this.#lanes.reduce((sum, lane) => sum + lane.size, 0);
    return (
      reading < this.#bounds.concurrency &&
      this.#lanes.length < this.#bounds.parents &&
      (size < this.#bounds.size || this.#lanes.length === 0)
    );
  }

  async #until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) {
      await this.#change.next();
    }
  }
}

/** Lets several wait until something may have changed. */
export class Change {
  #waiting: (() => void)[] = [];

  /** Ends with the next `told`. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  told(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
