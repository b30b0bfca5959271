import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '../../src/run.js';
import { aRuntime } from '../world/a-runtime.js';
import { COMPLETE_ENV, problemsWith, resolveOnly, type Changes } from './sources.js';
import { invalid, unknown, WHOLE_ADDRESS, wrongSettings } from './wrong-settings.js';

describe('wrong settings', () => {
  it.each(wrongSettings)('%s', (_name, changes, problems) => {
    expect(problemsWith(changes)).toEqual(problems);
  });

  it('are told all at once', () => {
    const { problems, settings } = resolveOnly({
      flags: { '--concurrency': 'many' },
      env: {
        BITBUCKET_BASE_URL: 'bitbucket',
        PULL_REQUEST_STATE: 'x',
        SEND_RAW_DATA_EXAMPLES: 'x',
      },
      yaml: 'sync:\n  tiemout: 5',
    });
    expect(problems.map((problem) => ('setting' in problem ? problem.setting : problem))).toEqual([
      unknown('sync.tiemout', 'sync.timeout'),
      'a credential for Port',
      invalid('BITBUCKET_BASE_URL', `${WHOLE_ADDRESS} https://bitbucket.example.com`),
      'a credential for Bitbucket Data Center',
      invalid('PULL_REQUEST_STATE', 'must be one of ALL, OPEN, MERGED, DECLINED'),
      invalid('SEND_RAW_DATA_EXAMPLES', 'must be true or false'),
      invalid('--concurrency', 'must be a whole number from 1 to 100'),
    ]);
    expect(settings).toBeNull();
  });

  it('say why something that looks set counts as unset', () => {
    const { notices } = resolveOnly({
      env: { PORT_CLIENT_ID: '$(PORT_CLIENT_ID)', PORT_CLIENT_SECRET: '' },
    });
    expect(notices).toEqual([
      'PORT_CLIENT_ID holds a reference that was never replaced by its value',
      'PORT_CLIENT_SECRET is empty',
    ]);
  });
});

/** What the command prints for each of them, below its name. */
const TRANSCRIPTS = readFileSync(new URL('./wrong-settings.txt', import.meta.url), 'utf8');
const transcripts = new Map(
  TRANSCRIPTS.split(/^# /mu).map((part): [string, string] => {
    const end = part.indexOf('\n');
    return [part.slice(0, end), part.slice(end + 1).trimEnd()];
  }),
);

describe('the command prints for wrong settings exactly what its transcript holds', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'wrong-settings-'));
  });

  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  async function printed({ flags = {}, env, dotEnv, yaml }: Changes) {
    const cwd = await mkdtemp(path.join(folder, 'one-'));
    const variables = Object.entries(dotEnv ?? {}).map(([name, value]) => `${name}=${value}\n`);
    if (dotEnv !== undefined) await writeFile(path.join(cwd, '.env'), variables.join(''));
    if (yaml !== undefined) await writeFile(path.join(cwd, 'bitbucket-port.yml'), yaml);
    const options = Object.entries(flags).map(([name, value]) =>
      value === true ? name : `${name}=${value}`,
    );
    const runtime = aRuntime({ argv: ['sync', ...options], env: { ...COMPLETE_ENV, ...env }, cwd });
    const exitCode = await run(runtime);
    return { exitCode, stdout: runtime.written.stdout, stderr: runtime.written.stderr.trimEnd() };
  }

  it.each(wrongSettings)('%s', async (name, changes) => {
    expect(await printed(changes)).toEqual({
      exitCode: 2,
      stdout: 'Settings or mapping are wrong, nothing was loaded (exit 2)\n',
      stderr: transcripts.get(name),
    });
  });

  it('and nothing besides', () => {
    const names = wrongSettings.map(([name]) => name);
    expect(names.length).toBeGreaterThanOrEqual(40);
    expect([...transcripts.keys()]).toEqual(['', ...names]);
  });
});
