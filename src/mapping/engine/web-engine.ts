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

/** How much slower than at first a program may compile before it counts as a runaway. */
const compileAllowance = 3;

const builtinList = z.array(z.string());

/**
 * The engine over jq-web. All programs share one thread.
 * @throws Error when jq-web is not installed or does not run here
 */
export async function startWebEngine(limits: EngineLimits): Promise<JqEngine> {
  const thread = new WebThread(limits);
  const answer = await thread.run('builtins', 'null', startTimeoutMilliseconds);
  if (answer.status === 'output') {
    return new WebEngine(thread, limits, new Set(builtinList.parse(JSON.parse(answer.text))));
  }
  await thread.close();
  throw new Error(answer.message);
}

class WebEngine implements JqEngine {
  readonly version = jqWebVersion;
  readonly description = `jq ${jqWebVersion} (jq-web)`;
  readonly #checker: ExpressionChecker;

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
    const compileMilliseconds = (this.limits.clock.now() - begin) * compileAllowance;
    if (compilation.status === 'refused') {
      throw new JqCompileError(cleanMessage(compilation.message));
    }
    return new WebProgram(this.thread, wrapped, compileMilliseconds, this.limits);
  }

  check(expression: string): Promise<string | null> {
    return this.#checker.check(expression);
  }

  close(): Promise<void> {
    return this.thread.close();
  }

  /** Nothing runs, because there is no input to run it on. */
  async #compile(program: string): Promise<Exclude<Compilation, { status: 'too long' }>> {
    const answer = await this.thread.run(program, '', startTimeoutMilliseconds);
    return answer.status === 'output'
      ? { status: 'compiles' }
      : { status: 'refused', message: answer.message };
  }
}
