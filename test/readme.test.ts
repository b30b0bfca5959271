import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { systemClock } from '../src/clock.js';
import { exitCodeOf } from '../src/problems/exit-code.js';
import { CHANGES_EXIT_CODE } from '../src/report/plan-end.js';
import { run } from '../src/run.js';
import { codeIn, README, textOf } from './docs/documents.js';
import { regenerated, regionsIn } from './docs/generated.js';
import { SHOWN_TEMPLATE } from './docs/pipeline.js';
import { aDayLater, printedBy, transcriptsIn, untruePartsOf } from './docs/transcripts.js';
import { samples } from './problems/samples.js';
import { aRuntime } from './world/a-runtime.js';
import { searchPath } from './worker/search-path.js';

describe('the README', () => {
  it('shows what the demo prints', async () => {
    const runtime = aRuntime({
      argv: ['demo'],
      env: { PATH: searchPath },
      clock: systemClock,
    });
    expect(await run(runtime)).toBe(0);
    const [demo = ''] = codeIn(textOf(README), 'text');
    expect(demo).toContain('Complete in');
    expect(untruePartsOf(demo, runtime.written.stdout)).toEqual([]);
  });

  it('shows the two commands that need nothing else, as they stand in package.json', () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')));
    expect(codeIn(textOf(README), 'sh')).toContain('npm ci && npm run demo\nnpm ci && npm test\n');
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['demo', 'test']));
  });

  it('holds what the declarations, the problems and the template say (UPDATE_README=1 writes it)', async () => {
    const wanted = await regenerated(README);
    expect(textOf(README)).toBe(wanted);
    expect(regionsIn(README)).toEqual(['pipeline', 'commands', 'messages', 'settings']);
  });

  it('shows the very pipeline that is to be copied', () => {
    expect(codeIn(textOf(README), 'yaml')).toEqual([textOf(SHOWN_TEMPLATE)]);
  });

  it('begins with variables, init, plan and sync', () => {
    const [start = ''] = codeIn(textOf(README), 'sh');
    expect(start.match(/export \w+|bitbucket-port \w+/gu)).toEqual([
      'export PORT_CLIENT_ID',
      'export PORT_CLIENT_SECRET',
      'export BITBUCKET_WORKSPACE',
      'export BITBUCKET_WORKSPACE_TOKEN',
      'bitbucket-port init',
      'bitbucket-port check',
      'bitbucket-port plan',
      'bitbucket-port sync',
    ]);
  });

  it('tells every exit code that a run can have', () => {
    const table = textOf(README).split('## Exit codes')[1]?.split('\n## ')[0] ?? '';
    const told = [...table.matchAll(/^\| (\d+(?:, \d+)*) +\|/gmu)].flatMap(([, codes = '']) =>
      codes.split(', ').map(Number),
    );
    const all = Object.values(samples);
    const possible = new Set([
      ...all.map((problem) => exitCodeOf([problem])),
      exitCodeOf(
        all.filter(({ code }) => code === 'server-unavailable'),
        { isNothingDone: true },
      ),
    ]);
    expect(told).toEqual(
      expect.arrayContaining([...possible, 0, 129, 130, 143, CHANGES_EXIT_CODE]),
    );
    expect(told).toHaveLength(new Set([...possible, 0, 129, 130, 143, CHANGES_EXIT_CODE]).size);
  });
});

describe('a transcript in the README', () => {
  let world: Awaited<ReturnType<typeof aDayLater>>;

  beforeAll(async () => {
    world = await aDayLater();
  });

  afterAll(async () => {
    await world.close();
  });

  const transcripts = transcriptsIn(codeIn(textOf(README), 'console'));

  it('is there for the commands that people begin with', () => {
    expect(transcripts.map(({ line }) => line.split(' ')[0])).toEqual([
      'init',
      'check',
      'plan',
      'preview',
    ]);
  });

  it.each(transcripts)('is what `$line` prints', async ({ line, shown }) => {
    // The first command of all is run where nothing is set yet.
    const env = line.startsWith('init') ? {} : world.variables;
    expect(untruePartsOf(shown, await printedBy(line, env))).toEqual([]);
  });
});
