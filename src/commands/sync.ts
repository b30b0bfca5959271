import { ownVersion } from '../cli/version.js';
import type { EventListener } from '../model/event.js';
import { hasWritten, isNothingDone, type RunSummary } from '../model/summary.js';
import { runPipeline } from '../pipeline.js';
import type { ExitCode } from '../problems/exit-code.js';
import type { RunEnd } from '../report/reporter.js';
import { RunRecord } from '../report/run-record.js';
import type { Runtime } from '../runtime.js';
import type { FlagValues } from '../settings/declaration.js';
import type { ResolvedSettings } from '../settings/settings.js';
import { createPortWriter } from '../stages/entity-writer-port.js';
import { DataSourcesPage } from './data-sources-page.js';
import { readRunSettings } from './read-run-settings.js';
import { withRunRequest } from './run-request.js';
import { inSession, openSession, type Session } from './session.js';
import { writeReports } from './write-reports.js';

/**
 * `sync`: one run.
 * @returns the exit code
 * @throws SettingsError when the settings cannot be used
 */
export async function sync(runtime: Runtime, flags: FlagValues): Promise<number> {
  return syncWith(runtime, await readRunSettings(runtime, flags));
}

/** One run with settings that are known to be good. */
export async function syncWith(runtime: Runtime, resolved: ResolvedSettings): Promise<number> {
  const opened = await openSession(runtime, resolved);
  const record = new RunRecord(ownVersion(), opened.startedAt);
  const page = opened.settings.sync.reportToPort ? pageOf(opened) : null;
  const emit: EventListener = (event) => {
    record.listen(event);
    opened.emit(event);
    page?.listen(event);
  };
  const session: Session = { ...opened, emit };
  const { control, log, reporter } = session;
  const summary = await inSession(session, () =>
    withRunRequest(session, async (request, port, connections) => {
      const running = runPipeline({
        ...request,
        client: port.withSignal(control.reading),
        // What is being written comes to its end when a run is stopped.
        writer: createPortWriter(port.withSignal(control.writing), emit),
        ...(page === null ? {} : { onIntegration: page.opener(connections) }),
      });
      return page === null ? running : page.until(running);
    }),
  );
  const end = (): RunEnd => ({
    summary,
    problems: log.groups(),
    exitCode: exitCodeNow(session, summary),
  });
  const upload = await writeReports(session, end(), record.facts(runtime.clock.now()));
  // Once more: that a report could not be written is a problem as well.
  const last = end();
  reporter.finish(last);
  // Outside of what the reporter folds.
  if (upload !== null) runtime.stderr.write(`${upload}\n`);
  return last.exitCode;
}

function pageOf(session: Session): DataSourcesPage {
  const { runtime, startedAt, redact, control, emit } = session;
  return new DataSourcesPage({
    clock: runtime.clock,
    random: runtime.random,
    startedAt,
    redact,
    control,
    exitCode: (summary) => exitCodeNow(session, summary),
    report: (problem) => {
      emit({ type: 'problem', problem });
    },
  });
}

function exitCodeNow({ log, settings }: Session, summary: RunSummary | null): ExitCode {
  const { strict } = settings.output;
  return log.exitCode({
    strict,
    isNothingDone: isNothingDone(summary),
    hasWritten: hasWritten(summary),
  });
}
