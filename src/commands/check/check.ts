import { isDeepStrictEqual } from 'node:util';
import { ownVersion } from '../../cli/version.js';
import type { CheckFinding } from '../../model/check.js';
import type { ExitCode } from '../../problems/exit-code.js';
import { ProblemLog } from '../../problems/problem-log.js';
import { annotate } from '../../report/annotations.js';
import { checkMarkdown } from '../../report/check-markdown.js';
import { checkDocument } from '../../report/check-json.js';
import { checkEnd, checkLines } from '../../report/check-text.js';
import { colorsFor } from '../../report/choose-reporter.js';
import { resultWidth } from '../../report/plain-reporter.js';
import { jsonLine, printable } from '../../report/text.js';
import type { Runtime } from '../../runtime.js';
import type { FlagValues } from '../../settings/declaration.js';
import { asSpelled } from '../../settings/shown-settings.js';
import { readSettings, type SettingsReading } from '../../settings/read-settings.js';
import { checkBitbucket } from './check-bitbucket.js';
import { checkCatalog } from './check-catalog.js';
import { openCheck, type CheckContext } from './check-context.js';
import { checkJq } from './check-jq.js';
import { checkMapping } from './check-mapping.js';
import { checkNetwork } from './check-network.js';
import { checkOptions, type CheckOptions } from './check-options.js';
import { checkPort } from './check-port.js';
import { checkSettings } from './check-settings.js';
import { writeSummary } from '../write-reports.js';
import { Findings } from './findings.js';

/** Takes the findings of a section as soon as they are there. */
type Tell = (findings: Findings) => void;

/**
 * `check`: looks at everything that a run depends on, and says what is wrong and what to do. Writes
 * nothing.
 * @returns the exit code
 * @throws ProblemError usage-invalid
 */
export async function check(runtime: Runtime, flags: FlagValues): Promise<number> {
  const asked = checkOptions(flags);
  const { env, cwd } = runtime;
  const settings = await readSettings({ flags, env, cwd }, { isOffline: asked.isOffline });
  const { logFormat } = settings.parts.output;
  const options = { ...asked, isJson: asked.isJson || logFormat === 'json' };
  const context = openCheck(runtime, settings, options.isOffline);
  const findings: CheckFinding[] = [];
  const show = shown(context, options);
  const tell: Tell = ({ all }) => {
    const told = all.map((finding) => inOwnSpelling(finding, settings));
    const fresh = told.filter((finding) => !findings.some((other) => isRepeated(finding, other)));
    findings.push(...fresh);
    show(fresh);
  };
  try {
    await look(context, tell);
  } finally {
    context.control.release();
  }
  tell(whatStopped(context));
  tell(await writeMarkdown(findings, context));
  return end(findings, context, options);
}

/** What is wrong with certificates shows at each connection that needs them. */
function isRepeated(finding: CheckFinding, other: CheckFinding): boolean {
  return (
    finding.status === 'problem' &&
    other.status === 'problem' &&
    isDeepStrictEqual(finding.problem, other.problem)
  );
}

function inOwnSpelling(finding: CheckFinding, settings: SettingsReading): CheckFinding {
  if (finding.status !== 'problem') return finding;
  return { ...finding, problem: asSpelled(finding.problem, settings) };
}

/** The summary, where it is asked for. @returns what kept it from being written */
async function writeMarkdown(
  findings: readonly CheckFinding[],
  { runtime, settings, redact }: CheckContext,
): Promise<Findings> {
  const found = new Findings('check');
  const markdown = (): string =>
    checkMarkdown(findings, exitCodeOf(findings, settings), ownVersion(), redact);
  const upload = await writeSummary(
    {
      runtime,
      settings: settings.parts,
      emit: (event) => {
        if (event.type === 'problem') found.problem(event.problem);
      },
    },
    markdown,
  );
  if (upload !== null) runtime.stderr.write(`${upload}\n`);
  return found;
}

/** A signal or the time limit may have cut it short. */
function whatStopped({ problems }: CheckContext): Findings {
  const found = new Findings('check');
  for (const problem of problems) found.problem(problem);
  return found;
}

async function look(context: CheckContext, tell: Tell): Promise<void> {
  tell(await checkSettings(context));
  const { found, engine } = await checkJq(context);
  tell(found);
  try {
    if (context.isOffline) {
      tell((await checkMapping(context, engine, null)).found);
      return;
    }
    tell(await checkNetwork(context));
    const port = await checkPort(context);
    tell(port.found);
    const { found: ofMapping, mapping } = await checkMapping(context, engine, port.seen.record);
    tell(ofMapping);
    const bitbucket = await checkBitbucket(context, mapping);
    tell(bitbucket.found);
    tell(await checkCatalog(context, engine, mapping, port.seen, bitbucket));
  } finally {
    await engine?.close();
  }
}

/** Text is shown section by section, as servers may take their time; JSON is one value. */
function shown(
  context: CheckContext,
  { isJson }: CheckOptions,
): (findings: readonly CheckFinding[]) => void {
  const { stdout, env } = context.runtime;
  if (isJson) return () => undefined;
  return (findings) => {
    const told = isQuiet(context.settings)
      ? findings.filter(({ status }) => status === 'problem')
      : findings;
    const lines = checkLines(told, {
      width: resultWidth(stdout),
      colors: colorsFor(stdout, env),
      clean: (text) => printable(context.redact(text)),
    });
    stdout.write(lines.map((line) => `${line}\n`).join(''));
  };
}

/** Only problems are shown. */
function isQuiet({ parts }: CheckContext['settings']): boolean {
  return parts.output.logLevel === 'error' || parts.output.logLevel === 'warning';
}

function end(
  findings: readonly CheckFinding[],
  { runtime, settings, redact }: CheckContext,
  { isJson }: CheckOptions,
): ExitCode {
  const log = logOf(findings);
  const problems = log.groups();
  const exitCode = exitCodeOf(findings, settings);
  const { stdout, env } = runtime;
  if (settings.parts.output.logFormat !== 'json') annotate(runtime, problems, redact);
  if (isJson) stdout.write(`${jsonLine(checkDocument(findings, exitCode), redact)}\n`);
  else {
    const isApart = problems.length > 0 || !isQuiet(settings);
    const last = checkEnd(findings, exitCode, colorsFor(stdout, env));
    stdout.write(`${isApart ? '\n' : ''}${last}\n`);
  }
  return exitCode;
}

function logOf(findings: readonly CheckFinding[]): ProblemLog {
  return ProblemLog.of(
    findings.flatMap((finding) => (finding.status === 'problem' ? finding.problem : [])),
  );
}

function exitCodeOf(
  findings: readonly CheckFinding[],
  { parts }: CheckContext['settings'],
): ExitCode {
  return logOf(findings).exitCode({ strict: parts.output.strict });
}
