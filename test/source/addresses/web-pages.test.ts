import { describe, expect, it } from '@jest/globals';
import { CloudAddresses } from '../../../src/source/cloud/addresses.js';
import { serverPages } from '../../../src/source/server/addresses.js';

/** `project PAY`; null: no address. */
function named(pages: { addressOf(link: string): { name: string } | null }, link: string) {
  return pages.addressOf(link)?.name ?? null;
}

describe('links of Data Center', () => {
  it.each([
    ['project', ['PAY'], 'https://git.example.com/projects/PAY', 'https://git.example.com'],
    [
      'repository',
      ['PAY', 'api'],
      'https://example.com/tools/git/projects/PAY/repos/api/browse',
      'https://example.com/tools/git',
    ],
    [
      'repository',
      ['~JDOE', 'dot files'],
      'http://localhost:7990/users/jdoe/repos/dot%20files/browse',
      'http://localhost:7990',
    ],
    ['user', ['jdoe'], 'https://git.example.com/users/jdoe', 'https://git.example.com'],
  ] as const)('are learned from a living %s', (kind, segments, link, prefix) => {
    const pages = serverPages('https://api.example.com');
    pages.learn(kind, segments, link);
    expect(pages.prefixes).toEqual([prefix]);
  });

  it.each([
    ['another project', ['PAY'], 'https://git.example.com/projects/WEB'],
    ['no page that we know', ['PAY'], 'https://git.example.com/plugins/PAY'],
    ['no link', ['PAY'], null],
    ['no URL', ['PAY'], 'projects/PAY'],
    ['another scheme', ['PAY'], 'ssh://git.example.com/projects/PAY'],
    ['nothing', [''], 'https://git.example.com/projects/'],
  ])('teach nothing where they lead to %s', (_, segments, link) => {
    const pages = serverPages('https://api.example.com');
    pages.learn('project', segments, link);
    expect(pages.prefixes).toEqual([]);
    expect(pages.addressOf('https://git.example.com/projects/PAY')).toBeNull();
  });

  const base = 'https://example.com/git';
  it.each([
    ['/projects/PAY', 'project PAY'],
    ['/projects/PAY/', 'project PAY'],
    ['/projects/PAY/repos/api', 'repository PAY/api'],
    ['/projects/PAY/repos/api/browse', 'repository PAY/api'],
    ['/users/jdoe', 'user jdoe'],
    ['/users/jdoe/repos/dots', 'repository ~jdoe/dots'],
    ['/users/jdoe/repos/dots/browse', 'repository ~jdoe/dots'],
    ['/projects/PAY/repos/api/pull-requests/7', 'pull request 7 of PAY/api'],
    ['/projects/PAY/repos/api/pull-requests/7/overview', 'pull request 7 of PAY/api'],
    ['/users/jdoe/repos/dots/pull-requests/7', 'pull request 7 of ~jdoe/dots'],
    ['/projects/PAY/repos/api/browse/src/main.ts', 'part browse/src/main.ts of PAY/api'],
    [
      '/projects/PAY/repos/api/browse?at=refs%2Fheads%2Fnext',
      'part browse?at=refs%2Fheads%2Fnext of PAY/api',
    ],
    ['/projects/PAY/repos/api?at=next', null],
    ['/projects/PAY?avatar', null],
    ['/projects', null],
    ['/projects/PAY/settings', null],
    ['/projects/PAY/repos/a%2Fb', null],
    // What a browser makes of it.
    ['/projects/PAY/repos/%2e%2e', 'project PAY'],
    ['/projects/PAY/repos/%E0%A4%A', null],
    ['/projects/PAY/repos/api/pull-requests/7%2F..%2F8', null],
  ])('%s leads to %s', (path, name) => {
    const pages = serverPages('https://api.example.com');
    pages.learn('project', ['OPS'], `${base}/projects/OPS`);
    expect(named(pages, `${base}${path}`)).toBe(name);
  });

  it.each([
    'https://example.com/projects/PAY',
    'https://example.com/gitea/projects/PAY',
    'https://git.example.com/git/projects/PAY',
    'http://example.com/git/projects/PAY',
    'https://example.com.evil.test/git/projects/PAY',
    'https://example.co/git/projects/PAY',
    'https://example.com:8443/git/projects/PAY',
    'not a link',
    '',
  ])('%s leads elsewhere', (link) => {
    const pages = serverPages('https://api.example.com');
    pages.learn('project', ['OPS'], `${base}/projects/OPS`);
    expect(pages.addressOf(link)).toBeNull();
  });

  it('lie below the base of the API as long as nothing living tells otherwise', () => {
    const pages = serverPages(base);
    expect(named(pages, `${base}/projects/PAY`)).toBe('project PAY');
    expect(pages.addressOf('https://example.com/projects/PAY')).toBeNull();

    pages.learn('project', ['OPS'], 'https://git.example.com/projects/OPS');
    expect(pages.addressOf(`${base}/projects/PAY`)).toBeNull();
  });

  it('are one address whatever their case, with all that they are below', () => {
    const pages = serverPages('https://api.example.com');
    pages.learn('project', ['OPS'], `${base}/projects/OPS`);
    const one = pages.addressOf(`${base}/projects/PAY/repos/api/pull-requests/7`);
    const other = pages.addressOf(`${base}/projects/pay/repos/API/pull-requests/7`);
    expect(other?.key).toBe(one?.key);
    expect(other?.parent?.key).toBe(one?.parent?.key);
    expect(one?.parent?.name).toBe('repository PAY/api');
    expect(one?.parent?.parent?.name).toBe('project PAY');
    expect(one?.parent?.parent?.parent).toBeNull();
  });
});

describe('links of Bitbucket Cloud', () => {
  const web = 'https://bitbucket.org';
  const api = new URL('https://api.example.com/2.0');
  const item = (link: string) => ({ key: '1', link, value: {} });

  function learned(workspace = 'acme'): CloudAddresses {
    const addresses = new CloudAddresses(workspace, api);
    const segments = ['acme', 'api'];
    addresses.learn('repository', { segments, item: item(`${web}/acme/api`) });
    return addresses;
  }

  it.each([
    ['/acme/site', 'repository acme/site'],
    ['/ACME/Site', 'repository ACME/Site'],
    ['/acme/workspace/projects/PAY', 'project acme/PAY'],
    ['/acme/site/pull-requests/7', 'pull request 7 of acme/site'],
    ['/acme/site/src/main/README.md', 'part src/main/README.md of acme/site'],
    ['/acme/workspace/settings', null],
    // The page of a person is in no workspace either: only what users feed is asked for there.
    ['/acme', 'user acme/acme'],
    ['/other/site', null],
    ['/other/workspace/projects/PAY', null],
  ])('%s leads to %s', (path, name) => {
    expect(learned().of(`${web}${path}`)?.name ?? null).toBe(name);
  });

  it.each(['https://example.com/acme/site', 'http://bitbucket.org/acme/site', 'acme/site'])(
    '%s leads elsewhere',
    (link) => {
      expect(learned().of(link)).toBeNull();
    },
  );

  it('tell the slug of a workspace that is set by its UUID', () => {
    const uuid = '{0f4b2c5a-0000-4000-8000-000000000000}';
    expect(learned(uuid).of(`${web}/acme/site`)?.key).toBe('repository acme/site');
    expect(learned(uuid).of(`${web}/other/site`)).toBeNull();
  });

  it('teach nothing in another workspace', () => {
    const addresses = new CloudAddresses('acme', api);
    addresses.learn('repository', { segments: ['other', 'api'], item: item(`${web}/other/api`) });
    expect(addresses.of(`${web}/acme/site`)).toBeNull();
  });

  it('lie beside the API as long as nothing living tells otherwise', () => {
    const addresses = new CloudAddresses('acme', new URL('https://api.bitbucket.org/2.0'));
    expect(addresses.of(`${web}/acme/site`)?.name).toBe('repository acme/site');
  });

  it('of one project are enough', () => {
    const addresses = new CloudAddresses('acme', api);
    const link = `${web}/acme/workspace/projects/PAY`;
    addresses.learn('project', { segments: ['acme', 'PAY'], item: item(link) });
    expect(addresses.of(`${web}/acme/site`)?.name).toBe('repository acme/site');
  });

  it('of a repository and a project of one name are two addresses', () => {
    const addresses = learned();
    const repository = addresses.of(`${web}/acme/pay`);
    const project = addresses.of(`${web}/acme/workspace/projects/PAY`);
    expect(repository?.key).not.toBe(project?.key);
    expect(repository?.parent).toBeNull();
  });
});
