import type { UpsertOutcome } from '../../src/port/upsert.js';
import type { Answered, Upsert } from '../../src/stages/entity-loader.js';
import type { EntityWriter } from '../../src/stages/entity-writer.js';

/** Takes entities as Port would, and answers what the test says: that all were created. */
export class FakeWriter implements EntityWriter<Upsert> {
  readonly sent: Upsert[] = [];
  outcome: UpsertOutcome = { type: 'created' };
  #waiting: readonly Upsert[] = [];
  #answered: Answered = () => undefined;

  open(answered: Answered): this {
    this.#answered = answered;
    return this;
  }

  write(entities: readonly Upsert[]): Promise<void> {
    this.sent.push(...entities);
    this.#waiting = [...this.#waiting, ...entities];
    return Promise.resolve();
  }

  finish(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#answered(
      waiting,
      waiting.map(() => this.outcome),
    );
    return Promise.resolve();
  }
}
