import { DEFAULTS } from '../../defaults/index.js';
import { createIntegration, noteWebhook } from '../../port/integration.js';
import type { PortClient } from '../../port/port-client.js';
import { readWebhook, webhookIdentifier, type WebhookContent } from '../../port/webhooks.js';
import { ProblemError, type Problem } from '../../problems/problem.js';
import type { Runtime } from '../../runtime.js';
import type { FlagValues } from '../../settings/declaration.js';
import { webhookSettings } from '../../settings/declarations/webhooks.js';
import type { ResolvedSettings } from '../../settings/settings.js';
import type { HookLevel } from '../../source/kind-events.js';
import {
  findIntegration,
  type IntegrationRecord,
  mappingOrigin,
  readMapping,
} from '../../stages/choose-mapping.js';
import { eventsAt, planWebhook, type WebhookPlan } from '../../stages/webhook-mapping.js';
import type { Connections } from '../connections/open-connections.js';
import { withEngine } from '../open-engine.js';
import { wantsJson } from '../options.js';
import { readWholeSettings } from '../read-run-settings.js';
import { localMapping, withConnections } from '../run-request.js';
import { inSession, openSession, type Session } from '../session.js';
import { hookClient, type HookContent, isForbidden } from './bitbucket-hooks.js';
import { chosenLevel, levelOf, levelsToClear, placesAt, versionParts } from './places.js';
import { runSamples } from './sample-events.js';
import {
  hookSteps,
  lookAt,
  planned,
  portRemoval,
  portStep,
  type RefusedPlace,
  refusalOf,
  removalSteps,
  type SeenPlace,
  type Step,
  take,
} from './set-up.js';
import { tellWebhooks, type WebhooksAction, type WebhooksResult } from './tell.js';

/** A shorter secret is guessed; Bitbucket Cloud takes no longer one. */
const SECRET_LENGTH = { least: 16, most: 128 };

/** What the script of Port's documents takes where nothing is set: everybody can read it. */
const PUBLISHED_SECRET = 'bitbucket_webhook_secret';

/** How Port tells what Bitbucket sent from what anybody may have sent. The secret comes besides. */
const SECURITY = {
  signatureHeaderName: 'x-hub-signature',
  signatureAlgorithm: 'sha256',
  signaturePrefix: 'sha256=',
  // Both Bitbuckets number what they send; the letters of header names come in any case.
  requestIdentifierPath:
    '[.headers | to_entries[] | select(.key | ascii_downcase | IN("x-request-id", "x-request-uuid")) | .value][0]',
} as const;

/** `webhooks plan`, `apply` and `remove`. */
export function webhooksCommand(action: WebhooksAction) {
  return async (runtime: Runtime, flags: FlagValues): Promise<number> =>
    webhooksWith(
      action,
      runtime,
      await readWholeSettings(runtime, flags, { makesWebhooks: true }),
      flags,
    );
}

/** The same, with settings that are known to be good. @returns the exit code */
export async function webhooksWith(
  action: WebhooksAction,
  runtime: Runtime,
  resolved: ResolvedSettings,
  flags: FlagValues,
): Promise<number> {
  const isJson = wantsJson(flags);
  const { settings } = resolved;
  const chosen = chosenLevel(flags['--level'], settings.bitbucket.type);
  const secret = action === 'remove' ? '' : secretOf(settings.webhooks.secret);
  const session = await openSession(runtime, resolved);
  const result: WebhooksResult = { steps: [], address: null, plan: null, samples: [] };
  const run: WebhooksRun = {
    session,
    chosen,
    secret,
    rotates: flags['--rotate-secret'] === true,
    writes: action !== 'plan',
    result,
    report: (problem) => {
      session.emit({ type: 'problem', problem });
    },
  };
  await inSession(session, () => (action === 'remove' ? removeAll(run) : setUp(run)));
  session.reporter.stop();
  return tellWebhooks(action, session, result, {
    isJson,
    tellsChanges: flags['--detailed-exitcode'] === true,
  });
}

/** @throws ProblemError setting-missing, setting-invalid */
function secretOf(secret: string | null): string {
  const { name, variables } = webhookSettings.secret;
  if (secret === null) {
    const spellings = [...variables].reverse();
    throw ProblemError.of({ code: 'setting-missing', setting: name, spellings });
  }
  const { least, most } = SECRET_LENGTH;
  if (secret.length >= least && secret.length <= most) return secret;
  const reason = `must be ${least} to ${most} characters long; openssl rand -hex 32 makes a good one`;
  throw ProblemError.of({ code: 'setting-invalid', spelling: 'WEBHOOK_SECRET', reason });
}

/** One command under way. */
interface WebhooksRun {
  readonly session: Session;
  /** Null: auto. */
  readonly chosen: HookLevel | null;
  readonly secret: string;
  readonly rotates: boolean;
  readonly writes: boolean;
  readonly result: WebhooksResult;
  readonly report: (problem: Problem) => void;
}

function setUp(run: WebhooksRun): Promise<void> {
  const { session, result, report } = run;
  const { settings, runtime, emit } = session;
  if (run.secret === PUBLISHED_SECRET) {
    const text =
      'the secret of webhooks is the one of a published script, which everybody can read: set WEBHOOK_SECRET to another, and run webhooks apply --rotate-secret';
    emit({ type: 'note', level: 'info', text });
  }
  return withEngine(settings.jq, runtime, emit, (engine) =>
    withConnections(session, async (connections) => {
      const { source } = connections.bitbucket;
      const local = localMapping(settings);
      // A mapping of the user's own is checked before any request.
      const own = local === null ? null : await readMapping(local, engine, source);
      const { port, record } = await begin(run, connections);
      if (record.status === 'missing') {
        const { identifier } = port.integration;
        const text = `Port has no integration ${identifier} yet: run sync first, as it creates the blueprints that events fill`;
        emit({ type: 'note', level: 'info', text });
      }
      const origin = mappingOrigin(local, record, DEFAULTS[source.type].mapping);
      const { mapping, problems } = own ?? (await readMapping(origin, engine, source));
      problems.forEach(report);
      const plan = planWebhook(mapping, {
        type: source.type,
        overrides: overridesOf(run),
        mayDelete: settings.sync.delete && settings.sync.deletionThreshold !== 0,
      });
      result.plan = plan;
      if (plan.mappings.length === 0) {
        throw ProblemError.of({ code: 'webhook-empty', origin: mapping.origin });
      }
      result.samples = await runSamples(engine, plan, source.type);
      await makeAll(run, connections, port, record, plan);
    }),
  );
}

function overridesOf({ session: { settings } }: WebhooksRun) {
  const { bitbucket } = settings;
  if (bitbucket.type === 'cloud') return {};
  return {
    pullRequestState: bitbucket.pullRequestState ?? undefined,
    projectsFilter: bitbucket.projects ?? undefined,
  };
}

/** Both sides take the credentials. @throws ProblemError */
async function begin(
  { session, report }: WebhooksRun,
  { bitbucket, port: client }: Connections,
): Promise<{ readonly port: PortClient; readonly record: IntegrationRecord }> {
  const { settings, control } = session;
  const port = client.withSignal(control.reading);
  await port.authenticate();
  const { isIdentifierChosen } = settings.integration;
  const record = await findIntegration(port, false, isIdentifierChosen, report);
  await bitbucket.source.probe();
  return { port, record };
}

async function makeAll(
  run: WebhooksRun,
  connections: Connections,
  port: PortClient,
  record: IntegrationRecord,
  plan: WebhookPlan,
): Promise<void> {
  const { result, report, writes, secret, rotates } = run;
  const identifier = webhookIdentifier(port.integration);
  const held = await readWebhook(port, identifier);
  const content = contentOf(port, plan);
  // Port takes its settings of signatures as a whole, and the secret is one of them.
  const setsSecret = rotates || (held !== null && !isSigned(held.content));
  const { hooks, level, version, seen, refused } = await lookAround(
    run,
    connections,
    plan.takesProject,
    held?.url ?? null,
  );
  if (seen.length === 0) throw nowhere(level, refused);
  for (const { place, refusal } of refused) report(refusalOf(place, refusal));
  const hook = (): HookContent => ({
    name: `bitbucket-port ${identifier}`,
    url: result.address ?? 'the address that Port gives it',
    events: eventsAt(plan.events, level, version),
    secret,
  });
  const inPort = portStep(port, held, { identifier, content, secret, setsSecret }, (made) => {
    result.address = made;
  });
  const steps = [inPort, ...noteSteps(run, port, record, identifier)];
  for (const step of steps) {
    if (writes && step.action !== 'none') await step.send();
    result.steps.push({ ...planned(step), status: writes ? 'done' : 'planned' });
  }
  const ofPlaces = await Promise.all(
    seen.map(async (place) => {
      const ofPlace = hookSteps(hooks, place, hook, setsSecret);
      return writes ? await take(ofPlace, place.place, report) : ofPlace.map(planned);
    }),
  );
  result.steps.push(...ofPlaces.flat());
}

function contentOf(port: PortClient, { mappings }: WebhookPlan): WebhookContent {
  return {
    title: 'Bitbucket events',
    description: `Updates the entities of integration ${port.integration.identifier.slice(0, 80)} between two runs. Made by bitbucket-port webhooks apply, which overwrites changes.`,
    icon: 'BitBucket',
    enabled: true,
    mappings,
    security: SECURITY,
  };
}

function isSigned({ security }: WebhookContent): boolean {
  return Object.entries(SECURITY).every(([name, value]) => security[name] === value);
}

/** The webhooks that there are, and where the credentials may not see them. */
interface Surroundings {
  readonly hooks: ReturnType<typeof hookClient>;
  readonly level: HookLevel;
  readonly version: readonly [number, number] | null;
  readonly seen: readonly SeenPlace[];
  readonly refused: readonly RefusedPlace[];
}

async function lookAround(
  { session, chosen, report }: WebhooksRun,
  { bitbucket, port }: Connections,
  takesProject: (key: string) => boolean,
  address: string | null,
): Promise<Surroundings> {
  const { settings, runtime } = session;
  const hooks = hookClient(bitbucket.api, bitbucket.source.type);
  const version = versionParts(await bitbucket.inspection.version());
  const { level, fallback } = levelOf(chosen, settings, version);
  const now = port.now() ?? runtime.clock.now();
  const at = async (one: HookLevel) => {
    const places = await placesAt(one, settings, bitbucket.source, now, takesProject, report);
    return await lookAt(places, hooks, ({ url }) => url === address);
  };
  const first = await at(level);
  const isThere =
    first.seen.length > 0 || first.refused.some(({ refusal }) => !isForbidden(refusal));
  if (fallback === null || isThere) return { hooks, level, version, ...first };
  return { hooks, level: fallback, version, ...(await at(fallback)) };
}

function nowhere(level: HookLevel, refused: readonly RefusedPlace[]): ProblemError {
  const [first] = refused;
  if (first === undefined) return ProblemError.of({ code: 'hooks-nowhere', level });
  const isRefusal = refused.every(({ refusal }) => isForbidden(refusal));
  const problems = refused.map(({ place, refusal }) => refusalOf(place, refusal));
  const [worst, ...others] = problems;
  if (!isRefusal && worst !== undefined) return new ProblemError([worst, ...others]);
  const { reason, request } = first.refusal;
  return ProblemError.of({
    code: 'hooks-refused',
    places: refused.length,
    reason,
    ...(request === undefined ? {} : { request }),
  });
}

/** What the integration in Port is to remember, so that `sync` knows what the webhook writes for its own. */
function noteSteps(
  { session: { settings }, report }: WebhooksRun,
  port: PortClient,
  record: IntegrationRecord,
  webhook: string,
): readonly Step[] {
  const { identifier } = port.integration;
  const target = `integration ${identifier} in Port`;
  const found = record.status === 'found' ? record.integration : null;
  if (found?.isHosted === true) {
    report({ code: 'webhook-unnoted', identifier });
    return [];
  }
  if (found?.webhook === webhook) return [];
  const changes = [
    { field: 'spec.bitbucketPort.webhook', old: found?.webhook ?? null, new: webhook },
  ];
  const send = async (): Promise<void> => {
    const config = settings.mapping === null ? DEFAULTS[settings.integration.type].mapping : {};
    await noteWebhook(port, webhook, found ?? (await createIntegration(port, { config })));
  };
  return [{ target, action: found === null ? 'create' : 'update', changes, send }];
}

/** Bitbucket comes first: the address in Port tells which webhooks are ours. */
function removeAll(run: WebhooksRun): Promise<void> {
  const { session, result, report, chosen } = run;
  const { settings, runtime } = session;
  return withConnections(session, async (connections) => {
    const { port } = await begin(run, connections);
    const held = await readWebhook(port, webhookIdentifier(port.integration));
    if (held === null) return;
    const { bitbucket } = connections;
    const hooks = hookClient(bitbucket.api, bitbucket.source.type);
    const version = versionParts(await bitbucket.inspection.version());
    const now = port.now() ?? runtime.clock.now();
    const refusals: RefusedPlace[] = [];
    let isFailed = false;
    for (const level of levelsToClear(chosen, settings, version)) {
      const places = await placesAt(level, settings, bitbucket.source, now, () => true, report);
      const { seen, refused } = await lookAt(places, hooks, ({ url }) => url === held.url);
      refusals.push(...refused);
      for (const place of seen) {
        const taken = await take(removalSteps(hooks, place), place.place, report);
        result.steps.push(...taken);
        isFailed ||= taken.some(({ status }) => status === 'failed');
      }
    }
    // Who may manage repositories alone has no webhook above them.
    const hasRemoved = result.steps.length > 0;
    const counting = refusals.filter(
      ({ place, refusal }) => !(hasRemoved && place.level === 'workspace' && isForbidden(refusal)),
    );
    for (const { place, refusal } of counting) report(refusalOf(place, refusal));
    const isNarrowed = settings.bitbucket.type === 'server' && settings.bitbucket.projects !== null;
    if (isFailed || counting.length > 0) return;
    const last = portRemoval(port, held);
    if (isNarrowed || chosen !== null) {
      // Others may post to it still.
      const narrowing = chosen === null ? '--projects or BITBUCKET_PROJECTS_FILTER' : '--level';
      const target = `${last.target}, which stays until it is removed without ${narrowing}`;
      result.steps.push({ target, action: 'none', changes: [], status: 'done' });
      return;
    }
    await last.send();
    result.steps.push({ ...planned(last), status: 'done' });
  });
}
