import { Chalk, type ChalkInstance } from 'chalk';
import { ciPlatformOf } from '../ci/index.js';
import type { OutputStream } from '../runtime.js';
import { CiReporter } from './ci-reporter.js';
import { JsonReporter } from './json-reporter.js';
import { PlainReporter, type PlainOptions, resultWidth } from './plain-reporter.js';
import type { Reporter } from './reporter.js';
import { type ColoredLayout, printable } from './text.js';

/** What the choice of a reporter depends on. */
export interface ReporterOptions extends Omit<PlainOptions, 'colors' | 'isOneScreen'> {
  readonly format: 'text' | 'json';
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working directory: files are named from there. */
  readonly cwd: string;
  /** Whether both streams are known to end in the same file, pipe or terminal. */
  readonly isOneFile: boolean;
}

/**
 * A live view on a terminal, plain lines in CI and in files, with what the platform makes of them,
 * JSON where it is asked for.
 */
export async function chooseReporter(options: ReporterOptions): Promise<Reporter> {
  const { format, env, stdout, stderr } = options;
  if (format === 'json') return new JsonReporter(options);
  const platform = ciPlatformOf(env);
  // A CI system takes two pipes, and shows what comes through both as one log.
  const isOneScreen = options.isOneFile || platform !== null || isSet(env.CI);
  const plain = { ...options, isOneScreen, colors: colorsFor(stdout, env) };
  const isLive = stderr.isTTY && !isSet(env.CI) && env.TERM !== 'dumb';
  if (isLive && stderr.terminal !== undefined) {
    // Few runs have a terminal, and what draws on it takes longer to load than all other reporters.
    const { TerminalReporter } = await import('./terminal-reporter.js');
    return new TerminalReporter(plain, stderr.terminal);
  }
  const reporter = new PlainReporter(plain);
  return platform === null ? reporter : new CiReporter(reporter, platform, options);
}

/** How a result is laid out on a stream. */
export function layoutFor(
  stream: OutputStream,
  env: Readonly<Record<string, string | undefined>>,
  redact: (text: string) => string,
): ColoredLayout {
  return {
    width: resultWidth(stream),
    colors: colorsFor(stream, env),
    clean: (text) => printable(redact(text)),
  };
}

/** Colours for a stream: NO_COLOR (no-color.org), then FORCE_COLOR, then whether it is a terminal. */
export function colorsFor(
  stream: OutputStream,
  env: Readonly<Record<string, string | undefined>>,
): ChalkInstance {
  return new Chalk({ level: isColored(stream, env) ? 1 : 0 });
}

function isColored(
  stream: OutputStream,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  const forced = env.FORCE_COLOR ?? '';
  // Any value at all switches colours off: that is how NO_COLOR is agreed upon.
  if ((env.NO_COLOR ?? '') !== '') return false;
  if (forced !== '') return forced !== '0' && forced !== 'false';
  return stream.isTTY && env.TERM !== 'dumb';
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false';
}
