import type { Clock } from '../clock.js';
import type { OwnLinks } from '../deletion/own-links.js';
import type { JqEngine } from '../mapping/engine/engine.js';
import type { Mapping } from '../mapping/mapping.js';
import type { Blueprint } from '../model/blueprint.js';
import type { EventListener } from '../model/event.js';
import type { PortClient } from '../port/port-client.js';
import type { Problem } from '../problems/problem.js';
import type { Source } from '../source/source.js';
import type { PortWriter } from './entity-writer.js';
import type { Identifiers } from './identifiers.js';

/** What reading and mapping need, which begin before Port is ready. */
export interface ReadingContext {
  readonly source: Source;
  /** Where entities hold the link of the item that they were made of. */
  readonly ownLinks: OwnLinks;
  readonly engine: JqEngine;
  readonly clock: Clock;
  readonly emit: EventListener;
  readonly report: (problem: Problem) => void;
  /** Aborted when the run is stopped from outside or its time is over. */
  readonly signal: AbortSignal;
}

/** What the stages of one run share. */
export interface RunContext extends ReadingContext {
  /** Reads; its calls end when the run is stopped. */
  readonly client: PortClient;
  /** Writes, or takes notes of what would be written. */
  readonly writer: PortWriter;
  readonly mapping: Mapping;
  readonly blueprints: ReadonlyMap<string, Blueprint>;
  /** Identifiers of those that this run created, or would create: they hold nothing yet. */
  readonly newBlueprints: ReadonlySet<string>;
  readonly identifiers: Identifiers;
}
