import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Company } from '../../src/sandbox/company/company.js';
import { changeRepository } from '../../src/sandbox/company/changes.js';
import { exampleFolders } from '../examples/example-folder.js';
import { aDataCenter, type ExampleWorld, runIn } from '../examples/example-world.js';
import { aCompany } from '../world/a-company.js';
import { startCloudWorld } from '../world/a-cloud-world.js';
import { startServerWorld } from '../world/a-world.js';
import { aBlueprintBody } from './loading-world.js';

const SERVICE = 'blueprint: gitopsService';

const worlds = { Cloud: startCloudWorld, 'Data Center': startServerWorld };

const mapping = {
  resources: [
    {
      kind: 'file',
      selector: {
        query: 'true',
        files: { path: '/', filenames: ['port.yml'] },
        blueprints: ['service', 'library'],
      },
      port: {
        itemsToParse: '.content | if type == "array" then . else [.] end',
        itemsToParseName: 'entity',
        itemsToParseTopLevelTransform: false,
        entity: {
          mappings: {
            identifier: '.entity.identifier',
            blueprint: '.entity.blueprint',
            title: '.entity.title',
            properties: { url: '.entity.url' },
          },
        },
      },
    },
  ],
};

const entity = (blueprint: string, identifier: string): string =>
  `- blueprint: ${blueprint}\n  identifier: ${identifier}\n  url: file://url.txt\n`;

const files = {
  shop: entity('service', 'shop') + entity('library', 'ui'),
  api: 'blueprint: service\nidentifier: api\ntitle: API\n',
};

describe.each(Object.entries(worlds))('entities that files of %s describe', (_, start) => {
  let world: Awaited<ReturnType<typeof start>>;
  let company: Company;
  let cwd: string;

  beforeEach(async () => {
    cwd = await mkdtemp(path.join(tmpdir(), 'gitops-'));
    company = aCompany()
      .withRepository('PAY', 'shop', {
        files: { 'port.yml': files.shop, 'url.txt': 'https://shop.example' },
      })
      .withRepository('PAY', 'api', { files: { 'port.yml': files.api } })
      .build();
    world = await start(company);
    for (const name of ['service', 'library', 'secret']) {
      const schema = { properties: { url: { type: 'string' } } };
      world.port.putBlueprint({ ...aBlueprintBody(name), schema });
    }
    await writeFile(path.join(cwd, 'mapping.yml'), JSON.stringify(mapping));
  });

  afterEach(async () => {
    expect(world.bitbucket.violations).toEqual([]);
    await world.close();
    await rm(cwd, { recursive: true });
  });

  async function sync(options = '') {
    const line = `sync --mapping mapping.yml --deletion-threshold 1 ${options}`.trim();
    const result = await world.run(line, { cwd });
    world.clock.advance(60_000);
    return result;
  }

  function held(): readonly (readonly string[])[] {
    return ['service', 'library', 'secret'].map((name) => world.identifiers(name));
  }

  /** What a repository's port.yml holds from now on. */
  function write(slug: string, text: string): void {
    const index = company.repositories.findIndex((one) => one.slug === slug);
    const repository = company.repositories[index];
    if (repository === undefined) throw new RangeError(slug);
    const changed = { ...repository.files, 'port.yml': text };
    company.repositories[index] = { ...repository, files: changed };
  }

  it('are loaded, each into the blueprint that it names, and not written twice', async () => {
    const { exitCode, stdout, stderr } = await sync();
    expect({ exitCode, said: exitCode === 0 ? '' : stderr + stdout }).toEqual({
      exitCode: 0,
      said: '',
    });
    expect(held()).toEqual([['api', 'shop'], ['ui'], []]);
    expect(world.port.entity('service', 'shop')?.properties).toEqual({
      url: 'https://shop.example',
    });

    world.port.reset();
    expect((await sync('--strict')).exitCode).toBe(0);
    expect(world.port.writes).toEqual([]);
  });

  it('go when their file no longer describes them, or names another blueprint', async () => {
    await sync();
    write('shop', entity('library', 'shop'));

    expect((await sync()).exitCode).toBe(0);
    expect(held()).toEqual([['api'], ['shop'], []]);
  });

  it.each(['secret', 'Service', '"service "', '[service]', '{service: 1}'])(
    'are refused outside of the blueprints that the selector lists, by file and line: %s',
    async (blueprint) => {
      await sync();
      write('shop', entity(blueprint, 'admin') + entity('library', 'shop'));

      const { exitCode, result } = await sync();

      expect(exitCode).toBe(4);
      expect(result).toMatch(/port\.yml#(?:lines-)?1 names the blueprint \S/);
      expect(held()).toEqual([['api', 'shop'], ['shop', 'ui'], []]);
    },
  );

  it('are refused where others made an entity of that name', async () => {
    world.port.putEntity(
      'service',
      { identifier: 'api', title: 'By hand' },
      { datasource: 'port-ui' },
    );

    const { exitCode, result } = await sync();

    expect(exitCode).toBe(4);
    expect(result).toMatch(
      /service api is in Port already and not ours; \S+port\.yml#(?:lines-)?1 /,
    );
    expect(world.port.entity('service', 'api')?.title).toBe('By hand');
    expect(held()).toEqual([['api', 'shop'], ['ui'], []]);
  });

  it.each(['- blueprint: [', '{'.repeat(5_000), '- 1\n- identifier: x\n'])(
    'stay while their file is broken: %j',
    async (text) => {
      await sync();
      write('shop', text);

      const { exitCode, result } = await sync();

      expect(exitCode).toBe(4);
      expect(result).toContain('port.yml');
      expect(held()).toEqual([['api', 'shop'], ['ui'], []]);
    },
  );

  it('belong to the first of two files that describe them, and both are named', async () => {
    await sync();
    write('api', entity('service', 'shop'));

    const { result } = await sync();

    expect(result).toMatch(/shop\/\S*port\.yml.*api\/\S*port\.yml/);
    expect(world.port.entity('service', 'shop')?.properties).toEqual({
      url: 'https://shop.example',
    });
  });
});

describe('the mapping of examples/gitops', () => {
  const example = exampleFolders.find(({ name }) => name === 'gitops');
  let world: ExampleWorld;

  afterEach(async () => {
    await world.close();
  });

  it.each([
    ['an entry without an identifier', '- blueprint: gitopsService\n  identifer: pay\n', ['pay']],
    [
      'an identifier that is a query',
      `- {${SERVICE}, identifier: {combinator: and, rules: []}}\n`,
      ['pay'],
    ],
    ['an entry of nothing', '- \n', ['pay']],
    ['a number for an identifier', `- {${SERVICE}, identifier: 7}\n`, ['7']],
    [
      'a path into another repository',
      `- {${SERVICE}, identifier: ../api/pay}\n`,
      ['..=2Fapi=2Fpay'],
    ],
    ['nothing any more', '', []],
  ])('makes of %s what it should', async (_, text, identifiers) => {
    if (example === undefined) throw new Error('no such example');
    const company = aCompany()
      .withRepository('PAY', 'shop', { files: { 'port.yml': `${SERVICE}\nidentifier: pay\n` } })
      .build();
    world = await aDataCenter(company);
    const texts = ['description', 'tier', 'file'].map(
      (name) => [name, { type: 'string' }] as const,
    );
    const relations = { repository: 'bitbucketRepository' };
    world.port.putBlueprint(
      aBlueprintBody('bitbucketRepository', { properties: { url: { type: 'string' } } }),
    );
    for (const blueprint of ['gitopsService', 'gitopsLibrary']) {
      const short = { properties: Object.fromEntries(texts), relations };
      world.port.putBlueprint(aBlueprintBody(blueprint, short));
    }
    const sync = () => runIn(world, ['sync', '--config', example.configFile], world.variables);
    await sync();
    await sync();
    changeRepository(company, 'PAY', 'shop', { files: { 'port.yml': text } });

    const { exitCode } = await sync();

    const keeps = identifiers.includes('pay');
    expect(exitCode).toBe(keeps ? 4 : 0);
    const held = world.port.entities('gitopsService').map(({ identifier }) => identifier);
    expect(held).toEqual(identifiers.map((identifier) => `PAY/shop/${identifier}`));
  });
});
