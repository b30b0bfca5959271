import type { UpsertOutcome } from '../../src/port/upsert.js';
import { BulkWriter, type Outgoing } from '../../src/stages/bulk-writer.js';
import { aContext } from './a-run.js';

/** Takes entities as Port would, and answers what the test says: that all were created. */
export class FakeWriter extends BulkWriter {
  readonly sent: Outgoing[] = [];
  outcome: UpsertOutcome = { type: 'created' };

  constructor() {
    const { client, signal } = aContext();
    super(client, { identifier: 'service' }, { createMissingRelatedEntities: true, signal });
  }

  override write(entity: Outgoing): Promise<void> {
    this.sent.push(entity);
    return Promise.resolve();
  }

  override finish(): Promise<void> {
    for (const { settle } of this.sent) settle(this.outcome);
    return Promise.resolve();
  }
}
