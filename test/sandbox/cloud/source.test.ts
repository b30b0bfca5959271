import { describe, expect, it } from '@jest/globals';
import { aCommit, aCompany } from '../../world/a-company.js';
import { column, errorSchema, member, messageOf } from './a-cloud.js';
import { startsCloud } from './started.js';

const start = startsCloud();

const old = aCommit({ id: '0'.repeat(40), at: 1, files: { 'README.md': 'as it was' } });
const tip = aCommit({ id: '1'.repeat(40), at: 2 });
const feature = aCommit({ id: '2'.repeat(40), at: 3 });
const company = aCompany()
  .withRepository('PAY', 'api', {
    commits: [tip, old],
    files: {
      'README.md': '# Größe\r\n',
      'empty.txt': '',
      'docs/a b#c.md': 'odd',
      'docs/deep/er/z.yml': 'z: 1\n',
    },
    specialFiles: {
      'logo.png': { type: 'binary', bytes: Uint8Array.of(0, 255, 10) },
      'run.sh': { type: 'executable', text: '#!/bin/sh\n' },
      link: { type: 'symlink', target: 'docs' },
      'docs/vendor': { type: 'submodule', commit: 'a'.repeat(40) },
      'big.bin': { type: 'lfs', oid: 'b'.repeat(64), size: 5_000_000 },
    },
    branches: { 'feature/x': { files: { 'README.md': 'new' }, commit: feature } },
  })
  .build();
const source = '/repositories/acme/api/src';
const root = `${source}/main/`;

describe('a file', () => {
  it.each([
    [`${root}README.md`, '# Größe\r\n'],
    [`${root}empty.txt`, ''],
    [`${root}docs/a%20b%23c.md`, 'odd'],
    [`${root}run.sh`, '#!/bin/sh\n'],
    [`${root}link`, 'docs'],
    [`${source}/${tip.id}/README.md`, '# Größe\r\n'],
    [`${source}/${tip.id.slice(0, 12)}/README.md`, '# Größe\r\n'],
    [`${source}/${old.id}/README.md`, 'as it was'],
    [`${source}/${feature.id}/README.md`, 'new'],
  ])('at %s is its text', async (path, text) => {
    const { get } = await start({ company });
    const got = await get(path);
    expect(got.status).toBe(200);
    expect(got.text).toBe(text);
    expect(got.headers.get('content-type')).toBe('text/plain');
  });

  it('is told apart by an ETag of its bytes', async () => {
    const { get } = await start({ company });
    const tags = ['main/README.md', `${tip.id}/README.md`, `${feature.id}/README.md`];
    const [one, same, other] = await Promise.all(
      tags.map(async (path) => (await get(`${source}/${path}`)).headers.get('etag')),
    );
    expect(one).toBe(same);
    expect(one).not.toBe(other);
  });

  it('comes byte for byte when it is binary', async () => {
    const { server } = await start({ company });
    const response = await fetch(`${server.url}${root}logo.png`, {
      headers: { authorization: 'Bearer workspace-secret' },
    });
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(Uint8Array.of(0, 255, 10));
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
  });

  it('is elsewhere when LFS keeps it', async () => {
    const { get } = await start({ company, mediaUrl: 'https://media.example/files' });
    const got = await get(`${root}big.bin`);
    expect(got.status).toBe(301);
    expect(got.headers.get('location')).toBe(`https://media.example/files/${'b'.repeat(64)}`);
  });

  it('is described with format=meta, and so is a directory', async () => {
    const { get, server } = await start({ company });
    expect((await get(`${root}docs/a%20b%23c.md?format=meta`)).body).toMatchObject({
      type: 'commit_file',
      path: 'docs/a b#c.md',
      size: 3,
      attributes: [],
      commit: { hash: tip.id },
      links: { self: { href: `${server.url}${source}/${tip.id}/docs/a%20b%23c.md` } },
    });
    expect((await get(`${root}docs/?format=meta`)).body).toMatchObject({
      type: 'commit_directory',
      path: 'docs',
    });
  });

  it.each([
    ['a branch with a slash', 'feature/x/README.md', 'feature'],
    ['one whose slash is encoded', 'feature%2Fx/README.md', 'feature'],
    ['too short a hash', '111111/README.md', '111111'],
    ['an unknown hash', '3333333/README.md', '3333333'],
  ])('is not found by %s', async (_, path, revision) => {
    const { get, server } = await start({ company });
    const { status, body } = await get(`${source}/${path}`);
    expect(status).toBe(404);
    expect(errorSchema.parse(body).error).toEqual({
      message: 'Commit not found',
      data: { shas: [revision] },
    });
    expect(server.violations).toEqual([]);
  });
});

describe('a directory', () => {
  const top = ['README.md', 'big.bin', 'docs', 'empty.txt', 'link', 'logo.png', 'run.sh'];
  const second = ['docs/a b#c.md', 'docs/deep', 'docs/vendor'];

  it.each([
    ['', top],
    ['?max_depth=1', top],
    ['?max_depth=2', [...top, ...second]],
    ['?max_depth=9', [...top, ...second, 'docs/deep/er', 'docs/deep/er/z.yml']],
    ['docs', second],
    ['docs/', second],
    ['docs/?max_depth=2', [...second, 'docs/deep/er']],
  ])('at %p lists level by level', async (path, paths) => {
    const { rows } = await start({ company });
    expect(column(await rows(`${root}${path}`), 'path')).toEqual(paths);
  });

  it('tells what is not plain text', async () => {
    const { rows } = await start({ company });
    const found = await rows(`${root}?max_depth=2`);
    const told = found.map((row) => [
      member(row, 'path'),
      member(row, 'type'),
      member(row, 'attributes'),
      member(row, 'size'),
    ]);
    expect(told).toEqual(
      expect.arrayContaining([
        ['docs', 'commit_directory', undefined, undefined],
        ['README.md', 'commit_file', [], 11],
        ['empty.txt', 'commit_file', [], 0],
        ['logo.png', 'commit_file', ['binary'], 3],
        ['run.sh', 'commit_file', ['executable'], 10],
        ['link', 'commit_file', ['link'], 4],
        ['docs/vendor', 'commit_file', ['subrepository'], 40],
        ['big.bin', 'commit_file', ['lfs'], 5_000_000],
      ]),
    );
    expect(new Set(column(found, 'commit', 'hash'))).toEqual(new Set([tip.id]));
  });

  it('is listed in pages', async () => {
    const { pages } = await start({ company });
    const found = await pages(`${root}?max_depth=2&pagelen=4`);
    expect(found.map(({ values }) => values.length)).toEqual([4, 4, 2]);
  });

  it('times out beyond the depth that the server manages', async () => {
    const { get } = await start({ company, deepestListing: 2 });
    expect((await get(`${root}?max_depth=2`)).status).toBe(200);
    const got = await get(`${root}?max_depth=3`);
    expect(got.status).toBe(555);
    expect(messageOf(got)).toContain('max_depth');
  });
});

describe('a branch', () => {
  it.each(['feature/x', 'feature%2Fx'])(
    'is found by name, whatever its slashes: %s',
    async (name) => {
      const { get } = await start({ company });
      const { body } = await get(`/repositories/acme/api/refs/branches/${name}`);
      expect(body).toMatchObject({ name: 'feature/x', target: { hash: feature.id } });
    },
  );

  it('is listed with the default one, and its commit with the others', async () => {
    const { rows, get } = await start({ company });
    const branches = await rows('/repositories/acme/api/refs/branches');
    expect(column(branches, 'name')).toEqual(['feature/x', 'main']);
    const commits = await rows('/repositories/acme/api/commits');
    expect(column(commits, 'hash')).toEqual([feature.id, tip.id, old.id]);
    const { body } = await get(`/repositories/acme/api/commit/${old.id.slice(0, 7)}`);
    expect(member(body, 'hash')).toBe(old.id);
  });
});
