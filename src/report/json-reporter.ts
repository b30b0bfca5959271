import type { RunEvent } from '../model/event.js';
import type { ResourceReference } from '../model/resource.js';
import { groupKey } from '../problems/problem-log.js';
import type { Problem } from '../problems/problem.js';
import { wordsOf } from '../problems/words.js';
import { eventWords, type LogLine } from './event-words.js';
import type { PlainOptions } from './plain-reporter.js';
import { isLogged, ProgressPace, type Reporter, type RunEnd } from './reporter.js';
import { grouped, jsonLine } from './text.js';

/** One JSON object a line: events on stderr, the end of the run on stdout. */
export class JsonReporter implements Reporter {
  #resources: readonly ResourceReference[] = [];
  readonly #pace = new ProgressPace();
  /** By sort: the first problem is written as it comes, of the others their number at the end. */
  readonly #problems = new Map<string, { readonly first: Problem; others: number }>();

  constructor(private readonly options: Omit<PlainOptions, 'colors' | 'isOneScreen'>) {}

  readonly listen = (event: RunEvent): void => {
    if (event.type === 'run-started') this.#resources = event.resources;
    if (!this.#pace.isDue(event)) return;
    if (event.type === 'problem' && !this.#isFirst(event.problem)) return;
    const line = eventWords(event, this.#resources);
    if (line !== null) this.#log(line, { event });
  };

  finish({ summary, problems, exitCode }: RunEnd): void {
    for (const { first, others } of this.#problems.values()) this.#tellOthers(first, others);
    const { stdout, redact } = this.options;
    const worded = problems.map(({ count, samples }) => ({
      count,
      ...wordsOf(samples[0]),
      samples,
    }));
    stdout.write(`${jsonLine({ exitCode, summary, problems: worded }, redact)}\n`);
  }

  stop(): void {
    // Nothing is live: each line stands on its own.
  }

  /** A run may meet the same problem on each of 100,000 items. */
  #isFirst(problem: Problem): boolean {
    const key = groupKey(problem);
    const known = this.#problems.get(key);
    if (known === undefined) this.#problems.set(key, { first: problem, others: 0 });
    else known.others += 1;
    return known === undefined;
  }

  #tellOthers(first: Problem, others: number): void {
    const line = eventWords({ type: 'problem', problem: first }, this.#resources);
    if (line === null || others === 0) return;
    const { level, text } = line;
    const { code } = first;
    this.#log({ level, text: `${grouped(others)} more like this: ${text}` }, { code, others });
  }

  #log({ level, text: message }: LogLine, details: object): void {
    if (!isLogged(level, this.options.level)) return;
    const { stderr, redact, now } = this.options;
    const time = new Date(now()).toISOString();
    stderr.write(`${jsonLine({ time, level, message, ...details }, redact)}\n`);
  }
}
