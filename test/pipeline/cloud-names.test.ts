import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/model/json.js';
import { aCommit, aCompany } from '../world/a-company.js';
import { startCloudWorld, type CloudWorld } from '../world/a-cloud-world.js';

let world: CloudWorld;
let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'cloud-names-'));
});

afterEach(async () => {
  await world.close();
  await rm(cwd, { recursive: true });
});

const NAME = 'My "Repo" é';
const SLUG = 'my-repo-e';

/** A repository that is awkward in every way that is allowed; its main branch has a slash. */
const company = () =>
  aCompany()
    .withRepository('PAY', SLUG, {
      name: NAME,
      defaultBranch: 'feature/x',
      files: {
        'README.md': '# Mine',
        'docs/a b#c.md': '# Awkward',
        'services/shop/port.yml': 'name: shop\n',
        'services/shop/README.md': '# Shop',
      },
      commits: [aCommit()],
    })
    .withPullRequest('PAY', SLUG, { id: 1 })
    .build();

const BLUEPRINT = {
  identifier: 'thing',
  title: 'Thing',
  schema: {
    properties: Object.fromEntries(
      ['readme', 'awkward', 'name', 'branch'].map((name) => [name, { type: 'string' }]),
    ),
  },
};

/** One resource whose entities go into one blueprint. */
function mappingOf(kind: string, selector: JsonObject, entity: JsonObject): JsonObject {
  const mappings = { blueprint: '"thing"', ...entity };
  return { resources: [{ kind, selector, port: { entity: { mappings } } }] };
}

async function syncWith(mapping: JsonObject, flags = '') {
  world = await startCloudWorld(company());
  world.port.putBlueprint(BLUEPRINT);
  await writeFile(path.join(cwd, 'mapping.yml'), JSON.stringify(mapping));
  return await world.run(`sync --mapping mapping.yml${flags}`, { cwd });
}

const things = () =>
  world.port.entities('thing').map(({ identifier, properties }) => ({ identifier, ...properties }));

describe('a repository whose name differs from its slug, on a branch with a slash', () => {
  it('is loaded by the default mapping under its slug, as Port refuses its name', async () => {
    world = await startCloudWorld(company());

    const { exitCode } = await world.run('sync --strict');

    expect(exitCode).toBe(0);
    expect(world.port.entity('bitbucketRepository', SLUG)).toMatchObject({
      title: NAME,
      properties: { readme: '# Mine', defaultBranch: 'feature/x' },
    });
    expect(world.port.entity('bitbucketPullRequest', `${SLUG}1`)?.relations).toMatchObject({
      repository: SLUG,
    });
  });

  it('gives the files that a selector includes', async () => {
    const { exitCode } = await syncWith(
      mappingOf(
        'repository',
        { includedFiles: ['README.md', 'docs/a b#c.md', 'none.md'] },
        {
          identifier: '.slug',
          properties: {
            readme: '.__includedFiles["README.md"]',
            awkward: '.__includedFiles["docs/a b#c.md"]',
            name: '.__includedFiles["none.md"]',
          },
        },
      ),
    );

    expect(exitCode).toBe(0);
    expect(things()).toEqual([
      { identifier: SLUG, readme: '# Mine', awkward: '# Awkward', name: null },
    ]);
  });

  it('gives its folders, with files', async () => {
    const { exitCode } = await syncWith(
      mappingOf(
        'folder',
        {
          folders: [{ path: 'services/*', repos: [{ name: NAME, branch: 'feature/x' }] }],
          includedFiles: ['docs/a b#c.md'],
        },
        {
          identifier: '.folder.path',
          properties: {
            branch: '.branch',
            name: '.repo.name',
            awkward: '.__includedFiles["docs/a b#c.md"]',
          },
        },
      ),
    );

    expect(exitCode).toBe(0);
    expect(things()).toEqual([
      { identifier: 'services/shop', branch: 'feature/x', name: NAME, awkward: '# Awkward' },
    ]);
  });

  it('gives its files, found by a listing and directly', async () => {
    const { exitCode } = await syncWith(
      mappingOf(
        'file',
        { files: { path: '**', filenames: ['*.yml'], repos: [SLUG] } },
        {
          identifier: '.metadata.path',
          properties: { name: '.content.name', branch: '.branch' },
        },
      ),
    );

    expect(exitCode).toBe(0);
    expect(things()).toEqual([
      { identifier: 'services/shop/port.yml', name: 'shop', branch: 'feature/x' },
    ]);
  });

  it('gives a single file whose name has to be encoded', async () => {
    const { exitCode } = await syncWith(
      mappingOf(
        'file',
        { files: { path: 'docs', filenames: ['a b#c.md'], repos: [NAME], skipParsing: true } },
        { identifier: '.repo.slug', properties: { awkward: '.content' } },
      ),
    );

    expect(exitCode).toBe(0);
    expect(things()).toEqual([{ identifier: SLUG, awkward: '# Awkward' }]);
  });
});

describe('file:// in a mapping', () => {
  const mapping = mappingOf(
    'repository',
    { query: 'true' },
    {
      identifier: '.slug',
      properties: {
        readme: 'file://README.md',
        awkward: 'file://docs/a b#c.md',
        name: 'file://none.md',
      },
    },
  );

  it('still reads the file, and shows the spelling that stays, even with --strict', async () => {
    const { exitCode, result } = await syncWith(mapping, ' --strict');

    expect(exitCode).toBe(0);
    expect(things()).toEqual([
      { identifier: SLUG, readme: '# Mine', awkward: '# Awkward', name: null },
    ]);
    expect(result).toContain('properties.readme is file://README.md');
    expect(result).toContain('.__includedFiles["README.md"], and add includedFiles: ["README.md"]');
  });

  it('counts from the folder where a folder is mapped', async () => {
    const { exitCode } = await syncWith(
      mappingOf(
        'folder',
        { folders: [{ path: 'services/*' }] },
        { identifier: '.folder.path', properties: { readme: 'file://README.md' } },
      ),
    );

    expect(exitCode).toBe(0);
    expect(things()).toEqual([{ identifier: 'services/shop', readme: '# Shop' }]);
  });

  it('keeps what Port holds while the file cannot be read', async () => {
    await syncWith(mapping);
    world.bitbucket.fail({
      when: ({ path: asked }) => asked.endsWith('/README.md'),
      fault: { type: 'answer', answer: { status: 403, body: 'no' } },
    });

    const { exitCode } = await world.run('sync --mapping mapping.yml', { cwd });

    expect(exitCode).toBe(4);
    expect(things()[0]).toMatchObject({ readme: '# Mine', awkward: '# Awkward' });
  });
});
