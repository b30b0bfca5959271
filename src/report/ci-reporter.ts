import type { CiPlatform } from '../ci/platform.js';
import type { RunEvent } from '../model/event.js';
import { annotationLines, type AnnotationOptions } from './annotations.js';
import type { PlainOptions } from './plain-reporter.js';
import { isLogged, type Reporter, type RunEnd } from './reporter.js';
import { printable } from './text.js';

const LOG_TITLE = 'bitbucket-port: log of the run';

/**
 * Plain lines on a CI platform: the log folds, so that the result is what one sees, and problems are
 * marked where the platform shows them.
 */
export class CiReporter implements Reporter {
  #isOpen = false;

  constructor(
    private readonly plain: Reporter,
    private readonly platform: CiPlatform,
    private readonly options: Pick<PlainOptions, 'stderr' | 'level' | 'redact' | 'now'> &
      Pick<AnnotationOptions, 'env' | 'cwd'>,
  ) {}

  readonly listen = (event: RunEvent): void => {
    // Settings and their notices stay outside: a run that does not begin has nothing to fold.
    if (event.type === 'run-started') this.#open();
    this.plain.listen(event);
  };

  finish(end: RunEnd): void {
    this.#close();
    this.plain.finish(end);
    this.#annotate(end);
  }

  stop(): void {
    this.#close();
    this.plain.stop();
  }

  #open(): void {
    const { folding } = this.platform;
    // A log of errors only has next to nothing to fold, and often nothing at all.
    if (folding === null || this.#isOpen || !isLogged('info', this.options.level)) return;
    this.#isOpen = true;
    this.#write(folding.open(LOG_TITLE, this.#seconds()));
  }

  #close(): void {
    const { folding } = this.platform;
    if (folding === null || !this.#isOpen) return;
    this.#isOpen = false;
    this.#write(folding.close(this.#seconds()));
  }

  #annotate({ problems }: RunEnd): void {
    const clean = (text: string): string => printable(this.options.redact(text));
    const options = { ...this.options, clean };
    for (const line of annotationLines(this.platform, problems, options)) this.#write(line);
  }

  #seconds(): number {
    return Math.floor(this.options.now() / 1000);
  }

  #write(line: string): void {
    this.options.stderr.write(`${line}\n`);
  }
}
