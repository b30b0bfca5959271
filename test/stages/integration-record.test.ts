import { describe, expect, it } from '@jest/globals';
import { LastReads } from '../../src/model/last-reads.js';
import { WithheldSince } from '../../src/model/withheld-since.js';
import {
  mappingOrigin,
  type IntegrationRecord,
  type MappingOrigin,
} from '../../src/stages/choose-mapping.js';
import { isInitialized } from '../../src/stages/integration-record.js';

type Found = Extract<IntegrationRecord, { status: 'found' }>['integration'];

function found(difference: Partial<Found>): IntegrationRecord {
  return {
    status: 'found',
    integration: {
      identifier: 'bitbucket-prod',
      type: 'bitbucket-server',
      version: 'bitbucket-port-1.0.0',
      config: null,
      arePortResourcesInitialized: false,
      processingMode: null,
      ingest: { logs: null, metrics: null },
      resync: { status: null, lastResyncStart: null, lastResyncEnd: null },
      isHosted: false,
      spec: {},
      mark: null,
      lastReads: LastReads.NONE,
      withheld: WithheldSince.NONE,
      webhook: null,
      ...difference,
    },
  };
}

describe('isInitialized', () => {
  it('is what the record says, and no for any other', () => {
    expect(isInitialized(found({ arePortResourcesInitialized: true }))).toBe(true);
    expect(isInitialized(found({}))).toBe(false);
    expect(isInitialized({ status: 'missing' })).toBe(false);
  });
});

describe('mappingOrigin', () => {
  const fallback = { resources: ['default'] };
  const local: MappingOrigin = { value: {}, origin: 'mapping.yml', unknownKeys: 'error' };
  const config = { resources: ['in Port'] };

  it('prefers the local one, then the one in Port, then the built-in one', () => {
    expect(mappingOrigin(local, found({ config }), fallback)).toBe(local);
    expect(mappingOrigin(null, found({ config }), fallback)).toEqual({
      value: config,
      origin: 'the mapping of integration bitbucket-prod in Port',
      unknownKeys: 'warning',
    });
    expect(mappingOrigin(null, found({}), fallback).value).toBe(fallback);
    expect(mappingOrigin(null, { status: 'missing' }, fallback).value).toBe(fallback);
  });

  it.each([
    ['root keys alone', { deleteDependentEntities: false }],
    ['resources that are null', { deleteDependentEntities: false, resources: null }],
  ])('adds what a mapping in Port with %s says to the built-in one', (_, held) => {
    expect(mappingOrigin(null, found({ config: held }), fallback)).toEqual({
      value: { resources: ['default'], deleteDependentEntities: false },
      origin:
        'the built-in default mapping, with the other keys of integration bitbucket-prod in Port',
      unknownKeys: 'warning',
    });
  });

  it.each([
    ['no resources at all', { resources: [] }],
    ['a mapping below another key', { config: { resources: [] } }],
  ])('leaves a mapping in Port with %s to be refused', (_, held) => {
    expect(mappingOrigin(null, found({ config: held }), fallback).value).toBe(held);
  });
});
