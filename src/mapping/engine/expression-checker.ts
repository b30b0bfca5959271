import { cleanMessage, enclose, isBalanced } from './protocol.js';
import type { Compilation } from './host.js';
import { preludeFor } from './prelude.js';

interface Check {
  readonly expression: string;
  readonly answer: (message: string | null) => void;
  readonly fail: (reason: unknown) => void;
}

/** Expressions that are compiled together. */
const togetherCharacters = 64 * 1024;

/** Words that let a bare program, and no term of one, read files while it compiles. */
const readsFiles = /\b(?:import|include|module)\b/;

const unbalanced = 'syntax error, brackets or quotes are not closed within the expression';

/**
 * Tells for each expression whether it compiles on its own. Starting jq is what takes the time, so
 * the checks that are asked for in one turn are compiled as one program, which is halved until the
 * ones at fault are alone.
 */
export class ExpressionChecker {
  #asked: Check[] = [];

  /**
   * @param compile compiles a program without running it
   * @param compileElsewhere checks an expression that is too long for `compile`
   */
  constructor(
    private readonly compile: (program: string) => Promise<Compilation>,
    private readonly builtins: ReadonlySet<string>,
    private readonly compileElsewhere: (expression: string) => Promise<string | null>,
  ) {}

  /** Null when `expression` compiles, else jq's message. */
  check(expression: string): Promise<string | null> {
    if (expression.includes('\0')) return Promise.resolve('syntax error, unexpected NUL character');
    if (!isBalanced(expression)) return this.#messageOf(expression, unbalanced);
    return new Promise((answer, fail) => {
      if (this.#asked.length === 0) {
        queueMicrotask(() => {
          this.#compileAsked();
        });
      }
      this.#asked.push({ expression, answer, fail });
    });
  }

  #compileAsked(): void {
    const asked = this.#asked;
    this.#asked = [];
    let group: Check[] = [];
    let characters = 0;
    for (const check of asked) {
      if (group.length > 0 && characters + check.expression.length > togetherCharacters) {
        this.#settle(group);
        group = [];
        characters = 0;
      }
      group.push(check);
      characters += check.expression.length;
    }
    this.#settle(group);
  }

  #settle(checks: readonly Check[]): void {
    this.#compileTogether(checks).catch((reason: unknown) => {
      for (const check of checks) check.fail(reason);
    });
  }

  async #compileTogether(checks: readonly Check[]): Promise<void> {
    const terms = checks.map(({ expression }) => enclose(expression)).join(',\n');
    const compilation = await this.#compile(`empty | (${terms})`);
    if (compilation.status === 'compiles') {
      for (const check of checks) check.answer(null);
      return;
    }
    const [only, ...others] = checks;
    if (only !== undefined && others.length === 0) {
      only.answer(await this.#verdict(only.expression, compilation));
      return;
    }
    const middle = Math.ceil(checks.length / 2);
    await this.#compileTogether(checks.slice(0, middle));
    await this.#compileTogether(checks.slice(middle));
  }

  #verdict(expression: string, compilation: Exclude<Compilation, { status: 'compiles' }>) {
    return compilation.status === 'too long'
      ? this.compileElsewhere(expression)
      : this.#messageOf(expression, cleanMessage(compilation.message));
  }

  /** Bare, because jq's message is then about the expression and not about our parentheses. */
  async #messageOf(expression: string, otherwise: string): Promise<string> {
    if (readsFiles.test(expression)) return otherwise;
    const bare = await this.#compile(expression);
    return bare.status === 'refused' ? cleanMessage(bare.message) : otherwise;
  }

  #compile(program: string): Promise<Compilation> {
    return this.compile(preludeFor(program, this.builtins) + program);
  }
}
