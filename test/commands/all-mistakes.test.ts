import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from '../../src/run.js';
import { aRuntime } from '../world/a-runtime.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mistakes-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

type Files = Readonly<Record<string, string>>;

/** Runs among files; answers the exit code and the lines that begin a mistake. */
async function mistakes(line: string, files: Files) {
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  const runtime = aRuntime({ argv: line.split(' '), cwd: folder });
  const exitCode = await run(runtime);
  const lines = `${runtime.written.stderr}\n${runtime.written.stdout}`.split('\n');
  const told = lines.filter((each) => /^error: |^ {2}failure /u.test(each));
  return { exitCode, told: told.map((each) => each.replace(/^(?:error:| {2}failure) +/u, '')) };
}

const MAPPING = `resources:
  - kind: projekt
    selector:
      query: 'true'
    port:
      entity:
        mappings:
          identifier: .key | (
          blueprint: '"project"'
`;

const SETTINGS = `sync:
  concurency: 3
  timeout: soon
mapping: m.yml
`;

const SERVER = 'integration:\n  type: bitbucket-server\n';

const OF_SETTINGS = [
  expect.stringMatching(/^bitbucket-port\.yml:\d:3: unknown key sync\.concurency/u),
  expect.stringMatching(/^bitbucket-port\.yml:\d:12: sync\.timeout must be/u),
];

const OF_MAPPING = [
  expect.stringMatching(/^m\.yml:2:11: .*projekt/u),
  expect.stringMatching(/^m\.yml:8:\d+: resources\[0\]\.port\.entity\.mappings\.identifier/u),
];

describe('mistakes in settings and in the local mapping', () => {
  it.each(['sync', 'plan', 'check --offline', 'preview', 'mapping push'])(
    'are all told at once by %s, each with its place',
    async (line) => {
      const { exitCode, told } = await mistakes(line, {
        'bitbucket-port.yml': `${SERVER}${SETTINGS}`,
        'm.yml': MAPPING,
      });

      expect(exitCode).toBe(2);
      expect(told).toEqual(expect.arrayContaining([...OF_SETTINGS, ...OF_MAPPING]));
    },
  );

  it('are told as far as they hold for either Bitbucket, where nothing says which one', async () => {
    const { exitCode, told } = await mistakes('sync', {
      'bitbucket-port.yml': SETTINGS,
      'm.yml': MAPPING.replace('projekt', 'user'),
    });

    expect(exitCode).toBe(2);
    expect(told).toEqual(expect.arrayContaining([...OF_SETTINGS, OF_MAPPING[1]]));
    expect(told.join('\n')).not.toMatch(/m\.yml:2/u);
  });

  it('are those of the settings alone, where the mapping is right', async () => {
    const { exitCode, told } = await mistakes('sync --timeout soon', {
      'bitbucket-port.yml': `${SERVER}mapping: m.yml\n`,
      'm.yml': MAPPING.replace('projekt', 'project').replace(' | (', ''),
    });

    expect(exitCode).toBe(2);
    expect(told.join('\n')).toContain('--timeout must be');
    expect(told.join('\n')).not.toContain('m.yml');
  });
});
