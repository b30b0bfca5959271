import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isExecutable } from '../../../src/mapping/engine/command-line.js';
import { executablesOnPath } from '../../../src/mapping/engine/jq-binary.js';
import { NativeProcess } from '../../../src/mapping/engine/native-process.js';
import { NativeProgram } from '../../../src/mapping/engine/native-program.js';
import { wrapProgram } from '../../../src/mapping/engine/protocol.js';
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

/** A jq that leaves its process number in a file. */
function startTraced(program: string): Promise<NativeProgram> {
  const script = 'echo $$ > "$0"; exec "$@"';
  const wrapped = wrapProgram(program, new Set());
  const args = ['-c', script, join(folder, 'pid'), jq ?? '', '-c', '--unbuffered', wrapped];
  return NativeProgram.start(
    (listener) => new NativeProcess({ file: '/bin/sh', arguments: args }, patientLimits, listener),
    patientLimits,
  );
}

const pid = async (): Promise<number> => Number(await readFile(join(folder, 'pid'), 'utf8'));
const inputs = Array.from({ length: 4_000 }, (_, index) => JSON.stringify({ n: index }));
const program = '.n as $n | [range(300)] | length | {n: $n, length: .}';

describeWithJq('a jq process that is killed from outside', () => {
  it('loses one item of the batch at most, and confuses none', async () => {
    const traced = await startTraced(program);
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
    await traced.close();
  });

  it('is replaced when it dies while nothing is asked of it', async () => {
    const traced = await startTraced('.');
    expect(await traced.run(['1'])).toEqual([{ ok: true, text: '1' }]);
    process.kill(await pid(), 'SIGKILL');
    const outcomes = [...(await traced.run(['2'])), ...(await traced.run(['3']))];
    expect(outcomes.at(-1)).toEqual({ ok: true, text: '3' });
    await traced.close();
  });
});
