import type { Clock } from '../clock.js';
import type { JqEngine } from '../mapping/engine/engine.js';
import type { Mapping } from '../mapping/mapping.js';
import type { Blueprint } from '../model/blueprint.js';
import type { EventListener } from '../model/event.js';
import type { PortClient } from '../port/port-client.js';
import type { Problem } from '../problems/problem.js';
import type { Source } from '../source/source.js';

/** What the stages of one run share. */
export interface RunContext {
  readonly source: Source;
  readonly engine: JqEngine;
  /** Reads; its calls end when the run is stopped. */
  readonly client: PortClient;
  /** Writes; a stopped run lets what is under way come to its end. */
  readonly writingClient: PortClient;
  readonly mapping: Mapping;
  readonly blueprints: ReadonlyMap<string, Blueprint>;
  readonly clock: Clock;
  readonly emit: EventListener;
  readonly report: (problem: Problem) => void;
  /** Aborted when the run is stopped from outside or its time is over. */
  readonly signal: AbortSignal;
}
