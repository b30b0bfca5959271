import ora, { type Ora } from 'ora';
import type { RunEvent } from '../model/event.js';
import { resourceName, type ResourceReference } from '../model/resource.js';
import type { ProblemCode, Side } from '../problems/problem.js';
import {
  eventWords,
  problemMention,
  type Progress,
  progressParts,
  timeOfDay,
} from './event-words.js';
import { type PlainOptions, PlainReporter } from './plain-reporter.js';
import { isLogged, type Reporter, type RunEnd } from './reporter.js';
import { cutColumns, grouped, printable, wrapped } from './text.js';
import { SIDE_NAMES } from '../problems/phrases.js';

/** Problems that end a run from outside. */
const STOPS: readonly ProblemCode[] = ['interrupted', 'timed-out'];

/** Shorter ones are not logged. */
const SHORT_WAIT_MILLISECONDS = 1_000;

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
  // A short wait is over before anybody has read of it, and the live lines show it meanwhile.
  if (event.type === 'waiting') return event.milliseconds >= SHORT_WAIT_MILLISECONDS;
  return event.type === 'run-started' || event.type === 'note';
}

/** The first items come in one page: a rate of less time would be that of a page. */
const SHORTEST_MILLISECONDS = 1_000;

type Waiting = Extract<RunEvent, { readonly type: 'waiting' }>;

/** What a resource is at. */
interface State {
  readonly resource: ResourceReference;
  readonly startedAt: number;
  readonly at: number;
  /** Null before the first page. */
  readonly progress: Progress | null;
  readonly end: 'complete' | 'incomplete' | null;
}

/** What a person at a terminal watches: a line for each resource, then what is waited for. */
class LiveLines {
  #resources: readonly ResourceReference[] = [];
  readonly #states = new Map<number, State>();
  /** Of each side, the wait that ends last. */
  readonly #waits = new Map<Side, Waiting>();

  /** Takes an event; answers whether lines may differ now. */
  listen(event: RunEvent): boolean {
    switch (event.type) {
      case 'run-started':
        this.#resources = event.resources;
        return false;
      case 'resource-started':
        this.#set(event.resource, { at: event.at, progress: null, end: null });
        return true;
      case 'resource-progressed':
        this.#set(event.resource, { at: event.at, progress: event, end: null });
        return true;
      case 'resource-ended':
        this.#set(event.resource, { at: event.at, progress: event, end: event.status });
        return true;
      case 'waiting':
        if (endOf(event) > endOf(this.#waits.get(event.side))) this.#waits.set(event.side, event);
        return true;
      case 'deletions-held':
      case 'note':
      case 'problem':
        return false;
    }
  }

  /**
   * The lines as they are now, none longer than `width`.
   * @param clean masks secrets and makes a text safe to print
   */
  lines(now: number, width: number, clean: (text: string) => string): readonly string[] {
    const names = this.#resources.map((resource) => resourceName(resource, this.#resources));
    const column = Math.max(...names.map(({ length }) => length));
    const states = [...this.#states].sort(([one], [other]) => one - other);
    const waits = [...this.#waits.values()].filter((wait) => endOf(wait) > now);
    return [
      ...states.map(([, state]) => {
        const name = `${resourceName(state.resource, this.#resources).padEnd(column)}  `;
        return name + fitting(partsOf(state), width - name.length);
      }),
      ...waits.map(
        (wait) => `${SIDE_NAMES[wait.side]} waits until ${timeOfDay(endOf(wait))}: ${wait.reason}`,
      ),
    ].map((line) => cutColumns(clean(line), width));
  }

  #set(resource: ResourceReference, state: Pick<State, 'at' | 'progress' | 'end'>): void {
    const startedAt = this.#states.get(resource.index)?.startedAt ?? state.at;
    this.#states.set(resource.index, { resource, startedAt, ...state });
  }
}

function endOf(wait: Waiting | undefined): number {
  return wait === undefined ? 0 : wait.at + wait.milliseconds;
}

/** What there is to say of a resource, and at the end what is said of it in any case. */
function partsOf({ progress, end, startedAt, at }: State): readonly string[] {
  if (progress === null) return ['reading'];
  const parts = progressParts(progress);
  if (end !== null) return [...parts, end === 'complete' ? 'done' : 'incomplete'];
  const elapsed = at - startedAt;
  if (elapsed < SHORTEST_MILLISECONDS) return parts;
  return [...parts, `${grouped(Math.round((progress.counts.fetched * 1_000) / elapsed))}/s`];
}

/** Where room is short, the first and the last part stay longest. */
function fitting(parts: readonly string[], width: number): string {
  const text = parts.join(', ');
  if (text.length <= width || parts.length === 1) return text;
  const [first = '', ...others] = parts;
  return fitting([first, ...others.slice(1)], width);
}
