import { afterEach, describe, expect, it } from '@jest/globals';
import { findEngine, type EngineSearch } from '../../src/mapping/engine/find-engine.js';
import type { JqEngine } from '../../src/mapping/engine/engine.js';
import type { Problem } from '../../src/problems/problem.js';
import { shareJq } from './shared-jq.js';

const search: EngineSearch = {
  jqPath: process.env.JQ_PATH,
  searchPath: '',
  itemTimeoutMilliseconds: 500,
  onProblem: () => undefined,
};

const doubled = '. * 2';
/** Works on a number until it is stopped. */
const endless = 'if . == 0 then last(range(infinite)) else . end';

describe('shareJq', () => {
  const found: JqEngine[] = [];
  const shared = shareJq(async (wanted) => {
    const engine = await findEngine(wanted);
    found.push(engine);
    return engine;
  });

  const answersOf = async (engine: JqEngine, program: string, ...inputs: readonly number[]) => {
    const started = await engine.start(program);
    const outcomes = await started.run(inputs.map(String));
    return outcomes.map((outcome) => (outcome.ok ? Number(outcome.text) : outcome.failure));
  };

  afterEach(async () => {
    found.length = 0;
    await shared.close();
  });

  it('starts one engine for all runs', async () => {
    for (const number of [1, 2, 3]) {
      const engine = await shared.find(search);
      expect(await answersOf(engine, doubled, number)).toEqual([2 * number]);
      expect(await engine.check('.a')).toBeNull();
      await engine.close();
    }
    expect(found).toHaveLength(1);
  });

  it('starts another for a run that names a jq or a limit of its own', async () => {
    const ordinary = await shared.find(search);
    const limited = await shared.find({ ...search, itemTimeoutMilliseconds: 600 });
    await expect(shared.find({ ...search, jqPath: '/nowhere/jq' })).rejects.toThrow(
      'setting-invalid',
    );
    expect(found).toHaveLength(2);
    await Promise.all([ordinary.close(), limited.close()]);
  });

  it('closes the programs of a run with its share, and those of no other', async () => {
    const [one, other] = [await shared.find(search), await shared.find(search)];
    const [closed, open] = [await one.start(doubled), await other.start(doubled)];
    await one.close();
    await expect(closed.run(['1'])).rejects.toThrow('closed');
    expect(await open.run(['2'])).toEqual([{ ok: true, text: '4' }]);
    await other.close();
    expect(found).toHaveLength(1);
  });

  it('starts another after a run whose jq did not survive, once nobody uses it', async () => {
    const [spoilt, beside] = [await shared.find(search), await shared.find(search)];
    const program = await beside.start(doubled);
    expect(await answersOf(spoilt, endless, 0, 1)).toEqual(['time', 1]);
    await spoilt.close();
    expect(await program.run(['5'])).toEqual([{ ok: true, text: '10' }]);
    const next = await shared.find(search);
    expect(await answersOf(next, doubled, 6)).toEqual([12]);
    await Promise.all([beside.close(), next.close()]);
    expect(found).toHaveLength(2);
  });

  it('starts another after a run that was stopped while jq was at work', async () => {
    const stopped = await shared.find(search);
    const unanswered = answersOf(stopped, endless, 0);
    const ended = expect(unanswered).rejects.toThrow();
    const program = await stopped.start(doubled);
    void program.run(['1']).catch(() => undefined);
    await stopped.close();
    const next = await shared.find(search);
    expect(await answersOf(next, doubled, 6)).toEqual([12]);
    await next.close();
    await ended;
    expect(found).toHaveLength(2);
  });

  it('tells each run what is wrong with the jq', async () => {
    const problem: Problem = { code: 'jq-outdated', path: '/usr/bin/jq', version: '1.6' };
    const outdated = shareJq(async (wanted) => {
      wanted.onProblem(problem);
      return findEngine({ ...search, onProblem: () => undefined });
    });
    for (let run = 0; run < 2; run += 1) {
      const told: Problem[] = [];
      const engine = await outdated.find({ ...search, onProblem: (said) => told.push(said) });
      await engine.close();
      expect(told).toEqual([problem]);
    }
    await outdated.close();
  });
});
