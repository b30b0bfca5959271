import type { UpsertOutcome } from '../../src/port/upsert.js';
import type { EntityWriter, Outgoing } from '../../src/stages/entity-writer.js';

/** Takes entities as Port would, and answers what the test says: that all were created. */
export class FakeWriter implements EntityWriter {
  readonly sent: Outgoing[] = [];
  outcome: UpsertOutcome = { type: 'created' };
  #answered = 0;

  write(entity: Outgoing): Promise<void> {
    this.sent.push(entity);
    return Promise.resolve();
  }

  finish(): Promise<void> {
    const waiting = this.sent.slice(this.#answered);
    this.#answered = this.sent.length;
    for (const { settle } of waiting) settle(this.outcome);
    return Promise.resolve();
  }
}
