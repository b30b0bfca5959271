import { whyNotWritten } from '../commands/write-file.js';
import { createRedactor, type Redactor } from '../http/redact.js';
import { exitCodeOf, type ExitCode } from '../problems/exit-code.js';
import { ProblemLog } from '../problems/problem-log.js';
import { ProblemError, type Problem } from '../problems/problem.js';
import { wordsOf } from '../problems/words.js';
import { JsonReporter } from '../report/json-reporter.js';
import { annotate } from '../report/annotations.js';
import { excerptLines, SEVERITY_LABELS } from '../report/problem-list.js';
import { CHANGES_EXIT_CODE } from '../report/plan-end.js';
import { outcomeWords } from '../report/result.js';
import { printable, wrapped } from '../report/text.js';
import type { Runtime } from '../runtime.js';
import { configFlag, envFileFlag } from '../settings/declarations/files.js';
import type { FlagValues } from '../settings/declaration.js';
import { readSources, SettingsError } from '../settings/read-settings.js';
import { resolveTelling } from '../settings/resolve-settings.js';
import type { OutputSettings } from '../settings/settings.js';

/** What ended a command. */
interface Failure {
  readonly problems: readonly Problem[];
  /** Sentences that may explain them. */
  readonly notices: readonly string[];
  /** Where a bug of ours happened; null for everything else. */
  readonly stack: string | null;
}

/** Tells what ended the command, and answers the exit code. */
export async function reportFailure(runtime: Runtime, error: unknown): Promise<ExitCode> {
  const { output, redact } = await howToTell(runtime);
  const failure = failureOf(error);
  // Whatever was thrown ended the command, so that it cannot count as success.
  const exitCode = exitCodeOf(failure.problems, { isNothingDone: true }) || 1;
  if (output.logFormat === 'json') tellJson(runtime, failure, { redact, output, exitCode });
  else tellText(runtime, failure, redact);
  if (output.logFormat === 'text' && endsWithOutcome(runtime, error)) {
    runtime.stdout.write(`${outcomeWords(null, exitCode)}\n`);
  }
  if (failure.stack !== null && output.logLevel === 'debug') {
    runtime.stderr.write(`${redact(failure.stack)}\n`);
  }
  return exitCode;
}

/** A run that never began ends with the line that all of its ends have. */
function endsWithOutcome({ argv: [command] }: Runtime, error: unknown): boolean {
  return (command === 'sync' || command === 'plan') && error instanceof ProblemError;
}

/**
 * Tells that the result of the command was lost, whatever the command came to.
 * @param exitCode of the command
 * @returns the exit code: what has no result is not complete
 */
export async function reportLostResult(
  runtime: Runtime,
  error: Error,
  exitCode: number,
): Promise<number> {
  const { output, redact } = await howToTell(runtime);
  const { reason } = whyNotWritten(error);
  const problem: Problem = { code: 'result-not-written', reason };
  const failure: Failure = { problems: [problem], notices: [], stack: null };
  // In JSON without an end: stdout takes none.
  if (output.logFormat === 'json') tellEvents(jsonReporter(runtime, { redact, output }), failure);
  else tellText(runtime, failure, redact);
  // That there are changes is no success where nobody can read which.
  return exitCode === 0 || exitCode === CHANGES_EXIT_CODE ? exitCodeOf([problem]) : exitCode;
}

/** What the settings say about telling, and what is not to be told. */
async function howToTell({ argv, env, cwd }: Runtime): Promise<Telling> {
  const flags = flagsIn(argv);
  const { output, secrets } = await readSources({ flags, env, cwd })
    .then(({ value }) => resolveTelling(value))
    // What reads them may be what failed.
    .catch(() => resolveTelling({ flags, env, dotEnv: null, yaml: null }));
  return { output, redact: createRedactor(secrets) };
}

function failureOf(error: unknown): Failure {
  if (error instanceof ProblemError) {
    const notices = error instanceof SettingsError ? error.notices : [];
    return { problems: error.problems, notices, stack: null };
  }
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? null) : null;
  return { problems: [{ code: 'internal-error', message }], notices: [], stack };
}

function tellText(
  runtime: Pick<Runtime, 'stderr' | 'env' | 'cwd' | 'clock'>,
  { problems, notices }: Failure,
  redact: Redactor,
): void {
  const clean = (text: string): string => printable(redact(text));
  const { stderr } = runtime;
  const width = stderr.columns ?? 80;
  const lines = problems.flatMap((problem) => {
    const { severity, message, hint } = wordsOf(problem);
    return [
      ...wrapped(clean(message), width, `${SEVERITY_LABELS[severity]}: `),
      ...excerptLines(problem, { width, clean }, '  '),
      ...(hint === null ? [] : wrapped(clean(hint), width, '  > ')),
    ];
  });
  const notes = notices.flatMap((notice) => wrapped(clean(notice), width, 'note: '));
  for (const line of [...lines, ...notes]) stderr.write(`${line}\n`);
  annotate(runtime, ProblemLog.of(problems).groups(), redact);
}

interface Telling {
  readonly redact: Redactor;
  readonly output: OutputSettings;
}

function tellJson(
  runtime: Runtime,
  failure: Failure,
  { exitCode, ...telling }: Telling & { readonly exitCode: ExitCode },
): void {
  const reporter = jsonReporter(runtime, telling);
  tellEvents(reporter, failure);
  const problems = ProblemLog.of(failure.problems).groups();
  reporter.finish({ summary: null, problems, exitCode });
}

function jsonReporter(
  { stdout, stderr, clock }: Runtime,
  { redact, output }: Telling,
): JsonReporter {
  return new JsonReporter({
    stdout,
    stderr,
    redact,
    level: output.logLevel,
    now: () => clock.now(),
  });
}

function tellEvents({ listen }: JsonReporter, { problems, notices }: Failure): void {
  for (const problem of problems) listen({ type: 'problem', problem });
  for (const text of notices) listen({ type: 'note', level: 'info', text });
}

/** Options about output and files, straight from the arguments: they may be what could not be parsed. */
function flagsIn(argv: readonly string[]): FlagValues {
  const names: readonly string[] = [
    '--log-level',
    '--log-format',
    configFlag.name,
    envFileFlag.name,
  ];
  return Object.fromEntries(
    argv.flatMap((argument, index) => {
      const [name = '', value = argv[index + 1] ?? ''] = argument.split('=', 2);
      return names.includes(name) ? [[name, value]] : [];
    }),
  );
}
