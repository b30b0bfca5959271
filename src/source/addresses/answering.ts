import { isStopped } from '../../http/http-error.js';
import type { JsonObject } from '../../model/json.js';
import type { RawItem } from '../../model/page.js';
import { httpError } from '../failure.js';
import type { Count } from '../listing/rest.js';
import type { Address, Reading } from '../source.js';
import type { Asker } from './asker.js';

/** What the listing of a reading would give for something that is there; null: it leaves it out. */
export type AsListed = (value: JsonObject, address: Address) => Promise<RawItem | null>;

/**
 * How a reading asks by address.
 * @param listed of each kind that the reading lists or stands on
 * @param reasonOf why a call failed, for a person
 */
export function answering(
  asker: Asker,
  count: Count,
  listed: ReadonlyMap<string, AsListed>,
  reasonOf: (error: ReturnType<typeof httpError>) => string,
): Reading['ask'] {
  return async (address) => {
    const asListed = listed.get(address.kind);
    if (asListed === undefined) {
      return {
        status: 'unanswered',
        reason: `${address.name} is nothing that this reading is about`,
      };
    }
    try {
      const found = await asker.find(address, count);
      if (found.status !== 'there') return found;
      return { status: 'alive', item: await asListed(found.value, address) };
    } catch (error) {
      const failure = httpError(error);
      const reason = isStopped(failure) ? 'the run was stopped' : reasonOf(failure);
      return { status: failure.failure === 'no-time' ? 'not asked' : 'unanswered', reason };
    }
  };
}
