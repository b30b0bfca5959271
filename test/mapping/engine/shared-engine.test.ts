import { afterEach, describe, expect, it } from '@jest/globals';
import { isExecutable } from '../../../src/mapping/engine/command-line.js';
import type { JqEngine, JqProgram } from '../../../src/mapping/engine/engine.js';
import type { JqHost } from '../../../src/mapping/engine/host.js';
import { launchProcess } from '../../../src/mapping/engine/native-host.js';
import { SharedEngine } from '../../../src/mapping/engine/shared-engine.js';
import { patientLimits } from './engines.js';

/** Stands in for jq: each start runs the next script, the last one from then on. */
function engineOf(...scripts: readonly [string, ...string[]]): JqEngine {
  const waiting = [...scripts];
  const host: JqHost = {
    description: 'a script',
    version: '1.7',
    builtins: new Set(),
    compile: () => Promise.resolve({ status: 'compiles' }),
    launch: (_, listener) => {
      const script = waiting.length > 1 ? waiting.shift() : waiting[0];
      const command = { file: '/bin/sh', arguments: ['-c', script ?? ''], hasLifeline: false };
      return launchProcess(command, listener);
    },
    close: () => Promise.resolve(),
  };
  return new SharedEngine(host, patientLimits, () => Promise.reject(new Error('no other')));
}

let engine: JqEngine | undefined;

afterEach(async () => {
  await engine?.close();
});

function startScripts(...scripts: readonly [string, ...string[]]): Promise<JqProgram> {
  engine = engineOf(...scripts);
  return engine.start('.');
}

const ready = `read -r question; echo '"ready"';`;
/** Answers `[0,value]` with the value. */
const echoing = `${ready} while IFS=',]' read -r tag value rest; do echo "{\\"v\\":$value}"; done`;

/** What needs a shell is not there to be tested on a system without one. */
function describeWithShell(name: string, tests: () => void): void {
  if (isExecutable('/bin/sh')) describe(name, tests);
}

describeWithShell('a jq process that fails', () => {
  it('is replaced, at the cost of the input that it was busy with', async () => {
    const program = await startScripts(`${ready} read -r line; exit 5`, echoing);
    expect(await program.run(['1', '2', '3'])).toEqual([
      { ok: false, failure: 'crash', message: 'jq ended with exit code 5' },
      { ok: true, text: '2' },
      { ok: true, text: '3' },
    ]);
  });

  it('is out of memory when it says so, or when the system killed it', async () => {
    const outOfMemory = 'echo "error: cannot allocate memory" >&2; kill -ABRT $$';
    const program = await startScripts(
      `${ready} read -r line; ${outOfMemory}`,
      `${ready} read -r line; kill -KILL $$`,
      echoing,
    );
    expect(await program.run(['1', '2', '3'])).toEqual([
      { ok: false, failure: 'memory', message: 'jq ended with SIGABRT: cannot allocate memory' },
      { ok: false, failure: 'memory', message: 'jq ended with SIGKILL' },
      { ok: true, text: '3' },
    ]);
  });

  it('fails what waits when it cannot be started again, and tries anew for the next call', async () => {
    const broken = 'echo "no more processes" >&2; exit 9';
    const program = await startScripts(`${ready} exit 1`, broken, broken, broken, echoing);
    const message = 'jq could not be started again: jq ended with exit code 9: no more processes';
    const outcomes = await program.run(['1', '2', '3']);
    expect(outcomes.slice(-2)).toEqual([
      { ok: false, failure: 'crash', message },
      { ok: false, failure: 'crash', message },
    ]);
    expect(await program.run(['4'])).toEqual([{ ok: true, text: '4' }]);
  });

  it('rejects what waits when the program is closed', async () => {
    const program = await startScripts(`${ready} exec sleep 60`);
    const run = program.run(['1', '2']);
    const closed = program.close();
    await expect(run).rejects.toThrow('closed');
    await closed;
  });

  it('is refused at the start when it does not answer as jq does', async () => {
    await expect(startScripts('read -r question; echo hello; exec sleep 60')).rejects.toThrow(
      'does not answer as jq does',
    );
  });
});
