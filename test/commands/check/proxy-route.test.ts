import { describe, expect, it } from '@jest/globals';
import { proxyRoute } from '../../../src/commands/check/proxy-route.js';

const NONE = { httpsProxy: null, httpProxy: null, noProxy: null };
const HTTPS = { ...NONE, httpsProxy: 'http://ann:secret@proxy.example.com:3128' };
const HTTP = { ...NONE, httpProxy: 'http://plain.example.com:8080' };

describe('proxyRoute', () => {
  it.each([
    ['none is set', 'https://api.getport.io', NONE, { type: 'direct' }],
    [
      'one for https, without its password',
      'https://api.getport.io',
      HTTPS,
      { type: 'proxy', proxy: 'proxy.example.com:3128' },
    ],
    ['none for http', 'http://bitbucket.example.com', HTTPS, { type: 'direct' }],
    [
      'the one for http serves https too',
      'https://api.getport.io',
      HTTP,
      { type: 'proxy', proxy: 'plain.example.com:8080' },
    ],
    [
      'this machine',
      'https://127.0.0.1:7990',
      HTTPS,
      { type: 'bypass', because: 'it is this machine' },
    ],
  ] as const)('tells the way: %s', (_what, address, network, expected) => {
    expect(proxyRoute(address, network)).toEqual(expected);
  });

  it.each([
    ['example.com', true],
    ['.example.com', true],
    ['*.example.com', true],
    ['bitbucket.example.com:443', true],
    ['bitbucket.example.com:7990', false],
    ['other.com, EXAMPLE.com', true],
    ['ample.com', false],
    ['*', true],
  ])('knows whether NO_PROXY=%s covers a host: %s', (noProxy, isCovered) => {
    const route = proxyRoute('https://bitbucket.example.com', { ...HTTPS, noProxy });
    expect(route.type).toBe(isCovered ? 'bypass' : 'proxy');
  });
});
