import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/model/json.js';
import { run } from '../../src/run.js';
import { aCompany } from '../world/a-company.js';
import { aRuntime, type TestRuntime } from '../world/a-runtime.js';
import { startWorld, type World } from '../world/a-world.js';
import { IDENTIFIER, mappingOf, putMapping, resource } from './safety-world.js';

let world: World;
let cwd: string;

beforeEach(async () => {
  world = await startWorld(aCompany().withRepository('PAY', 'api').build());
  cwd = await mkdtemp(path.join(tmpdir(), 'bitbucket-port-'));
});

afterEach(async () => {
  await world.close();
  await rm(cwd, { recursive: true });
});

/** Runs a command line in a folder with some files. */
async function sync(
  line: string,
  files: Readonly<Record<string, string | Buffer>> = {},
): Promise<{ readonly exitCode: number; readonly written: TestRuntime['written'] }> {
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(cwd, name), text);
  // jq's messages differ by version: a jq of this machine must not be found.
  const env = { ...world.env, PATH: '', JQ_PATH: undefined };
  const runtime = aRuntime({ argv: line.split(' '), env, cwd, clock: world.clock });
  return { exitCode: await run(runtime), written: runtime.written };
}

const MAPPING = `resources:
  - kind: repository
    port:
      entity:
        mappings:
          identifier: .slug
          blueprint: '"service"'
`;

/** What Port may be asked before its mapping is known to be wrong. */
const writes = (): unknown => [world.port.writes, world.port.blueprints()];

describe('a mapping that is wrong', () => {
  it('is told whole, with the lines at fault, and no request is made', async () => {
    const text = `${MAPPING.replace('.slug', '.slug | (')}          titel: .name
          properties:
            readme: |
              .a
              | .b }
  - kind: reviewer
`;
    const { exitCode, written } = await sync('sync --mapping bad.yml', { 'bad.yml': text });
    expect(exitCode).toBe(2);
    expect(written.stdout).toMatchInlineSnapshot(`
      "
      error: bad.yml:6:32: resources[0].port.entity.mappings.identifier is not valid
             jq: syntax error, unexpected end of file
             6 | identifier: .slug | (
               |                      ^
      error: bad.yml:8:11: resources[0].port.entity.mappings has an unknown key titel
             (did you mean title?)
             8 | titel: .name
               | ^
      error: bad.yml:12:20: resources[0].port.entity.mappings.properties.readme is not
             valid jq: syntax error, unexpected INVALID_CHARACTER, expecting end of
             file
             12 | | .b }
                |      ^
      error: bad.yml:13:5: resources[1].port is missing
             13 | - kind: reviewer
                |   ^
      error: bad.yml:13:11: resources[1].kind is reviewer, which is no kind: the kinds
             are project, repository, pull-request, folder, file, user, group, branch,
             tag, pipeline, request
             13 | - kind: reviewer
                |         ^

      Settings or mapping are wrong, nothing was loaded (exit 2)
      "
    `);
    expect([...world.port.requests, ...world.bitbucket.requests]).toEqual([]);
  });

  it('in the settings file is told with the lines of that file', async () => {
    const text = `sync:\n  concurrency: 2\nmapping:\n${MAPPING.replace(/^/gmu, '  ')}`;
    const files = { 'bitbucket-port.yml': text.replace('.slug', '.slug |') };
    const { exitCode, written } = await sync('sync', files);
    expect(exitCode).toBe(2);
    expect(written.stdout).toMatchInlineSnapshot(`
      "
      error: mapping in bitbucket-port.yml:9:32:
             resources[0].port.entity.mappings.identifier is not valid jq: syntax
             error, unexpected end of file
             9 | identifier: .slug |
               |                    ^

      Settings or mapping are wrong, nothing was loaded (exit 2)
      "
    `);
    expect([...world.port.requests, ...world.bitbucket.requests]).toEqual([]);
  });

  it('in Port is told with its lines as YAML, and nothing is written', async () => {
    const broken: JsonObject = { identifier: '.slug', blueprint: 'service' };
    putMapping(world, mappingOf([resource('repositry', broken)]));
    const { exitCode, written } = await sync('sync');
    expect(exitCode).toBe(2);
    const told = written.stdout.replace(/\s+/gu, ' ');
    expect(told).toContain('did you mean repository?');
    expect(told).toContain('is not valid jq');
    expect(writes()).toEqual([[], []]);
  });

  it('in Port costs what it fills where an expression alone is wrong', async () => {
    const broken: JsonObject = { identifier: '.slug', blueprint: 'service', title: '.a |\n.b )' };
    putMapping(world, mappingOf([resource('repository', broken)]));
    const { exitCode, written } = await sync('sync');
    expect(exitCode).toBe(6);
    expect(written.stdout).toContain(IDENTIFIER);
    expect(written.stdout).toMatchInlineSnapshot(`
      "
      Resource   Read Same New Changed Failed Deleted Calls Time
      repository    1    0   0       0      1       0     2  0ms

      error: the mapping of integration my-bitbucket-server-integration in Port:
             resources[0].port.entity.mappings.blueprint is not valid jq: service/0 is
             not defined; no entity is made with it
             | blueprint: service
             |            ^
             > If it is a text, write '"service"'
      error: the mapping of integration my-bitbucket-server-integration in Port:
             resources[0].port.entity.mappings.title is not valid jq: syntax error,
             unexpected INVALID_CHARACTER, expecting end of file; the field is left as
             it is in Port
             | .b )
             |    ^
             > Correct it in Port; the line is as kept there, in YAML

      Failed, nothing was loaded in 0ms (exit 6): 0 new, 0 changed, 0 deleted, 0 same,
      1 failed, 3 requests to Bitbucket and 9 to Port
      "
    `);
    expect(writes()).toEqual([[], []]);
  });

  it('that is no YAML is told with its line as well', async () => {
    const text = 'resources:\n\t- kind: repository\n';
    const { exitCode, written } = await sync('sync --mapping m.yml', { 'm.yml': text });
    expect({ exitCode, ...written }).toEqual({
      exitCode: 2,
      stdout: 'Settings or mapping are wrong, nothing was loaded (exit 2)\n',
      stderr: [
        'error: m.yml:2:1: this line is indented with a tab; YAML wants spaces',
        '  2 | \\t- kind: repository',
        '    | ^',
        '',
      ].join('\n'),
    });
  });

  it.each<[string, string | Buffer]>([
    ['tabs', 'resources:\n\t- kind: repository\n'],
    ['two documents', `${MAPPING}---\n${MAPPING}`],
    ['no text', ''],
    ['comments alone', '# to be written\n'],
    ['no resources', 'resources: []\n'],
    ['a list at its root', '- kind: repository\n'],
    ['a key twice', `${MAPPING}          identifier: .name\n`],
    ['bytes of Windows-1252', Buffer.from(`${MAPPING}          title: "caf\u00e9"\n`, 'latin1')],
    ['UTF-16 without a mark', Buffer.from(MAPPING, 'utf16le')],
    ['a wrapper of the documentation', `config:\n${MAPPING.replace(/^/gmu, '  ')}`],
    ['an unknown kind', MAPPING.replace('repository', 'repo')],
  ])('with %s ends with 2 before any request', async (_, text) => {
    const { exitCode, written } = await sync('sync --mapping m.yml', { 'm.yml': text });
    expect({ exitCode, output: written.stdout + written.stderr }).toEqual({
      exitCode: 2,
      output: expect.stringMatching(/error: m\.yml(?:[:\d]*:| is) /u),
    });
    expect([...world.port.requests, ...world.bitbucket.requests]).toEqual([]);
  });

  it('shows no line of a file that holds credentials', async () => {
    const secrets = 'PORT_CLIENT_SECRET=hunter2\nBITBUCKET_TOKEN: hunter2: x\n';
    for (const format of ['text', 'json']) {
      const line = `sync --log-format ${format} --mapping .secrets`;
      const { exitCode, written } = await sync(line, { '.secrets': secrets });
      expect(exitCode).toBe(2);
      expect(written.stdout + written.stderr).not.toContain('hunter2');
    }
  });
});

describe('a mapping that is right', () => {
  it.each([
    ['with a byte order mark', `\ufeff${MAPPING}`],
    ['with the line ends of Windows', MAPPING.replaceAll('\n', '\r\n')],
    [
      'as JSON',
      JSON.stringify(
        mappingOf([resource('repository', { identifier: '.slug', blueprint: '"service"' })]),
      ),
    ],
  ])('%s is accepted', async (_, text) => {
    const { written } = await sync('sync --mapping m.yml', { 'm.yml': text });
    expect(written.stderr).toContain('Mapping: m.yml');
  });
});
