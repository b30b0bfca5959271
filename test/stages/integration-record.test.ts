import { describe, expect, it } from '@jest/globals';
import {
  mappingOrigin,
  type IntegrationRecord,
  type MappingOrigin,
} from '../../src/stages/choose-mapping.js';
import { isInitialized, takenOverFrom } from '../../src/stages/integration-record.js';

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
      resync: { status: null, lastResyncStart: null, lastResyncEnd: null },
      ...difference,
    },
  };
}

describe('takenOverFrom', () => {
  it.each<[string, IntegrationRecord, string | null]>([
    ['ours', found({}), null],
    ['ours of another version', found({ version: 'bitbucket-port-0.0.1' }), null],
    ['of Port’s own exporter', found({ version: '0.4.12' }), '0.4.12'],
    [
      'of a program that is called alike',
      found({ version: 'my-bitbucket-port-1' }),
      'my-bitbucket-port-1',
    ],
    ['without a version', found({ version: null }), 'an unknown program'],
    ['missing', { status: 'missing' }, null],
    ['unreadable, which may be anything', { status: 'unreadable' }, 'an unknown program'],
  ])('of a record %s', (_name, record, expected) => {
    expect(takenOverFrom(record)).toBe(expected);
  });
});

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
});
