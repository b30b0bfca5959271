import type { Clock } from '../clock.js';
import type { Redactor } from '../http/redact.js';
import type { StartTimer } from '../http/attempt.js';
import { startTimeout } from '../http/create-http-client.js';
import { isStopped } from '../http/http-error.js';
import type { MappingResource } from '../mapping/mapping.js';
import type { RunEvent } from '../model/event.js';
import type { SyncState } from '../model/page-row.js';
import type { RunSummary } from '../model/summary.js';
import { describeFailure } from '../port/describe-failure.js';
import { PAGE, type Ingest } from '../port/ingest.js';
import type { Integration } from '../port/integration-record.js';
import { rowPayload } from '../port/sync-metrics.js';
import type { ExitCode } from '../problems/exit-code.js';
import { ProblemError, type Problem } from '../problems/problem.js';
import { PageLog, type KeptLine } from '../report/page-log.js';
import { PageRows } from '../report/page-rows.js';
import { outcomeWords } from '../report/result.js';
import type { Connections } from './connections/open-connections.js';
import type { RunControl } from './run-control.js';

/** Port takes a run for dead that is silent for about ten minutes: two beats may be lost. */
const BEAT_MILLISECONDS = 180_000;

/** So long may the end of a run wait for what is still to be told: a stop is over within 6 s. */
const LAST_MILLISECONDS = 3_000;

/** What a run hands over to be told of. */
export interface PageOptions {
  readonly clock: Clock;
  readonly random: () => number;
  /** When the run began, in milliseconds since the epoch. */
  readonly startedAt: number;
  readonly redact: Redactor;
  readonly control: Pick<RunControl, 'reading' | 'writing'>;
  /** What the command would end with now. */
  readonly exitCode: (summary: RunSummary | null) => ExitCode;
  readonly report: (problem: Problem) => void;
  readonly startTimer?: StartTimer;
}

/** Where the page is told, once the integration has said so. */
interface OpenPage {
  readonly ingest: Ingest;
  readonly eventId: string;
  readonly identity: Parameters<typeof rowPayload>[0];
}

/**
 * Tells Port's Data sources page how a run goes, as the container does: log lines, what each kind came
 * to, and that the run goes on. It is told beside the run, which waits for it at its end alone, and not
 * for long. The first call that fails is the last one, and a warning.
 */
export class DataSourcesPage {
  readonly #log: PageLog;
  readonly #rows: PageRows;
  readonly #over = new AbortController();
  readonly #startTimer: StartTimer;
  #page: OpenPage | null = null;
  /** Calls go out one after the other: what is told later counts. */
  #calls: Promise<void> = Promise.resolve();
  /** Whether there is nobody to tell any more, or never was. */
  #isOver = false;
  #stopBeat: () => void = () => undefined;

  constructor(private readonly options: PageOptions) {
    const { redact, clock, startedAt } = options;
    this.#log = new PageLog(redact, () => clock.now());
    this.#rows = new PageRows(startedAt);
    this.#startTimer = options.startTimer ?? startTimeout;
  }

  /** To be called with each event of the run. */
  readonly listen = (event: RunEvent): void => {
    if (this.#isOver) return;
    this.#log.listen(event);
    const ended = this.#rows.take(event);
    if (ended !== null) {
      this.#tell(({ ingest, identity, eventId }) =>
        ingest.replaceMetrics(ended.kindIdentifier, rowPayload(identity, eventId, ended)),
      );
    }
    if (this.#log.isFull) this.#tellLines(this.#log.take());
  };

  /** Takes the integration, which names the addresses, and tells that the run begins. */
  opener({ port, openPage }: Pick<Connections, 'port' | 'openPage'>) {
    return (
      { ingest: addresses }: Pick<Integration, 'ingest'>,
      resources: readonly MappingResource[],
    ): void => {
      this.#isOver = addresses.logs === null && addresses.metrics === null;
      if (this.#isOver) return;
      const { clock, random, redact, control } = this.options;
      const eventId = identifierOf(random);
      const signal = AbortSignal.any([control.writing, this.#over.signal]);
      try {
        const ingest = openPage({ addresses, eventId, signal });
        this.#page = { ingest, eventId, identity: port.integration };
      } catch (error) {
        this.#fail(error);
        return;
      }
      this.#rows.open(
        resources.map((resource) => ({
          reference: resource.reference,
          blueprint: redact(blueprintOf(resource)),
        })),
      );
      const begun = this.#rows.begun(clock.now());
      this.#tell(({ ingest, identity }) =>
        ingest.createMetrics(begun.map((row) => rowPayload(identity, eventId, row))),
      );
      this.#beatLater();
    };
  }

  /**
   * What the run comes to; tells how it ended before.
   * @throws what the run throws
   */
  async until(running: Promise<RunSummary>): Promise<RunSummary> {
    let summary: RunSummary | null = null;
    try {
      summary = await running;
      return summary;
    } catch (error) {
      const problems = error instanceof ProblemError ? error.problems : [];
      for (const problem of problems) this.#log.listen({ type: 'problem', problem });
      throw error;
    } finally {
      this.#stopBeat();
      await this.#tellEnd(summary);
      await this.#page?.ingest.close();
    }
  }

  async #tellEnd(summary: RunSummary | null): Promise<void> {
    if (this.#page === null || this.#isOver) return;
    const { control, clock } = this.options;
    const exitCode = this.options.exitCode(summary);
    const state = endState(control.reading.aborted, summary !== null && exitCode === 0);
    const { resources, phases } = this.#rows.ended(state, summary, clock.now());
    for (const row of resources) {
      this.#tell(({ ingest, identity, eventId }) =>
        ingest.replaceMetrics(row.kindIdentifier, rowPayload(identity, eventId, row)),
      );
    }
    this.#tell(({ ingest, identity, eventId }) =>
      ingest.createMetrics(phases.map((row) => rowPayload(identity, eventId, row))),
    );
    const isGood = state === 'completed';
    const text =
      summary === null ? `The run ended early: ${state}` : outcomeWords(summary, exitCode);
    this.#tellLines(this.#log.takeLast({ level: isGood ? 'info' : 'error', text }));
    await this.#settle();
  }

  /** Waits for what is on its way, and gives it up after a while. */
  async #settle(): Promise<void> {
    const stopTimer = this.#startTimer(LAST_MILLISECONDS, () => {
      this.#fail(
        new Error(`no answer within ${LAST_MILLISECONDS / 1_000} s at the end of the run`),
      );
      this.#over.abort(new Error('the run is over'));
    });
    const given = new Promise<void>((resolve) => {
      const signal = AbortSignal.any([this.options.control.writing, this.#over.signal]);
      if (signal.aborted) resolve();
      // What was under way has ended by the next turn: until then its connection cannot be closed.
      signal.addEventListener('abort', () => setImmediate(resolve));
    });
    await Promise.race([this.#calls, given]);
    stopTimer();
  }

  #beatLater(): void {
    this.#stopBeat = this.#startTimer(BEAT_MILLISECONDS, () => {
      this.#tellLines(this.#log.take());
      this.#tell(({ ingest }) => ingest.beat());
      this.#beatLater();
    });
  }

  #tellLines(lines: readonly KeptLine[]): void {
    this.#tell(({ ingest }) =>
      ingest.sendLines(
        lines.map(({ at, ...line }) => ({ ...line, timestamp: new Date(at).toISOString() })),
      ),
    );
  }

  #tell(call: (page: OpenPage) => Promise<void>): void {
    const page = this.#page;
    if (page === null || this.#isOver) return;
    this.#calls = this.#calls.then(async () => {
      if (this.#isOver) return;
      try {
        await call(page);
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  /** Nothing more is told then. That a stop ended a call is no failure of Port's. */
  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopBeat();
    if (isStopped(error)) return;
    this.options.report({
      code: 'best-effort-failed',
      subject: PAGE,
      reason: describeFailure(error),
      remedy: 'Only that page goes without: what is loaded is the same',
    });
  }
}

function endState(isStoppedEarly: boolean, isGood: boolean): SyncState {
  if (isStoppedEarly) return 'aborted';
  return isGood ? 'completed' : 'failed';
}

/** The first of its mappings, as the container tells it. */
function blueprintOf({ feeds: [feed] }: MappingResource): string {
  if (feed === undefined) return '';
  const { blueprint } = feed;
  return blueprint.type === 'literal' ? JSON.stringify(blueprint.identifier) : blueprint.expression;
}

/** A name for a run that no other has, in the form of a UUID of version 4. */
function identifierOf(random: () => number): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('');
  return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/u, '$1-$2-4$3-8$4-$5');
}
