import { setMaxListeners } from 'node:events';
import { DEFAULTS } from '../defaults/index.js';
import { ownVersion } from '../cli/version.js';
import type { PortClient } from '../port/port-client.js';
import type { Settings } from '../settings/settings.js';
import type { MappingOrigin, Narrowing } from '../stages/choose-mapping.js';
import type { RunRequest } from '../stages/run-context.js';
import { type Connections, openConnections } from './connections/open-connections.js';
import type { JqEngine } from '../mapping/engine/engine.js';
import { withEngine } from './open-engine.js';
import type { RunControl } from './run-control.js';
import type { Session } from './session.js';
import { serverKinds } from '../source/server/kinds/index.js';
import type { SelectorOverrides } from '../source/server/kinds/kind.js';

/** What differs between commands that run the pipeline: how Port is asked, and what writes there. */
export type PortSide = Pick<RunRequest, 'client' | 'writer'>;

/**
 * Opens both connections, which sends nothing yet; closes them after the action. What is still under
 * way then is given up: Bitbucket may be read ahead of an action that failed.
 */
export async function withConnections<Value>(
  { runtime, settings, redact, emit, control }: Session,
  action: (connections: Connections) => Promise<Value>,
): Promise<Value> {
  const over = new AbortController();
  const signal = AbortSignal.any([control.reading, over.signal]);
  // Every request under way listens; Node.js would take more than ten for a leak.
  setMaxListeners(0, signal);
  const connections = openConnections({
    settings,
    version: ownVersion(),
    clock: runtime.clock,
    random: runtime.random,
    redact,
    emit,
    signal,
    lastSignal: control.writing,
    deadline: control.deadline,
    isEachTold: settings.output.logLevel === 'debug',
  });
  try {
    return await action(connections);
  } finally {
    over.abort(new Error('the command is over'));
    await connections.close();
  }
}

/**
 * Hands over all that a run needs, less Port's side.
 * @throws ProblemError jq-unavailable, setting-invalid, and what the action throws
 */
export function withRunRequest<Value>(
  session: Session,
  action: (
    request: Omit<RunRequest, keyof PortSide>,
    port: PortClient,
    connections: Connections,
  ) => Promise<Value>,
): Promise<Value> {
  const { settings, runtime, emit } = session;
  return withEngine(settings.jq, runtime, emit, (engine) => {
    runtime.tuneForRun?.();
    return withConnections(session, (connections) =>
      action(requestOf(session, connections, engine), connections.port, connections),
    );
  });
}

function requestOf(
  { runtime, settings, startedAt, log, control, ...session }: Session,
  { bitbucket, requests }: Connections,
  engine: JqEngine,
): Omit<RunRequest, keyof PortSide> {
  return {
    source: bitbucket.source,
    describe: bitbucket.description,
    engine,
    emit: session.emit,
    requests,
    clock: runtime.clock,
    random: runtime.random,
    startedAt,
    signal: control.reading,
    localMapping: localMapping(settings),
    defaults: DEFAULTS[settings.integration.type],
    isIdentifierChosen: settings.integration.isIdentifierChosen,
    initializePortResources: settings.initializePortResources,
    narrowing: narrowingOf(settings),
    deletion: {
      isOn: settings.sync.delete,
      threshold: settings.sync.deletionThreshold,
      only: settings.sync.deleteOnly === null ? null : new Set(settings.sync.deleteOnly),
      approval: settings.sync.approval,
      isCascadeAllowed: settings.sync.allowCascade,
    },
    hasWebhookSecret: settings.webhooks.secret !== null,
    sendRawDataExamples: settings.sendRawDataExamples,
    maxStaleMilliseconds: settings.sync.maxStaleMilliseconds,
    timeoutMilliseconds: settings.sync.timeoutMilliseconds,
    outcome: () => outcomeOf(log, control),
  };
}

/** The mapping of the settings, where a mistake in it is the user's own; null without one. */
export function localMapping({ mapping }: Pick<Settings, 'mapping'>): MappingOrigin | null {
  return mapping === null ? null : { ...mapping, unknownKeys: 'error' };
}

function outcomeOf(
  log: Session['log'],
  { reading }: RunControl,
): 'completed' | 'failed' | 'aborted' {
  if (reading.aborted) return 'aborted';
  return log.exitCode({ strict: false }) === 0 ? 'completed' : 'failed';
}

/** What the settings leave out of one run. */
function narrowingOf({ sync, bitbucket }: Settings): Narrowing {
  return { kinds: sync.kinds, selectedKinds: new Set(selectedKinds(bitbucket)) };
}

/** No setting selects among what Cloud lists: there, selectors alone do. */
function selectedKinds(bitbucket: Settings['bitbucket']): readonly string[] {
  if (bitbucket.type === 'cloud') return [];
  const isSet: Readonly<Record<keyof SelectorOverrides, boolean>> = {
    projectsFilter: bitbucket.projects !== null,
    pullRequestState: bitbucket.pullRequestState !== null,
  };
  return serverKinds
    .filter(({ narrowedBy }) => narrowedBy.some((override) => isSet[override]))
    .map(({ name }) => name);
}
