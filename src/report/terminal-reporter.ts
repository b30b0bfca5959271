import ora, { type Ora } from 'ora';
import type { RunEvent } from '../model/event.js';
import { resourceName, type ResourceReference } from '../model/resource.js';
import type { ProblemCode } from '../problems/problem.js';
import { eventWords, progress } from './event-words.js';
import { PlainReporter, type PlainOptions } from './plain-reporter.js';
import { isLogged, type Reporter, type RunEnd } from './reporter.js';
import { printable, wrapped } from './text.js';

/** Problems that end a run from outside. */
const STOPS: readonly ProblemCode[] = ['interrupted', 'timed-out'];

/** One live line per resource on a terminal, and log lines above them. */
export class TerminalReporter implements Reporter {
  #resources: readonly ResourceReference[] = [];
  readonly #lines = new Map<number, string>();
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
    switch (event.type) {
      case 'run-started':
        this.#resources = event.resources;
        this.#log(event);
        break;
      case 'resource-started':
        this.#show(event.resource, 'reading');
        break;
      case 'resource-progressed':
        this.#show(event.resource, progress(event.counts));
        break;
      case 'resource-ended':
        this.#show(
          event.resource,
          `${progress(event.counts)}, ${event.status === 'complete' ? 'done' : 'incomplete'}`,
        );
        break;
      case 'reconcile-started':
        this.#lines.set(Infinity, 'Looking for what is gone');
        this.#draw();
        break;
      case 'note':
      case 'waiting':
        this.#log(event);
        break;
      // Problems are listed at the end; live, they would push the lines about. That a run stops
      // is another matter: until it does, some seconds may pass.
      case 'problem':
        if (STOPS.includes(event.problem.code)) this.#log(event);
        break;
    }
  };

  finish(end: RunEnd): void {
    this.stop();
    this.#plain.finish(end);
  }

  stop(): void {
    this.#spinner.stop();
  }

  #show(resource: ResourceReference, text: string): void {
    const name = resourceName(resource, this.#resources);
    const width = Math.max(
      ...this.#resources.map((other) => resourceName(other, this.#resources).length),
    );
    this.#lines.set(resource.index, `${name.padEnd(width)}  ${text}`);
    this.#draw();
  }

  #draw(): void {
    const lines = [...this.#lines].sort(([one], [other]) => one - other).map(([, line]) => line);
    this.#spinner.text = lines.map((line) => this.#clean(line)).join('\n  ');
    if (!this.#spinner.isSpinning) this.#spinner.start();
  }

  #log(event: RunEvent): void {
    const line = eventWords(event, this.#resources);
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
