import { isDeepStrictEqual } from 'node:util';
import { ownVersion } from '../../cli/version.js';
import { withLocations } from '../../mapping/locate-expression.js';
import type { CheckFinding, CheckSection } from '../../model/check.js';
import type { ExitCode } from '../../problems/exit-code.js';
import { ProblemLog } from '../../problems/problem-log.js';
import type { Problem } from '../../problems/problem.js';
import { annotate } from '../../report/annotations.js';
import { checkDocument, checkEnd, checkLines, checkMarkdown } from '../../report/check-report.js';
import { colorsFor, layoutFor } from '../../report/choose-reporter.js';
import { jsonLine } from '../../report/text.js';
import type { Runtime } from '../../runtime.js';
import type { FlagValues } from '../../settings/declaration.js';
import { readSettings } from '../../settings/read-settings.js';
import { asSpelled } from '../../settings/shown-settings.js';
import { wantsJson } from '../options.js';
import { writeSummary } from '../write-reports.js';
import { checkBitbucket } from './check-bitbucket.js';
import { checkCatalog } from './check-catalog.js';
import { checkJq, checkMapping } from './check-mapping.js';
import { checkPort } from './check-port.js';
import { checkNetwork, checkSettings } from './check-settings.js';
import { openCheck } from './either-side.js';
import { type CheckContext, Findings, type Section, type Seen } from './section.js';

/** What is looked at, in this order: each section is given what those before it found out. */
const SECTIONS: readonly (readonly [CheckSection, Section])[] = [
  ['settings', checkSettings],
  ['jq', checkJq],
  ['network', checkNetwork],
  ['port', checkPort],
  ['mapping', checkMapping],
  ['bitbucket', checkBitbucket],
  ['catalog', checkCatalog],
];

/** Those that need no server. */
const OFFLINE: readonly CheckSection[] = ['settings', 'jq', 'mapping'];

const NOTHING_SEEN: Seen = {
  engine: null,
  record: null,
  blueprints: null,
  webhook: null,
  mapping: null,
  samples: new Map(),
};

/** Takes the findings of a section as soon as they are there. */
type Tell = (findings: Findings) => void;

/**
 * `check`: looks at everything that a run depends on, and says what is wrong and what to do. Writes
 * nothing.
 * @returns the exit code
 * @throws ProblemError usage-invalid
 */
export async function check(runtime: Runtime, flags: FlagValues): Promise<number> {
  const { env, cwd } = runtime;
  const wishesJson = wantsJson(flags);
  const isOffline = flags['--offline'] === true;
  const settings = await readSettings({ flags, env, cwd }, { isOffline });
  const isJson = wishesJson || settings.parts.output.logFormat === 'json';
  const besides: Problem[] = [];
  const context = openCheck(runtime, settings, isOffline, (problem) => besides.push(problem));
  const findings: CheckFinding[] = [];
  const { mapping } = context.settings.parts;
  const placed = mapping === null ? null : withLocations(mapping);
  const inOwnWords = (problem: Problem): Problem => {
    const spelled = asSpelled(problem, context.settings);
    return placed?.(spelled) ?? spelled;
  };
  const tell: Tell = ({ all }) => {
    const told = all.map((finding) =>
      finding.status === 'problem' ? { ...finding, problem: inOwnWords(finding.problem) } : finding,
    );
    const fresh: CheckFinding[] = [];
    for (const finding of told) {
      if (findings.some((other) => isRepeated(finding, other))) continue;
      fresh.push(finding);
      findings.push(finding);
    }
    // Text is shown section by section, as servers may take their time; JSON is one value.
    if (!isJson) show(fresh, context);
  };
  try {
    await look(context, tell);
  } finally {
    context.control.release();
  }
  // A signal or the time limit may have cut it short.
  const stopped = new Findings('check');
  for (const problem of besides) stopped.problem(problem);
  tell(stopped);
  tell(await writeMarkdown(findings, context));
  return end(findings, context, isJson);
}

async function look(context: CheckContext, tell: Tell): Promise<void> {
  let seen = NOTHING_SEEN;
  try {
    for (const [name, section] of SECTIONS) {
      if (context.isOffline && !OFFLINE.includes(name)) continue;
      const found = new Findings(name);
      seen = { ...seen, ...(await section({ ...context, ...seen }, found)) };
      tell(found);
    }
  } finally {
    await seen.engine?.close();
  }
}

/** What is wrong with certificates shows at each connection that needs them. */
function isRepeated(finding: CheckFinding, other: CheckFinding): boolean {
  return (
    finding.status === 'problem' &&
    other.status === 'problem' &&
    isDeepStrictEqual(finding.problem, other.problem)
  );
}

/** The summary, where it is asked for. @returns what kept it from being written */
async function writeMarkdown(
  findings: readonly CheckFinding[],
  { runtime, settings, redact }: CheckContext,
): Promise<Findings> {
  const found = new Findings('check');
  const upload = await writeSummary(
    {
      runtime,
      settings: settings.parts,
      emit: (event) => {
        if (event.type === 'problem') found.problem(event.problem);
      },
    },
    () => checkMarkdown(findings, exitCodeOf(findings, settings), ownVersion(), redact),
  );
  if (upload !== null) runtime.stderr.write(`${upload}\n`);
  return found;
}

function show(
  findings: readonly CheckFinding[],
  { runtime: { stdout, env }, settings, redact }: CheckContext,
): void {
  const told = isQuiet(settings) ? findings.filter(({ status }) => status === 'problem') : findings;
  const lines = checkLines(told, layoutFor(stdout, env, redact));
  stdout.write(lines.map((line) => `${line}\n`).join(''));
}

/** Only problems are shown. */
function isQuiet({ parts }: CheckContext['settings']): boolean {
  return parts.output.logLevel === 'error' || parts.output.logLevel === 'warning';
}

function end(
  findings: readonly CheckFinding[],
  { runtime, settings, redact }: CheckContext,
  isJson: boolean,
): ExitCode {
  const problems = logOf(findings).groups();
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
