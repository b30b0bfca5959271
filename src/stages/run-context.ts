import type { Clock } from '../clock.js';
import type { OwnLinks } from '../deletion/own-links.js';
import type { JqEngine } from '../mapping/engine/engine.js';
import type { Mapping, MappingResource } from '../mapping/mapping.js';
import type { Blueprint } from '../model/blueprint.js';
import type { EventListener } from '../model/event.js';
import type { PortClient } from '../port/port-client.js';
import type { Problem } from '../problems/problem.js';
import type { Source } from '../source/source.js';
import type { Approval } from '../deletion/history.js';
import type { JsonObject } from '../model/json.js';
import type { BlueprintDefinition } from '../port/create-blueprints.js';
import type { Integration } from '../port/integration-record.js';
import type { PortWriter } from './entity-writer.js';
import type { Identifiers } from './identifiers.js';
import type { MappingOrigin, Narrowing } from './choose-mapping.js';

/** What reading and mapping need, which begin before Port is ready. */
export interface ReadingContext {
  readonly source: Source;
  /** Where entities hold the link of the item that they were made of. */
  readonly ownLinks: OwnLinks;
  readonly engine: JqEngine;
  readonly clock: Clock;
  /** When the run began, in milliseconds since the epoch: by Port's clock, where Port told it. */
  readonly now: number;
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

/** All that a run needs from outside. */
export interface RunRequest {
  readonly source: Source;
  /** The source in words: `Bitbucket Data Center https://bitbucket.example.com`. */
  readonly describe: string;
  readonly client: PortClient;
  readonly writer: PortWriter;
  readonly engine: JqEngine;
  readonly clock: Clock;
  /** Gives a number from 0 to below 1. */
  readonly random: () => number;
  /** When the command began, in milliseconds since the epoch: its limit is counted from there. */
  readonly startedAt: number;
  readonly emit: EventListener;
  /**
   * Told of the integration once it is there, with what is loaded for it. Absent where Port's page of
   * it is told nothing.
   */
  readonly onIntegration?: (
    integration: Integration,
    resources: readonly MappingResource[],
  ) => void;
  readonly signal: AbortSignal;
  /** The mapping of the settings, or null. */
  readonly localMapping: MappingOrigin | null;
  readonly defaults: {
    readonly mapping: JsonObject;
    readonly blueprints: readonly BlueprintDefinition[];
  };
  /** Whether the user chose the integration's identifier. */
  readonly isIdentifierChosen: boolean;
  readonly initializePortResources: boolean;
  readonly narrowing: Narrowing;
  readonly deletion: {
    readonly isOn: boolean;
    /** Overrides the mapping's for this run; null keeps it. */
    readonly threshold: number | null;
    /** The only blueprints to delete in; null: every one. */
    readonly only: ReadonlySet<string> | null;
    readonly approval: Approval | null;
    /** With `--allow-cascade`. */
    readonly isCascadeAllowed: boolean;
  };
  /** Whether settings hold the secret of webhooks, which says that there are any. */
  readonly hasWebhookSecret: boolean;
  /** Whether Port is sent the first raw items of each kind. */
  readonly sendRawDataExamples: boolean;
  /** How long a repository may go unread for want of requests. */
  readonly maxStaleMilliseconds: number;
  /** The time that the run has; null for any. */
  readonly timeoutMilliseconds: number | null;
  /** How the run stands by its problems so far, for Port. */
  readonly outcome: () => 'completed' | 'failed' | 'aborted';
  /** Requests over the wire so far. */
  readonly requests: () => { readonly bitbucket: number; readonly port: number };
}
