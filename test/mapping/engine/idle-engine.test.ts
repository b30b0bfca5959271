import { setImmediate } from 'node:timers/promises';
import { expect, it, jest } from '@jest/globals';
import { findEngine } from '../../../src/mapping/engine/find-engine.js';

it('lets a jq-web that waits for items rest', async () => {
  const onProblem = (): void => undefined;
  const engine = await findEngine({ jqPath: undefined, searchPath: '', onProblem }, undefined);
  const program = await engine.start('.a');
  expect(await program.run(['{"a":1}'])).toEqual([{ ok: true, text: '1' }]);

  const notify = jest.spyOn(Atomics, 'notify');
  for (let turn = 0; turn < 2_000; turn += 1) await setImmediate();
  expect(notify.mock.calls.length).toBeLessThan(3);

  notify.mockRestore();
  await program.close();
  await engine.close();
});
