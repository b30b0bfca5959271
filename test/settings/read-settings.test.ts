import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readSettings, SettingsError, wholeSettings } from '../../src/settings/read-settings.js';
import type { ResolvedSettings } from '../../src/settings/settings.js';
import { COMPLETE_ENV, type Changes } from './sources.js';

let cwd = '';

beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'bitbucket-port-'));
});

afterEach(async () => {
  await rm(cwd, { recursive: true });
});

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(cwd, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

function read({ flags = {}, env = {} }: Changes = {}): Promise<ResolvedSettings> {
  return readOnly({ flags, env: { ...COMPLETE_ENV, ...env } });
}

/** Nothing is set but what the test sets. */
async function readOnly({ flags = {}, env = {} }: Changes): Promise<ResolvedSettings> {
  return wholeSettings(await readSettings({ flags, env, cwd }));
}

async function refusal(reading: Promise<unknown>): Promise<SettingsError> {
  const error: unknown = await reading.catch((thrown: unknown) => thrown);
  if (!(error instanceof SettingsError)) throw new Error('the settings were not refused');
  return error;
}

describe('lines of an .env file', () => {
  it.each<[string, string, readonly number[]]>([
    ['a name alone', 'OCEAN__SYNC__RETRIES 2\nA=1\n', [1]],
    ['an export without a value', '\uFEFFA=1\r\nexport A\r\n', [2]],
    ['a secret on its own, and a name of two words', 'A=1\n\nhunter2\nmy name = x', [3, 4]],
    ['an address', 'https://api.getport.io', [1]],
    ['a line below a quote that does not end', 'A="x\nlost\nB=2', [2]],
    ['a line below a quote that something follows', "A='it\nlost don't\n", [2]],
    ['a line below a value of several', 'A="x\n\\" y\n z" # end\nlost', [4]],
  ])('that set nothing are told by their number: %s', async (_what, text, lines) => {
    await write({ 'x.env': text });
    const { notices } = await read({ flags: { '--env-file': 'x.env' } });
    expect(notices).toEqual(
      lines.map((line) => `x.env:${line}: this line is no NAME=value and not used`),
    );
  });

  it.each([
    ['a comment, a blank line', '# text\n\n  # text\n \t\nA=1'],
    ['export, spaces, a colon, no value', 'export A=1\n B = 2\nC: 3\nD=\nE:\n'],
    ['values of several lines', 'A="x\ny\n"\nB=\'x\n# y\'\nexport C=`\nx`\r\nD=2 # text\n'],
    ['a quote within', "A=it's\nB=\"it's\"\nC='x' # it's\n"],
    ['nothing', ''],
  ])('may be %s', async (_what, text) => {
    await write({ '.env': text });
    expect((await read()).notices).toEqual([]);
  });
});

describe('settings files', () => {
  it('need not be there', async () => {
    const { settings } = await read();
    expect(settings).toMatchObject({ mapping: null, authorities: [] });
  });

  it('are read where nothing names them', async () => {
    await write({
      '.env': '\uFEFF# a comment\nOCEAN__SYNC__RETRIES="2"\r\n',
      'bitbucket-port.yml': '\uFEFFsync:\n  retries: 3\n  concurrency: 3\n',
    });
    const { settings, origins } = await read();
    expect(settings.network.retries).toBe(2);
    expect(settings.sync.concurrency).toBe(3);
    expect(origins.get('sync.retries')).toEqual({
      layer: 'env-file',
      spelling: 'OCEAN__SYNC__RETRIES',
      file: '.env',
      at: { line: 2, column: 1 },
    });
  });

  it.each([
    ['UTF-16, little end first', Buffer.from('\uFEFFOCEAN__SYNC__RETRIES=2\r\n', 'utf16le')],
    ['UTF-16, big end first', Buffer.from('\uFEFFOCEAN__SYNC__RETRIES=2\r\n', 'utf16le').swap16()],
  ])('may be %s, as PowerShell writes them', async (_, bytes) => {
    await writeFile(path.join(cwd, '.env'), bytes);
    const { settings } = await read();
    expect(settings.network.retries).toBe(2);
  });

  it.each([
    ['UTF-16 without a mark', Buffer.from('OCEAN__SYNC__RETRIES=2\r\n', 'utf16le')],
    ['Latin-1', Buffer.from('BITBUCKET_PASSWORD=gr\u00fcn\n', 'latin1')],
  ])('that are %s are refused, not passed over', async (_, bytes) => {
    await writeFile(path.join(cwd, '.env'), bytes);
    const { problems } = await refusal(read());
    expect(problems).toEqual([
      {
        code: 'settings-file-unreadable',
        file: '.env',
        reason: 'it is not UTF-8 text: save it as UTF-8',
      },
    ]);
  });

  it('are replaced by those that options name', async () => {
    await write({
      '.env': 'OCEAN__SYNC__RETRIES=2',
      'bitbucket-port.yml': 'nonsense: true',
      'ci/port.env': 'OCEAN__SYNC__STRICT=true',
      'ci/port.yml': 'sync: { retries: 4 }',
    });
    const flags = { '--config': 'ci/port.yml', '--env-file': 'ci/port.env' };
    const { settings } = await read({ flags });
    expect(settings.output.strict).toBe(true);
    expect(settings.network.retries).toBe(4);
  });

  it('leave the environment of the process alone', async () => {
    await write({ '.env': 'BITBUCKET_PORT_TEST=1' });
    await read();
    expect(process.env).not.toHaveProperty('BITBUCKET_PORT_TEST');
  });

  it('may be a directory where nothing names them', async () => {
    await mkdir(path.join(cwd, '.env'));
    await expect(read()).resolves.toBeDefined();
  });

  it('must be there when an option names them, and are told together', async () => {
    await mkdir(path.join(cwd, 'folder'));
    const flags = { '--config': 'no.yml', '--env-file': 'folder' };
    const { problems } = await refusal(readOnly({ flags }));
    expect(problems).toEqual([
      { code: 'settings-file-unreadable', file: 'folder', reason: 'it is a directory' },
      { code: 'settings-file-unreadable', file: 'no.yml', reason: 'there is no such file' },
    ]);
  });

  it('that are no YAML are refused with the place, and none of their text', async () => {
    await write({ 'bitbucket-port.yml': 'port:\n  clientSecret:hunter2\n  clientId: x\n' });
    const { problems } = await refusal(read());
    expect(problems).toEqual([
      {
        code: 'settings-file-unreadable',
        file: 'bitbucket-port.yml',
        reason: 'line 2, column 3: this line has no colon',
        at: { file: 'bitbucket-port.yml', line: 2, column: 3 },
      },
    ]);
  });

  it('must hold keys', async () => {
    await write({ 'bitbucket-port.yml': '- port\n' });
    const { problems } = await refusal(read());
    expect(problems).toEqual([
      {
        code: 'settings-file-unreadable',
        file: 'bitbucket-port.yml',
        reason: 'it must hold keys and values, such as port:',
      },
    ]);
  });

  it('do not show a secret that stands in a key', async () => {
    await write({ 'bitbucket-port.yml': 'port: {clientSecret:hunter2}\n' });
    const { problems } = await refusal(read());
    expect(problems).toMatchObject([{ code: 'setting-unknown', key: 'port.clientSecret…' }]);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });
});

describe('the mapping', () => {
  it('comes from the file that an option names, as YAML types it', async () => {
    await write({ 'ci/mapping.yml': 'createMissingRelatedEntities: true\nresources: []\n' });
    const { settings } = await read({ flags: { '--mapping': 'ci/mapping.yml' } });
    expect(settings.mapping).toEqual({
      origin: 'ci/mapping.yml',
      value: { createMissingRelatedEntities: true, resources: [] },
      written: {
        text: 'createMissingRelatedEntities: true\nresources: []\n',
        below: null,
        file: 'ci/mapping.yml',
      },
    });
  });

  it('is looked for beside the settings file that names it', async () => {
    await write({
      'ci/port.yml': 'mapping: ${STAGE}/mapping.yml',
      'ci/prod/mapping.yml': 'resources: []',
    });
    const { settings } = await read({
      flags: { '--config': 'ci/port.yml' },
      env: { STAGE: 'prod' },
    });
    expect(settings.mapping?.origin).toBe(path.join('ci', 'prod', 'mapping.yml'));
  });

  it('may stand in the settings file itself', async () => {
    const mapping = 'mapping:\n  deleteDependentEntities: false\n  resources: []\n';
    await write({
      'bitbucket-port.yml': `port:\n  clientSecret: hunter2\n${mapping}sync:\n  concurrency: 2\n`,
    });
    const { settings } = await read();
    expect(settings.mapping).toEqual({
      origin: 'mapping in bitbucket-port.yml',
      value: { deleteDependentEntities: false, resources: [] },
      // In its lines, and nothing of what is around it.
      written: { text: `\n\n${mapping}`, below: 'mapping', file: 'bitbucket-port.yml' },
    });
  });

  it('that cannot be read is told beside all other problems', async () => {
    await write({ 'broken.yml': 'resources:\n  - kind: a\n\tport: b\n' });
    const flags = {
      '--mapping': 'broken.yml',
      '--ca-file': 'no.pem',
      '--concurrency': '0',
    };
    const { problems } = await refusal(read({ flags, env: { SSL_CERT_FILE: '/no/other.pem' } }));
    expect(problems).toEqual([
      {
        code: 'setting-invalid',
        spelling: '--concurrency',
        reason: 'must be a whole number from 1 to 100',
      },
      {
        code: 'mapping-invalid',
        origin: 'broken.yml',
        path: '',
        reason: 'this line is indented with a tab; YAML wants spaces',
        excerpt: { line: 3, column: 1, text: '\\tport: b', caret: 0 },
        at: { file: 'broken.yml', line: 3, column: 1 },
      },
      {
        code: 'settings-file-unreadable',
        file: 'no.pem (--ca-file)',
        reason: 'there is no such file',
      },
      {
        code: 'settings-file-unreadable',
        file: '/no/other.pem (SSL_CERT_FILE)',
        reason: 'there is no such file',
      },
    ]);
  });
});

describe('certificates', () => {
  it('are read from every file that is named', async () => {
    await write({ 'one.pem': 'one', 'two.pem': 'two', 'three.pem': 'three' });
    const { settings } = await read({
      flags: { '--ca-file': 'one.pem' },
      env: { SSL_CERT_FILE: 'two.pem', NODE_EXTRA_CA_CERTS: path.join(cwd, 'three.pem') },
    });
    expect(settings.authorities).toEqual([
      { spelling: '--ca-file', file: 'one.pem', pem: 'one' },
      { spelling: 'SSL_CERT_FILE', file: 'two.pem', pem: 'two' },
      { spelling: 'NODE_EXTRA_CA_CERTS', file: path.join(cwd, 'three.pem'), pem: 'three' },
    ]);
  });
});

describe('a variable that names a file with the value', () => {
  const secretless = { PORT_CLIENT_SECRET: undefined };

  it.each([
    ['PORT_CLIENT_SECRET_FILE', 'port.clientSecret'],
    ['OCEAN__PORT__CLIENT_SECRET_FILE', 'port.clientSecret'],
  ])('is read: %s', async (name, setting) => {
    await write({ 'run/secrets/port': 'from-a-file\n' });
    const reading = await read({ env: { ...secretless, [name]: 'run/secrets/port' } });
    expect(reading.settings.port.clientSecret).toBe('from-a-file');
    expect(reading.origins.get(setting)).toEqual({
      layer: 'environment',
      spelling: name,
      file: null,
    });
    expect(reading.secrets).toContain('from-a-file');
    expect(reading.notices).toEqual([]);
  });

  it('may stand in an .env file, and is weaker than the environment', async () => {
    await write({ token: 'from-a-file', '.env': 'BITBUCKET_TOKEN_FILE=token\n' });
    expect((await read()).settings.bitbucket).toMatchObject({
      credentials: { token: COMPLETE_ENV.BITBUCKET_TOKEN },
    });
    expect((await read({ env: { BITBUCKET_TOKEN: '' } })).settings.bitbucket).toMatchObject({
      credentials: { token: 'from-a-file' },
    });
  });

  it('is not needed where the value itself is set', async () => {
    const { settings } = await read({ env: { PORT_CLIENT_SECRET_FILE: 'nowhere' } });
    expect(settings.port.clientSecret).toBe(COMPLETE_ENV.PORT_CLIENT_SECRET);
  });

  it('must name a file that is there', async () => {
    const env = { ...secretless, PORT_CLIENT_SECRET_FILE: 'nowhere' };
    const { problems } = await refusal(read({ env }));
    expect(problems).toContainEqual({
      code: 'settings-file-unreadable',
      file: 'nowhere (PORT_CLIENT_SECRET_FILE)',
      reason: 'there is no such file',
    });
  });

  it('is no value that an unquoted # in the .env file cut short', async () => {
    await write({
      '.env': 'BITBUCKET_TOKEN=abc#def\nPORT_CLIENT_ID=id # of the bot\nPORT_CLIENT_SECRET="a#b"\n',
    });
    const env = { BITBUCKET_TOKEN: '', PORT_CLIENT_ID: '', PORT_CLIENT_SECRET: '' };
    const { oddLooks } = await read({ env });
    expect([...oddLooks]).toEqual([
      [
        'integration.secrets.bitbucketToken',
        'ends at a #, which begins a comment: put the value in quotes',
      ],
    ]);
  });
});

describe('files of the working directory', () => {
  const address = 'port: { baseUrl: https://port.example.com }\n';
  const told = /^credentials of the environment go where files of this folder say: /u;

  it('that say where credentials of the environment go are told', async () => {
    await write({ 'bitbucket-port.yml': address, '.env': 'HTTPS_PROXY=http://proxy:3128\n' });
    const { notices } = await read();
    expect(notices).toEqual([expect.stringMatching(told)]);
    expect(notices[0]).toContain('port.baseUrl in bitbucket-port.yml, HTTPS_PROXY in .env');
  });

  it('are told where they refer to credentials of the environment', async () => {
    const yaml = 'clientId: "${ID}", clientSecret: "${SECRET}", baseUrl: https://port.example.com';
    await write({
      'bitbucket-port.yml': `port: { ${yaml} }\n`,
      '.env': 'BITBUCKET_TOKEN=x\nBITBUCKET_BASE_URL=https://bitbucket.example.com\n',
    });
    const env = { ID: 'id', SECRET: 'secret' };
    const { notices } = await readOnly({ env });
    expect(notices).toEqual([expect.stringMatching(told)]);
  });

  it.each([
    [
      'hold the credentials themselves',
      {},
      `${address.slice(0, -3)}, clientId: a, clientSecret: b }`,
    ],
    ['move nothing', COMPLETE_ENV, 'sync: { retries: 2 }'],
  ])('are not told where they %s', async (_, env, yaml) => {
    const dotEnv = 'BITBUCKET_TOKEN=x\nBITBUCKET_BASE_URL=https://bitbucket.example.com\n';
    await write({
      'bitbucket-port.yml': yaml,
      ...(Object.keys(env).length === 0 ? { '.env': dotEnv } : {}),
    });
    expect((await readOnly({ env })).notices).toEqual([]);
  });

  it('are told from files of elsewhere that an option names', async () => {
    const elsewhere = await mkdtemp(path.join(tmpdir(), 'elsewhere-'));
    await writeFile(path.join(elsewhere, 'port.yml'), address);
    const flags = { '--config': path.join(elsewhere, 'port.yml') };
    expect((await read({ flags })).notices).toEqual([]);
    await rm(elsewhere, { recursive: true });
  });
});
