import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/model/json.js';
import { RelationRecord } from '../../src/stages/resource-tally.js';
import { anEntity } from '../reconcile/a-blueprint.js';

/** What one repository's items say of `repository`. */
function seen(...values: readonly JsonObject[]): string | null | undefined {
  const record = new RelationRecord();
  for (const relations of values) record.add('PAY/api', anEntity({ relations }));
  return record.sightings('service').get('repository')?.get('PAY/api');
}

describe('RelationRecord', () => {
  it.each<[string, readonly JsonObject[], string | null | undefined]>([
    ['one value', [{ repository: 'api' }], 'api'],
    ['the same value again', [{ repository: 'api' }, { repository: 'api' }], 'api'],
    ['a list of one', [{ repository: ['api'] }], 'api'],
    ['two values', [{ repository: 'api' }, { repository: 'web' }], null],
    [
      'two values and the first again',
      [{ repository: 'a' }, { repository: 'b' }, { repository: 'a' }],
      null,
    ],
    ['none, then a value', [{ repository: null }, { repository: 'api' }], null],
    ['a value, then none', [{ repository: 'api' }, { repository: null }], null],
    ['a list of two', [{ repository: ['api', 'web'] }], null],
    ['a search query', [{ repository: { combinator: 'and' } }], null],
    ['nothing of the relation', [{ owner: 'ada' }], undefined],
  ])('of %s remembers what all agree on', (_name, values, expected) => {
    expect(seen(...values)).toBe(expected);
  });

  it('keeps repositories, relations and blueprints apart', () => {
    const record = new RelationRecord();
    record.add('PAY/api', anEntity({ relations: { repository: 'api', source: 'fork' } }));
    record.add('PAY/web', anEntity({ relations: { repository: 'web' } }));
    record.add('PAY/api', anEntity({ blueprint: 'user', relations: { repository: 'other' } }));
    const service = record.sightings('service');
    expect(service.get('repository')).toEqual(
      new Map([
        ['PAY/api', 'api'],
        ['PAY/web', 'web'],
      ]),
    );
    expect(service.get('source')).toEqual(new Map([['PAY/api', 'fork']]));
    expect(record.sightings('nothing').size).toBe(0);
  });
});
