import { describe, expect, it } from '@jest/globals';
import type { Problem } from '../../src/problems/problem.js';
import { asSpelled } from '../../src/settings/shown-settings.js';
import { DEFAULT_ORIGIN, type Origin } from '../../src/settings/spelling.js';

const refused: Problem = {
  code: 'credentials-refused',
  side: 'port',
  variables: ['PORT_CLIENT_ID', 'PORT_CLIENT_SECRET', 'NO_SUCH_SETTING'],
  origin: 'https://api.getport.io',
  reason: '401',
};
const inFile: Origin = { layer: 'env-file', spelling: 'OCEAN__PORT__CLIENT_ID', file: '.env' };

const factsOf = (
  origins: ReadonlyMap<string, Origin>,
  oddLooks: ReadonlyMap<string, string> = new Map(),
) => ({ origins, oddLooks });

describe('asSpelled', () => {
  it('names settings where the user set them, and others as they are known', () => {
    const origins = new Map([
      ['port.clientId', inFile],
      ['port.clientSecret', DEFAULT_ORIGIN],
    ]);
    expect(asSpelled(refused, factsOf(origins))).toEqual({
      ...refused,
      variables: ['OCEAN__PORT__CLIENT_ID in .env', 'PORT_CLIENT_SECRET', 'NO_SUCH_SETTING'],
    });
  });

  it('tells what looks wrong about the first of the values that were refused', () => {
    const origins = new Map([['port.clientId', inFile]]);
    const looks = new Map([
      ['port.clientId', 'stands in quotes'],
      ['port.clientSecret', 'begins or ends with white space'],
      ['sync.jqPath', 'looks like the path of a file'],
    ]);
    expect(asSpelled(refused, factsOf(origins, looks))).toMatchObject({
      look: 'OCEAN__PORT__CLIENT_ID in .env stands in quotes',
    });
  });

  it('names an address that a server showed to be wrong where the user set it', () => {
    const problem: Problem = {
      code: 'setting-invalid',
      spelling: 'PORT_BASE_URL',
      reason: 'does not answer as the Port API',
    };
    const origin: Origin = { layer: 'yaml', spelling: 'port.baseUrl', file: 'ours.yml' };
    expect(asSpelled(problem, factsOf(new Map([['port.baseUrl', origin]])))).toEqual({
      ...problem,
      spelling: 'port.baseUrl in ours.yml',
    });
  });

  it('names the address of a server that does not answer where the user set it', () => {
    const problem: Problem = {
      code: 'server-unavailable',
      side: 'bitbucket',
      subject: 'projects',
      reason: 'connection refused',
      address: 'BITBUCKET_BASE_URL',
    };
    const origin: Origin = { layer: 'environment', spelling: 'BITBUCKET_HOST', file: null };
    const origins = new Map([['integration.config.bitbucketBaseUrl', origin]]);
    expect(asSpelled(problem, factsOf(origins))).toEqual({ ...problem, address: 'BITBUCKET_HOST' });
  });

  it('leaves other problems alone', () => {
    const problem: Problem = { code: 'usage-invalid', reason: 'PORT_CLIENT_ID' };
    expect(asSpelled(problem, factsOf(new Map([['port.clientId', inFile]])))).toBe(problem);
  });
});
