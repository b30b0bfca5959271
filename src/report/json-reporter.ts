import type { RunEvent } from '../model/event.js';
import type { ResourceReference } from '../model/resource.js';
import { wordsOf } from '../problems/words.js';
import { eventWords } from './event-words.js';
import type { PlainOptions } from './plain-reporter.js';
import { isLogged, type Reporter, type RunEnd } from './reporter.js';
import { jsonLine } from './text.js';

/** One JSON object a line: events on stderr, the end of the run on stdout. */
export class JsonReporter implements Reporter {
  #resources: readonly ResourceReference[] = [];

  constructor(private readonly options: Omit<PlainOptions, 'colors'>) {}

  readonly listen = (event: RunEvent): void => {
    if (event.type === 'run-started') this.#resources = event.resources;
    const line = eventWords(event, this.#resources);
    if (line === null || !isLogged(line.level, this.options.level)) return;
    const { stderr, redact, now } = this.options;
    const time = new Date(now()).toISOString();
    const { level, text: message } = line;
    stderr.write(`${jsonLine({ time, level, message, event }, redact)}\n`);
  };

  finish({ summary, problems, exitCode }: RunEnd): void {
    const { stdout, redact } = this.options;
    const worded = problems.map(({ count, samples }) => ({
      count,
      ...wordsOf(samples[0]),
      samples,
    }));
    stdout.write(`${jsonLine({ exitCode, summary, problems: worded }, redact)}\n`);
  }
}
