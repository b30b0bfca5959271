import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isExecutable } from '../../../src/mapping/engine/command-line.js';
import type { JqEngine } from '../../../src/mapping/engine/engine.js';
import { executablesOnPath } from '../../../src/mapping/engine/find-engine.js';
import { launchProcess, nativeHost } from '../../../src/mapping/engine/native-host.js';
import { SharedEngine } from '../../../src/mapping/engine/shared-engine.js';
import { patientLimits } from './engines.js';

const [jq] = executablesOnPath('jq', process.env.PATH ?? '');
/** What needs a jq and a shell is not there to be tested on a system without them. */
const describeWithJq =
  jq !== undefined && isExecutable('/bin/sh')
    ? describe
    : (name: string): void => {
        it.todo(`${name} (no jq here)`);
      };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'killed-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** An engine whose jq leaves its process number in a file. */
async function startTraced(): Promise<JqEngine> {
  const path = jq ?? '';
  const host = await nativeHost({ path, version: '1.7', description: path }, 2 ** 30);
  const launch: typeof host.launch = (program, listener) => {
    const script = 'echo $$ > "$0"; exec "$@"';
    const args = ['-c', script, join(folder, 'pid'), path, '-c', '--unbuffered', program];
    return launchProcess({ file: '/bin/sh', arguments: args, hasLifeline: false }, listener);
  };
  return new SharedEngine({ ...host, launch }, patientLimits, () =>
    Promise.reject(new Error('no other')),
  );
}

const pid = async (): Promise<number> => Number(await readFile(join(folder, 'pid'), 'utf8'));
const inputs = Array.from({ length: 4_000 }, (_, index) => JSON.stringify({ n: index }));
const program = '.n as $n | [range(300)] | length | {n: $n, length: .}';

describeWithJq('a jq process that is killed from outside', () => {
  it('loses one item of the batch at most, and confuses none', async () => {
    const engine = await startTraced();
    const traced = await engine.start(program);
    const run = traced.run(inputs);
    const killed: number[] = [];
    const kill = async (): Promise<void> => {
      const number = await pid();
      if (killed.includes(number)) return;
      killed.push(number);
      process.kill(number, 'SIGKILL');
    };
    await kill();
    const second = traced.run(inputs);
    const outcomes = await run;
    await kill();
    const all = [...outcomes, ...(await second)];
    const lost = all.filter((outcome) => !outcome.ok);
    expect(lost.length).toBeLessThanOrEqual(killed.length);
    for (const outcome of lost) {
      expect(outcome).toEqual({ ok: false, failure: 'memory', message: 'jq ended with SIGKILL' });
    }
    const expected = [...inputs, ...inputs].map((_, index) =>
      all[index]?.ok === true
        ? { ok: true, text: `{"n":${index % inputs.length},"length":300}` }
        : all[index],
    );
    expect(all).toEqual(expected);
    await engine.close();
  });

  it('is replaced when it dies while nothing is asked of it', async () => {
    const engine = await startTraced();
    const traced = await engine.start('.');
    expect(await traced.run(['1'])).toEqual([{ ok: true, text: '1' }]);
    process.kill(await pid(), 'SIGKILL');
    const outcomes = [...(await traced.run(['2'])), ...(await traced.run(['3']))];
    expect(outcomes.at(-1)).toEqual({ ok: true, text: '3' });
    await engine.close();
  });
});
