import ora, { type Ora } from 'ora';
import type { RunEvent } from '../model/event.js';
import type { ResourceReference } from '../model/resource.js';
import type { ProblemCode } from '../problems/problem.js';
import { eventWords, problemMention } from './event-words.js';
import { LiveLines } from './live-lines.js';
import { PlainReporter, type PlainOptions } from './plain-reporter.js';
import { isLogged, type Reporter, type RunEnd } from './reporter.js';
import { printable, wrapped } from './text.js';

/** Problems that end a run from outside. */
const STOPS: readonly ProblemCode[] = ['interrupted', 'timed-out'];

/** What the turning sign and the space behind it take before the first line. */
const SIGN_WIDTH = 2;

/** One live line per resource on a terminal, and log lines above them. */
export class TerminalReporter implements Reporter {
  #resources: readonly ResourceReference[] = [];
  readonly #live = new LiveLines();
  readonly #spinner: Ora;
  readonly #plain: PlainReporter;

  constructor(
    private readonly options: PlainOptions,
    terminal: NodeJS.WritableStream,
  ) {
    this.#plain = new PlainReporter(options);
    this.#spinner = ora({
      stream: terminal,
      // Nothing is read from the keyboard, and an interruption must reach us.
      discardStdin: false,
      color: false,
      // Whether the view is live was decided before; ora would ask the environment on its own.
      isEnabled: true,
    });
  }

  readonly listen = (event: RunEvent): void => {
    if (event.type === 'run-started') this.#resources = event.resources;
    if (this.#live.listen(event)) this.#draw();
    if (isLoggedAbove(event)) this.#log(event);
  };

  finish(end: RunEnd): void {
    this.stop();
    this.#plain.finish(end);
  }

  stop(): void {
    this.#spinner.stop();
  }

  #draw(): void {
    const { stderr, now } = this.options;
    const width = (stderr.columns ?? Infinity) - SIGN_WIDTH;
    const clean = (text: string): string => this.#clean(text);
    this.#spinner.text = this.#live.lines(now(), width, clean).join(`\n${' '.repeat(SIGN_WIDTH)}`);
    if (!this.#spinner.isSpinning) this.#spinner.start();
  }

  #log(event: RunEvent): void {
    const line =
      event.type === 'problem' && this.options.isOneScreen
        ? problemMention(event.problem, this.#resources)
        : eventWords(event, this.#resources);
    if (line === null || !isLogged(line.level, this.options.level)) return;
    const isSpinning = this.#spinner.isSpinning;
    if (isSpinning) this.#spinner.stop();
    const width = this.options.stderr.columns ?? Infinity;
    for (const part of wrapped(this.#clean(line.text), width, '')) {
      this.options.stderr.write(`${part}\n`);
    }
    if (isSpinning) this.#spinner.start();
  }

  #clean(text: string): string {
    return printable(this.options.redact(text));
  }
}

/**
 * Problems are listed at the end; live, they would push the lines about. That a run stops is another
 * matter: until it does, some seconds may pass.
 */
function isLoggedAbove(event: RunEvent): boolean {
  if (event.type === 'problem') return STOPS.includes(event.problem.code);
  return event.type === 'run-started' || event.type === 'note' || event.type === 'waiting';
}
