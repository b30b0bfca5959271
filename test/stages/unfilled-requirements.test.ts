import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/model/json.js';
import { blueprintFrom } from '../../src/port/blueprints.js';
import { unfilledRequirements } from '../../src/commands/check/check-catalog.js';
import { aMapping } from '../mapping/world.js';

const SERVICE = blueprintFrom({
  identifier: 'service',
  schema: {
    properties: {
      owner: { type: 'string' },
      tier: { type: 'string', default: 'low' },
      url: { type: 'string' },
    },
    required: ['owner', 'tier'],
  },
  relations: {
    domain: { target: 'domain', required: true, many: false },
    team: { target: 'team', required: false, many: false },
  },
});

const feed = (difference: JsonObject = {}): JsonObject => ({
  identifier: '.slug',
  blueprint: '"service"',
  ...difference,
});

function lacking(...entity: readonly JsonObject[]): readonly string[] {
  const found = unfilledRequirements(aMapping({ entity }), new Map([['service', SERVICE]]));
  return found.flatMap(({ blueprint, fields }) => fields.map((field) => `${blueprint} ${field}`));
}

describe('unfilledRequirements', () => {
  it('names what is required and has no default', () => {
    expect(lacking(feed())).toEqual(['service properties.owner', 'service relations.domain']);
  });

  it('takes what any resource of the blueprint fills', () => {
    const owner = feed({ properties: { owner: '.owner' } });
    const domain = feed({ relations: { domain: '.domain' } });
    expect(lacking(owner, domain)).toEqual([]);
  });

  it('says nothing of a blueprint that Port lacks', () => {
    expect(lacking(feed({ blueprint: '"other"' }))).toEqual([]);
  });

  it('says nothing where any item may name any blueprint', () => {
    expect(lacking(feed(), feed({ blueprint: '.kind' }))).toEqual([]);
  });
});
