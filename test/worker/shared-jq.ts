import {
  defaultLimits,
  type JqEngine,
  type JqOutcome,
  type JqProgram,
} from '../../src/mapping/engine/engine.js';
import { type EngineSearch, findEngine } from '../../src/mapping/engine/find-engine.js';
import type { Problem } from '../../src/problems/problem.js';
import type { Runtime } from '../../src/runtime.js';
import { searchPath } from './search-path.js';

type FindJq = NonNullable<Runtime['findJq']>;

/** Engines that many runs use one after the other, as starting one takes longer than most runs. */
export interface SharedJq {
  readonly find: FindJq;
  close(): Promise<void>;
}

/**
 * Hands a started engine to each run that searches as an ordinary run does, and an engine of its own
 * to one that names another jq or another limit. When a run leaves jq at work, or jq did not survive
 * it, the next run gets a new engine.
 */
export function shareJq(find: FindJq = findEngine): SharedJq {
  const engines = new Map<string, Promise<LentEngine>>();
  const spent: LentEngine[] = [];
  return {
    find: async (search) => {
      if (!isOrdinary(search)) return find(search);
      const path = search.searchPath === process.env.PATH ? searchPath : search.searchPath;
      const key = JSON.stringify([path ?? '', search.jqPath, search.itemTimeoutMilliseconds]);
      const starting = engines.get(key) ?? LentEngine.start(find, { ...search, searchPath: path });
      engines.set(key, starting);
      try {
        const engine = await starting;
        return engine.share(search, () => {
          if (engines.get(key) === starting) engines.delete(key);
          spent.push(engine);
        });
      } catch (error) {
        engines.delete(key);
        throw error;
      }
    },
    close: async () => {
      const started = await Promise.all(engines.values());
      engines.clear();
      await Promise.all([...started, ...spent].map((engine) => engine.close()));
    },
  };
}

/** Lives as long as the worker of Jest, and ends with it. */
export const jqOfWorker = shareJq();

/** On a machine that is busy with other things, an item may wait for longer than a run would let it. */
const PATIENT_MILLISECONDS = 60_000;

/** Whether it is the jq of this machine that is looked for, and none that a test made. */
function isOrdinary({ jqPath, searchPath: path }: EngineSearch): boolean {
  return jqPath === process.env.JQ_PATH && [undefined, '', process.env.PATH].includes(path);
}

class LentEngine {
  #shares = 0;
  #isSpent = false;

  private constructor(
    private readonly engine: JqEngine,
    /** What was said about this jq when it was found, to be told to each run. */
    private readonly problems: readonly Problem[],
  ) {}

  static async start(find: FindJq, search: EngineSearch): Promise<LentEngine> {
    const problems: Problem[] = [];
    const onProblem = (problem: Problem): void => {
      problems.push(problem);
    };
    const isUsual = search.itemTimeoutMilliseconds === defaultLimits.itemTimeoutMilliseconds;
    const limit = isUsual ? { itemTimeoutMilliseconds: PATIENT_MILLISECONDS } : {};
    return new LentEngine(await find({ ...search, ...limit, onProblem }), problems);
  }

  /**
   * The engine as a run sees it: closing it closes the programs of the run.
   * @param onSpent hears at most once that no other run may have this engine
   */
  share({ onProblem }: Pick<EngineSearch, 'onProblem'>, onSpent: () => void): JqEngine {
    const { engine } = this;
    const programs: JqProgram[] = [];
    let underWay = 0;
    this.#shares += 1;
    for (const problem of this.problems) onProblem(problem);
    const spend = (): void => {
      if (!this.#isSpent) onSpent();
      this.#isSpent = true;
    };
    const awaited = async <Value>(work: Promise<Value>): Promise<Value> => {
      underWay += 1;
      try {
        return await work;
      } finally {
        underWay -= 1;
      }
    };
    const start: JqEngine['start'] = async (text, options) => {
      const program = await awaited(engine.start(text, options));
      programs.push(program);
      return {
        run: async (inputs) => {
          const outcomes = await awaited(program.run(inputs));
          if (outcomes.some(isFatal)) spend();
          return outcomes;
        },
        close: () => program.close(),
      };
    };
    return {
      description: engine.description,
      version: engine.version,
      check: (expression) => awaited(engine.check(expression)),
      start,
      close: async () => {
        if (underWay > 0) spend();
        await Promise.all(programs.map((program) => program.close()));
        this.#shares -= 1;
        // Another run may still be at work with it.
        if (this.#isSpent && this.#shares === 0) await this.close();
      },
    };
  }

  close(): Promise<void> {
    return this.engine.close();
  }
}

/** An error is an answer of jq; all else says that it was killed or is of no more use. */
function isFatal(outcome: JqOutcome): boolean {
  return !outcome.ok && outcome.failure !== 'error';
}
