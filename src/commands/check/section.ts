import { HttpError } from '../../http/http-error.js';
import type { Redactor } from '../../http/redact.js';
import type { JqEngine } from '../../mapping/engine/engine.js';
import type { Mapping } from '../../mapping/mapping.js';
import type { Blueprint } from '../../model/blueprint.js';
import type { CheckFinding, CheckSection } from '../../model/check.js';
import type { RawItem } from '../../model/page.js';
import type { Webhook } from '../../port/webhooks.js';
import { ProblemError, type Problem } from '../../problems/problem.js';
import type { Runtime } from '../../runtime.js';
import type { SettingsReading } from '../../settings/read-settings.js';
import type { IntegrationRecord } from '../../stages/choose-mapping.js';
import type { RunControl } from '../run-control.js';

/** What a check is given. */
export interface CheckContext {
  readonly runtime: Runtime;
  readonly settings: SettingsReading;
  readonly isOffline: boolean;
  readonly redact: Redactor;
  readonly control: RunControl;
}

/** What the sections found out, for those that come after them. Null: it could not be had. */
export interface Seen {
  readonly engine: JqEngine | null;
  /** The integration in Port. */
  readonly record: IntegrationRecord | null;
  readonly blueprints: ReadonlyMap<string, Blueprint> | null;
  /** The webhook that writes for the integration; null as well where there is none. */
  readonly webhook: Webhook | null;
  /** The mapping that a run would use, compiled. */
  readonly mapping: Mapping | null;
  /** An item that each resource takes, by its index, as far as small requests bring one. */
  readonly samples: ReadonlyMap<number, RawItem>;
}

/** A part of a check: gathers findings, and answers what it found out. */
export type Section = (
  check: CheckContext & Seen,
  found: Findings,
) => Partial<Seen> | Promise<Partial<Seen>>;

/** Findings of one section, gathered as they come. */
export class Findings {
  readonly all: CheckFinding[] = [];

  constructor(private readonly section: CheckSection) {}

  ok(message: string): void {
    this.all.push({ section: this.section, status: 'ok', message });
  }

  note(message: string): void {
    this.all.push({ section: this.section, status: 'note', message });
  }

  problem(problem: Problem): void {
    this.all.push({ section: this.section, status: 'problem', problem });
  }

  /**
   * What the action gives; null when it ended in problems, which are found then, or the check was
   * stopped, which is told elsewhere.
   * @throws whatever else the action throws
   */
  async attempt<Value>(action: () => Promise<Value>): Promise<Value | null> {
    try {
      return await action();
    } catch (error) {
      if (error instanceof HttpError && error.failure === 'aborted') return null;
      if (!(error instanceof ProblemError)) throw error;
      for (const problem of error.problems) this.problem(problem);
      return null;
    }
  }
}
