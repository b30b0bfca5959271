import { ownVersion } from '../cli/version.js';
import type { EventListener } from '../model/event.js';
import { hasChanges, type Plan } from '../model/plan.js';
import { isNothingDone, type RunSummary } from '../model/summary.js';
import { runPipeline } from '../pipeline.js';
import { readOnlyClient } from '../port/watched-client.js';
import { annotate } from '../report/annotations.js';
import { layoutFor } from '../report/choose-reporter.js';
import { CHANGES_EXIT_CODE, planDocument, type PlanEnd } from '../report/plan-end.js';
import { planMarkdown } from '../report/plan-markdown.js';
import { planLines } from '../report/plan-report.js';
import { RunRecord } from '../report/run-record.js';
import { jsonLine } from '../report/text.js';
import type { Runtime } from '../runtime.js';
import type { FlagValues } from '../settings/declaration.js';
import { createPlanWriter } from '../stages/plan-writer.js';
import { wantsJson } from './options.js';
import { readRunSettings } from './read-run-settings.js';
import { withRunRequest } from './run-request.js';
import { inSession, openSession, type Session } from './session.js';
import { writeSummary } from './write-reports.js';

/** Changes of an action that are shown of each blueprint, unless all are asked for. */
const SHOWN = 20;

interface PlanOptions {
  readonly isJson: boolean;
  readonly showsAll: boolean;
  readonly tellsChanges: boolean;
}

/**
 * `plan`: one run that writes nothing, and tells what `sync` would change.
 * @returns the exit code; with `--detailed-exitcode`, 10 for changes
 * @throws SettingsError when the settings cannot be used; ProblemError usage-invalid
 */
export async function plan(runtime: Runtime, flags: FlagValues): Promise<number> {
  const options: PlanOptions = {
    isJson: wantsJson(flags),
    showsAll: flags['--all'] === true,
    tellsChanges: flags['--detailed-exitcode'] === true,
  };
  const session = await openSession(
    runtime,
    await readRunSettings(runtime, flags, { hasReport: false }),
  );
  const { settings, log, reporter } = session;
  const record = new RunRecord(ownVersion(), session.startedAt);
  const isWhole = options.isJson || options.showsAll || settings.output.logFormat === 'json';
  const planned = await inSession(session, () =>
    makePlan(session, record, isWhole ? Infinity : SHOWN),
  );
  const endNow = (): PlanEnd => {
    const worst = log.exitCode({
      strict: settings.output.strict,
      isNothingDone: isNothingDone(planned?.summary ?? null),
    });
    const tells =
      worst === 0 && options.tellsChanges && planned !== null && hasChanges(planned.plan);
    return { planned, problems: log.groups(), exitCode: tells ? CHANGES_EXIT_CODE : worst };
  };
  reporter.stop();
  const facts = record.facts(runtime.clock.now());
  const upload = await writeSummary(session, () => planMarkdown(endNow(), facts, session.redact));
  // Once more: that a summary could not be written is a problem as well.
  const end = endNow();
  show(end, session, options);
  if (upload !== null) runtime.stderr.write(`${upload}\n`);
  return end.exitCode;
}

function makePlan(
  session: Session,
  record: RunRecord,
  limit: number,
): Promise<{ readonly plan: Plan; readonly summary: RunSummary }> {
  return withRunRequest(session, async (request, port) => {
    const client = readOnlyClient(port.withSignal(session.control.reading));
    const planWriter = createPlanWriter(client, limit);
    const emit: EventListener = (event) => {
      record.listen(event);
      request.emit(event);
    };
    const summary = await runPipeline({
      ...request,
      emit,
      client,
      writer: planWriter.writer,
    });
    return { summary, plan: await planWriter.plan(request) };
  });
}

function show(end: PlanEnd, session: Session, { isJson }: PlanOptions): void {
  const { redact, settings, runtime } = session;
  const { stdout, env } = runtime;
  // In a log of JSON, a line for the platform would be none for its reader.
  if (settings.output.logFormat !== 'json') annotate(runtime, end.problems, redact);
  if (isJson || settings.output.logFormat === 'json') {
    stdout.write(`${jsonLine(planDocument(end), redact)}\n`);
    return;
  }
  stdout.write(`${planLines(end, layoutFor(stdout, env, redact)).join('\n')}\n`);
}
