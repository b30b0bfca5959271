import { createRedactor, type Redactor } from '../../http/redact.js';
import type { JqEngine } from '../../mapping/engine/engine.js';
import type { Problem } from '../../problems/problem.js';
import type { Runtime } from '../../runtime.js';
import type { SettingsReading } from '../../settings/read-settings.js';
import type { Settings } from '../../settings/settings.js';
import { ownVersion } from '../../cli/version.js';
import type { ConnectionOptions } from '../connections/connection-options.js';
import { controlRun, type RunControl } from '../run-control.js';

/** What all parts of a check share. */
export interface CheckContext {
  readonly runtime: Runtime;
  readonly settings: SettingsReading;
  readonly isOffline: boolean;
  readonly redact: Redactor;
  readonly control: RunControl;
  /** What comes up besides the findings, such as a signal. */
  readonly problems: Problem[];
}

/** Begins a check. `control` is to be released. */
export function openCheck(
  runtime: Runtime,
  settings: SettingsReading,
  isOffline: boolean,
): CheckContext {
  const problems: Problem[] = [];
  const { timeoutMilliseconds } = settings.parts.sync;
  return {
    runtime,
    settings,
    isOffline,
    redact: createRedactor(settings.secrets),
    problems,
    control: controlRun(runtime, timeoutMilliseconds, (problem) => problems.push(problem)),
  };
}

/** A jq that can be used; null: there is none. */
export type FoundEngine = JqEngine | null;

/**
 * How a check reaches either side. Nothing is repeated: who looks wants to know how it is now, and
 * not to wait until it is better.
 */
export function checkConnection({
  runtime,
  settings,
  redact,
  control,
}: CheckContext): ConnectionOptions {
  const { parts } = settings;
  const network: Settings['network'] = { ...parts.network, retries: 0 };
  return {
    settings: { ...parts, network },
    version: ownVersion(),
    clock: runtime.clock,
    random: runtime.random,
    redact,
    emit: () => undefined,
    signal: control.reading,
    lastSignal: control.reading,
    deadline: control.deadline,
  };
}
