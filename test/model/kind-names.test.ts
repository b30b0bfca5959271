import { describe, expect, it } from '@jest/globals';
import { KIND_NAMES } from '../../src/model/kind-names.js';
import { cloudKinds } from '../../src/source/cloud/kinds/index.js';
import { serverKinds } from '../../src/source/server/kinds/index.js';

describe('KIND_NAMES', () => {
  it('names every kind that a Bitbucket has, and no other', () => {
    expect(KIND_NAMES['bitbucket-cloud']).toEqual(cloudKinds.map(({ name }) => name));
    expect(KIND_NAMES['bitbucket-server']).toEqual(serverKinds.map(({ name }) => name));
  });
});
