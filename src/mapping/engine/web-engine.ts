import { z } from 'zod';
import { cleanMessage } from './compile-message.js';
import { JqCompileError, type JqEngine, type JqProgram } from './engine.js';
import { type Compilation, ExpressionChecker } from './expression-checker.js';
import { type EngineLimits, startTimeoutMilliseconds } from './limits.js';
import { wrapProgram } from './protocol.js';
import { WebProgram } from './web-program.js';
import { WebThread } from './web-thread.js';

/** What jq-web 0.6.2 was built from; the build itself does not tell. */
const jqWebVersion = '1.7';

/**
 * How much slower than at first a program may compile before it counts as a runaway. Never more than
 * an item may take, because jq computes constants while it compiles: `"x" * 1e8` takes seconds.
 */
const compileAllowance = 3;

const builtinList = z.array(z.string());

/**
 * The engine over jq-web. All programs share one thread.
 * @throws Error when jq-web is not installed or does not run here
 */
export async function startWebEngine(limits: EngineLimits): Promise<JqEngine> {
  const thread = new WebThread(limits);
  const lines: string[] = [];
  const answer = await thread.run('builtins', 'null', startTimeoutMilliseconds, (more) => {
    lines.push(...more);
  });
  if (answer.status === 'ended') {
    return new WebEngine(thread, limits, new Set(builtinList.parse(JSON.parse(lines.join('')))));
  }
  await thread.close();
  throw new Error(answer.message);
}

class WebEngine implements JqEngine {
  readonly version = jqWebVersion;
  readonly description = `jq ${jqWebVersion} (jq-web)`;
  readonly #checker: ExpressionChecker;
  readonly #programs: JqProgram[] = [];

  constructor(
    private readonly thread: WebThread,
    private readonly limits: EngineLimits,
    private readonly builtins: ReadonlySet<string>,
  ) {
    this.#checker = new ExpressionChecker(
      (program) => this.#compile(program),
      builtins,
      () => Promise.reject(new Error('No expression is too long for jq-web.')),
    );
  }

  async start(program: string): Promise<JqProgram> {
    const wrapped = wrapProgram(program, this.builtins);
    const begin = this.limits.clock.now();
    const compilation = await this.#compile(wrapped);
    const compileMilliseconds = Math.min(
      (this.limits.clock.now() - begin) * compileAllowance,
      this.limits.itemTimeoutMilliseconds,
    );
    if (compilation.status === 'refused') {
      throw new JqCompileError(cleanMessage(compilation.message));
    }
    const started = new WebProgram(this.thread, wrapped, compileMilliseconds, this.limits);
    this.#programs.push(started);
    return started;
  }

  check(expression: string): Promise<string | null> {
    return this.#checker.check(expression);
  }

  async close(): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.close()));
    await this.thread.close();
  }

  /** Nothing runs, because there is no input to run it on. */
  async #compile(program: string): Promise<Exclude<Compilation, { status: 'too long' }>> {
    const answer = await this.thread.run(program, '', startTimeoutMilliseconds);
    return answer.status === 'ended'
      ? { status: 'compiles' }
      : { status: 'refused', message: answer.message };
  }
}
