import { describe, expect, it } from '@jest/globals';
import { noProxies, noProxyEntries, type Proxies, proxyRoute } from '../../src/http/proxy-route.js';

const HTTPS = { ...noProxies, httpsProxy: 'http://ann:secret@proxy.example.com:3128' };
const HTTP = { ...noProxies, httpProxy: 'http://plain.example.com:8080' };

/** The way, and the host of a proxy. */
function routeTo(address: string, proxies: Proxies): unknown {
  const route = proxyRoute(new URL(address), proxies);
  return route.type === 'proxy' ? { type: 'proxy', proxy: route.url.host } : route;
}

describe('proxyRoute', () => {
  it.each([
    ['none is set', 'https://api.getport.io', noProxies, { type: 'direct' }],
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
    [
      'this machine by its other address',
      'https://[::1]:7990',
      HTTPS,
      { type: 'bypass', because: 'it is this machine' },
    ],
  ] as const)('tells the way: %s', (_what, address, network, expected) => {
    expect(routeTo(address, network)).toEqual(expected);
  });

  it.each([
    ['example.com', true],
    ['.example.com', true],
    ['*.example.com', true],
    ['bitbucket.example.com:443', true],
    ['bitbucket.example.com:7990', false],
    ['other.com, EXAMPLE.com', true],
    ['other.com;example.com', true],
    ['ample.com', false],
    ['*', true],
    ['example.com.', true],
    ['https://bitbucket.example.com/', true],
    ['http://bitbucket.example.com:443', true],
    ['bit*.example.com', true],
    ['bit*.example.org', false],
    ['bitbucket.*', true],
    ['*.example.*', true],
    ['*cket.example.com', true],
    ['.ex*.com', true],
    ['.ex*.org', false],
  ])('knows whether NO_PROXY=%s covers a host: %s', (noProxy, isCovered) => {
    for (const address of ['https://bitbucket.example.com', 'https://bitbucket.example.com.']) {
      const route = proxyRoute(new URL(address), { ...HTTPS, noProxy });
      expect(route.type).toBe(isCovered ? 'bypass' : 'proxy');
    }
  });

  it.each([
    ['10.1.2.3', '10.1.2.3', true],
    ['10.1.2.3:443', '10.1.2.3', true],
    ['10.0.0.0/8', '10.1.2.3', true],
    ['10.0.0.0/16', '10.1.2.3', false],
    ['10.*', '10.1.2.3', true],
    ['10.*', '110.1.2.3', false],
    ['2.3', '10.1.2.3', false],
    ['fd00::/8', '[fd12::1]', true],
    ['[fd12::1]', '[fd12::1]', true],
    ['[fd12::1]:443', '[fd12::1]', true],
    ['fd12:0:0::1', '[fd12::1]', true],
    ['fd00::/8', '10.1.2.3', false],
    ['0.0.0.0/0', 'bitbucket.example.com', false],
  ])('knows whether NO_PROXY=%s covers %s: %s', (noProxy, host, isCovered) => {
    const route = proxyRoute(new URL(`https://${host}`), { ...HTTPS, noProxy });
    expect(route.type).toBe(isCovered ? 'bypass' : 'proxy');
  });

  it('takes a name as people spell it', () => {
    const noProxy = 'bücher.example';
    expect(proxyRoute(new URL('https://git.bücher.example'), { ...HTTPS, noProxy }).type).toBe(
      'bypass',
    );
  });

  it('names the entry as it was written', () => {
    const noProxy = 'other.com, HTTPS://Example.com/';
    expect(routeTo('https://example.com', { ...HTTPS, noProxy })).toEqual({
      type: 'bypass',
      because: 'NO_PROXY holds HTTPS://Example.com/',
    });
  });
});

describe('noProxyEntries', () => {
  it.each([
    '10.',
    '10.0',
    '10.0.0.0/33',
    'fd00::/129',
    '<local>',
    'exam!ple.com',
    'host/path',
    '300.1.1.1',
    '10.0.0.0/255.0.0.0',
    '*.exam!ple.*',
  ])('knows that %s covers no host', (text) => {
    expect(noProxyEntries(text)).toEqual([{ text, covers: null, port: null }]);
  });
});
