import type { StopSignal } from '../../src/model/signal.js';
import { z } from 'zod';
import { run as runCommand } from '../../src/run.js';
import type { Runtime } from '../../src/runtime.js';
import type { RecordedRequest } from '../../src/sandbox/loopback.js';
import type { CatalogEntity } from '../../src/sandbox/port/entity.js';
import { startPort, type SandboxPort } from '../../src/sandbox/port/port.js';
import { createFakeClock, type FakeClock } from '../world/fake-clock.js';
import { startBitbucket, type ChaosBitbucket, type MetTrouble } from './bitbucket.js';
import { judge, type Violation } from './judge.js';
import {
  blueprints,
  catalogOf,
  keyOf,
  kindsInto,
  labelOf,
  mappingJson,
  sensible,
  BLUEPRINTS,
  type MappingShape,
} from './mapping-shape.js';
import { isOwn, nameOf, type Held, type Lineage, type RunRecord } from './record.js';
import {
  QUIET_RUN,
  unlike,
  type IntegrationShape,
  type PortCall,
  type RunStep,
  type Step,
  type Story,
} from './story.js';
import {
  after,
  NOTHING,
  PROJECT_KEYS,
  publicPart,
  visible,
  type Edit,
  type Truth,
} from './truth.js';

/** What came of a story. */
export interface Outcome {
  readonly violations: readonly Violation[];
  readonly exitCodes: readonly number[];
  readonly deletions: number;
  readonly ambiguousRoots: number;
  /** What happened, in words, for whoever looks into a violation. */
  readonly told: readonly string[];
}

type FindJq = NonNullable<Runtime['findJq']>;

/** Plays a story to its end, then lets everything be well and looks whether the catalog becomes true. */
export async function play(story: Story, findJq: FindJq): Promise<Outcome> {
  const clock = createFakeClock(Date.UTC(2026, 2, 10, 12));
  const bitbucket = await startBitbucket(story.bitbucket, clock);
  const port = await startPort({
    ...CLIENT,
    clock,
    cascade: story.port.cascade,
    datasource: story.port.datasource,
    systemBlueprints: true,
    conduct: {
      clockOffsetMilliseconds: story.port.clockMinutes * MINUTE,
      ageSeconds: story.port.ageSeconds,
      datasourceCase: story.port.datasourceCase,
      integrations: story.port.listsIntegrations ? 'all' : 'own',
    },
  });
  try {
    return await new Play(story, { clock, bitbucket, port, findJq }).toTheEnd();
  } finally {
    await Promise.all([bitbucket.server.close(), port.close()]);
  }
}

const CLIENT = { clientId: 'chaos-client', clientSecret: 'chaos-secret' };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** What is under way when a stop comes may take so long, as in src/commands/run-control.ts. */
const GRACE_MILLISECONDS = 5_000;
/** Real time after which a run counts as stuck. */
const STUCK_MILLISECONDS = 120_000;

interface Stage {
  readonly clock: FakeClock;
  readonly bitbucket: ChaosBitbucket;
  readonly port: SandboxPort;
  readonly findJq: FindJq;
}

/** An integration, and what the runs before left to be known of it. */
interface Cast {
  readonly identifier: string;
  readonly isHosted: boolean;
  mapping: MappingShape;
  /** The approval that the last stop printed: `12@2026-03-10`. */
  printed: string | null;
  isStillStopped: boolean;
  isJustTakenOver: boolean;
  judgedAt: number | null;
}

/** A run under way: what the servers saw of it. */
interface UnderWay {
  readonly cast: Cast;
  readonly deleted: Set<string>;
  readonly deletedLate: string[];
  readonly upserted: Set<string>;
  /** The mark that it asked Port to keep. */
  markAsked: unknown;
  isStopped: boolean;
  /** Waits for a run within it: what is asked meanwhile is not its own. */
  isPaused: boolean;
  /** What it calls Port by: the one of two runs within another is told from it by that alone. */
  readonly host: '127.0.0.1' | 'localhost';
}

class Play {
  readonly #story: Story;
  readonly #stage: Stage;
  readonly #type: string;
  readonly #casts: readonly Cast[];
  readonly #lineage = new Map<string, Lineage>();
  readonly #violations: Violation[] = [];
  readonly #exitCodes: number[] = [];
  readonly #told: string[] = [];
  #deletions = 0;
  #ambiguousRoots = 0;
  #truth: Truth = NOTHING;
  #credentials: 'alive' | 'dead' = 'alive';
  #spec: 'kept' | 'dropped' | 'refused' = 'kept';
  #runs = 0;
  #met: () => readonly MetTrouble[] = () => [];
  #portHits: () => number = () => 0;
  #underWay: UnderWay[] = [];

  constructor(story: Story, stage: Stage) {
    this.#story = story;
    this.#stage = stage;
    this.#type = story.bitbucket.flavour === 'server' ? 'bitbucket-server' : 'bitbucket-cloud';
    this.#casts = story.integrations.map(({ identifier, mapping, isHosted }) => ({
      identifier,
      isHosted,
      mapping,
      printed: null,
      isStillStopped: false,
      isJustTakenOver: false,
      judgedAt: null,
    }));
  }

  async toTheEnd(): Promise<Outcome> {
    this.#setUp();
    for (const step of this.#story.steps) {
      if (step.do === 'run') await this.#run(step);
      else this.#happen(step);
    }
    if (this.#violations.length === 0) await this.#settle();
    return {
      violations: this.#violations,
      exitCodes: this.#exitCodes,
      deletions: this.#deletions,
      ambiguousRoots: this.#ambiguousRoots,
      told: this.#told,
    };
  }

  #setUp(): void {
    const { port } = this.#stage;
    for (const blueprint of blueprints()) port.putBlueprint(blueprint);
    for (const edit of this.#story.begin) this.#truth = this.#after(edit);
    this.#story.integrations.forEach((integration, index) => {
      this.#putIntegration(integration, index);
    });
    this.#putOthers();
  }

  #putIntegration({ identifier, mapping, signedBy, isHosted }: IntegrationShape, at: number): void {
    const { port } = this.#stage;
    const { flavour } = this.#story.bitbucket;
    port.putIntegration({
      installationId: identifier,
      installationAppType: this.#type,
      version: signedBy === 'us' ? 'bitbucket-port-0.0.9' : '0.1.24',
      changelogDestination: {},
      config: mappingJson(sensible(mapping, flavour), flavour),
      installationType: isHosted ? 'Saas' : 'OnPrem',
      spec: { appSpec: { scheduledResyncInterval: '2h' } },
    });
    // What an earlier program loaded, and what is gone since.
    const datasource = `port-ocean/${this.#type}/0.1.24/${identifier}/exporter`;
    const left = { identifier: `left-by-${String(at)}` };
    port.putEntity(BLUEPRINTS.repository, left, { datasource });
    for (const key of PROJECT_KEYS.filter((_, index) => index % 2 === at)) {
      const label = { identifier: labelOf(key), properties: { note: key } };
      port.putEntity(BLUEPRINTS.label, label, { datasource });
    }
  }

  /** What is nobody's or somebody else's, from the beginning. */
  #putOthers(): void {
    const { port } = this.#stage;
    const others = [
      `port-ocean/${this.#type}/0.1.24/my-exporter/exporter`,
      'port-ocean/github/1.0.0/prod/exporter',
      null,
    ];
    others.forEach((datasource, index) => {
      for (const blueprint of [BLUEPRINTS.project, BLUEPRINTS.repository, BLUEPRINTS.extra]) {
        port.putEntity(blueprint, { identifier: `theirs-${String(index)}` }, { datasource });
      }
    });
    for (const key of PROJECT_KEYS) {
      if (port.entity(BLUEPRINTS.label, labelOf(key)) !== undefined) continue;
      const label = { identifier: labelOf(key), properties: { note: key } };
      port.putEntity(BLUEPRINTS.label, label, { datasource: null });
    }
    port.putEntity('_user', { identifier: 'somebody@example.com' }, { datasource: null });
  }

  #happen(step: Exclude<Step, RunStep>): void {
    const { port, clock } = this.#stage;
    this.#tell(JSON.stringify(step));
    for (const cast of this.#casts) cast.isStillStopped = false;
    switch (step.do) {
      case 'map':
        this.#map(this.#cast(step.integration), step.mapping);
        return;
      case 'slip': {
        const cast = this.#cast(step.integration);
        this.#map(cast, { ...cast.mapping, ...step.change });
        return;
      }
      case 'sign':
        port.sign(this.#cast(step.integration).identifier, '0.1.24');
        return;
      case 'begin-resync':
        port.beginResync(this.#cast(step.integration).identifier, step.minutesAgo * MINUTE);
        return;
      case 'credentials':
        this.#credentials = step.are;
        return;
      case 'spec':
        this.#spec = step.is;
        port.behave({ spec: step.is });
        return;
      case 'relate':
        this.#relate(step.at);
        return;
      case 'wait':
        clock.advance(step.minutes * MINUTE);
        return;
      case 'edit':
        this.#truth = this.#after(step.edit);
    }
  }

  #map(cast: Cast, mapping: MappingShape): void {
    const { flavour } = this.#story.bitbucket;
    cast.mapping = sensible(mapping, flavour);
    this.#stage.port.putMapping(cast.identifier, mappingJson(cast.mapping, flavour));
  }

  /** Somebody else's entity relates to one of the projects or repositories. */
  #relate(at: number): void {
    const { port } = this.#stage;
    for (const [relation, blueprint] of [
      ['project', BLUEPRINTS.project],
      ['repository', BLUEPRINTS.repository],
    ] as const) {
      const targets = port.entities(blueprint);
      const target = targets[at % Math.max(1, targets.length)];
      if (target === undefined) continue;
      port.putEntity(
        'theirs',
        {
          identifier: `${relation}-${String(at)}`,
          relations: { [relation]: target.identifier },
        },
        { datasource: null },
      );
    }
  }

  get #now(): number {
    return this.#stage.clock.now();
  }

  #after(edit: Edit): Truth {
    return after(this.#truth, edit, this.#now);
  }

  #cast(at: number): Cast {
    const cast = this.#casts[at % this.#casts.length];
    if (cast === undefined) throw new RangeError('a story without an integration');
    return cast;
  }

  async #run(step: RunStep): Promise<void> {
    const { clock } = this.#stage;
    const planned = step.plan ? await this.#plan(step) : null;
    await this.#sync(step, planned, null);
    clock.advance(MINUTE);
  }

  /** One run, and what happens while it is under way. */
  async #sync(
    step: RunStep,
    planned: readonly string[] | null,
    outer: RunStep | null,
  ): Promise<void> {
    const { port, bitbucket, clock } = this.#stage;
    const cast = this.#cast(step.integration);
    const isInner = outer !== null;
    const isOverlapping = outer?.beside?.ends === 'whenever';
    if (!isInner) {
      port.reset();
      bitbucket.show(this.#truth, this.#credentials);
    }
    const number = (this.#runs += 1);
    const integration = port.integration(cast.identifier);
    const { spec: specBefore = {}, version: signedBefore = '', resyncState } = integration ?? {};
    const portNow = clock.now() + this.#story.port.clockMinutes * MINUTE;
    const startedAgo = portNow - Date.parse(resyncState?.lastResyncStart ?? '');
    const before = this.#held();
    const lineage = new Map(this.#lineage);
    const { flavour } = this.#story.bitbucket;
    const seen = this.#credentials === 'dead' ? publicPart(this.#truth) : visible(this.#truth);
    const now = clock.now();
    const ownCatalog = catalogOf(this.#truth, cast.mapping, flavour, now);
    const own: UnderWay = {
      cast,
      deleted: new Set(),
      deletedLate: [],
      upserted: new Set(),
      markAsked: undefined,
      isStopped: false,
      isPaused: false,
      host: isInner ? 'localhost' : '127.0.0.1',
    };
    const changed = new Set<string>();
    const others = outer === null ? new Set<string>() : this.#keysOf(this.#cast(outer.integration));
    // A run within another one meets what that one meets.
    if (!isInner) {
      this.#met = bitbucket.trouble(step.troubles);
      this.#portHits = this.#portTrouble(step, cast);
    }
    const approval = this.#approval(step, cast);
    const process = this.#process(
      cast,
      step,
      `sync${approval === null ? '' : ` --approve ${approval}`}`,
      own.host,
    );
    this.#underWay.push(own);
    let besides: Promise<void> = Promise.resolve();
    if (!isInner) {
      this.#watch(step, own, {
        stop: () => {
          if (!own.isStopped) process.signal('SIGINT');
          own.isStopped = true;
        },
        person: () => {
          for (const key of this.#changeByPerson(cast, ownCatalog)) changed.add(key);
        },
        beside: (beside) => {
          const inner: RunStep = { ...QUIET_RUN, integration: beside.integration };
          const run = this.#beside(inner, step, changed, others);
          besides = run;
          if (beside.ends === 'whenever') return undefined;
          own.isPaused = true;
          return run.then(() => {
            own.isPaused = false;
          });
        },
      });
    }
    const exitCode = await this.#ended(process);
    await besides;
    this.#underWay = this.#underWay.filter((each) => each !== own);
    const held = this.#held();
    const requested = new Set([...own.deleted].filter((key) => before.has(key) && !held.has(key)));
    const cascaded = port.writes.flatMap((write) =>
      write.type === 'entity-deleted' && write.cause === 'dependent' ? [keyOf(write)] : [],
    );
    const after_ = port.integration(cast.identifier);
    const text = process.said();
    const record: RunRecord = {
      step,
      number,
      identifier: cast.identifier,
      type: this.#type,
      mapping: cast.mapping,
      isHosted: cast.isHosted,
      bitbucket: this.#story.bitbucket,
      port: this.#story.port,
      truth: this.#truth,
      now,
      seen,
      credentials: this.#credentials,
      spec: this.#spec,
      before,
      after: held,
      lineage,
      deleted: [...requested],
      cascaded,
      upserted: own.upserted,
      markAsked: own.markAsked,
      deletedLate: own.deletedLate,
      isStopped: own.isStopped,
      changedMeanwhile: changed,
      othersMay: others,
      besideOwn: step.beside !== null || isInner,
      isOverlapping,
      troubles: this.#met(),
      portTroubleHits: this.#portHits(),
      signedBefore,
      specBefore,
      specAfter: after_?.spec ?? {},
      // Of two runs that overlap, the inner one may read what the outer one left.
      isMarkedBefore:
        isOverlapping || 'bitbucketPort' in specBefore || signedBefore.includes('+judged'),
      // A run that was told to stop may have ended when the one within it begins to ask.
      isOtherUnderWay:
        !isOverlapping &&
        (outer?.stop ?? null) === null &&
        resyncState?.status === 'running' &&
        startedAgo >= -MINUTE &&
        startedAgo < HOUR - MINUTE,
      mayOtherBeUnderWay:
        step.beside !== null ||
        isInner ||
        (resyncState?.status === 'running' && startedAgo < HOUR + MINUTE),
      approved: this.#approvedNumber(approval, portNow),
      isStillStopped: cast.isStillStopped,
      isJustTakenOver: cast.isJustTakenOver,
      judgedAt: cast.judgedAt,
      plannedDeletions: planned,
      exitCode,
      text,
    };
    this.#conclude(record, cast, portNow);
    if (!isInner) bitbucket.calm();
  }

  #conclude(record: RunRecord, cast: Cast, portNow: number): void {
    const { exitCode, step, text, number, deleted } = record;
    const { violations, ambiguousRoots } = judge(record);
    const found = [...violations, ...this.#breaches(number)];
    this.#violations.push(...found);
    this.#ambiguousRoots += ambiguousRoots;
    this.#exitCodes.push(exitCode);
    this.#deletions += deleted.length;
    const made = catalogOf(record.truth, record.mapping, record.bitbucket.flavour, record.now);
    for (const [key, { kinds, roots, item }] of made) {
      const project = roots.find((root) => root.startsWith('project '))?.slice(8) ?? null;
      this.#lineage.set(key, { kinds, roots, item, project });
    }
    if (exitCode === 5) {
      cast.printed = /--approve (\d+@\d{4}-\d\d-\d\d)/u.exec(text)?.[1] ?? null;
    }
    // One that a trouble led to is over with it.
    if (exitCode === 5) {
      cast.isStillStopped =
        record.changedMeanwhile.size === 0 && record.troubles.every(({ hits }) => hits === 0);
    }
    if (exitCode !== 5 && record.approved !== null) cast.isStillStopped = false;
    if ((exitCode === 0 || exitCode === 4) && step.flags === '') cast.judgedAt = portNow;
    if (!record.signedBefore.startsWith('bitbucket-port-')) cast.isJustTakenOver = exitCode === 0;
    else if (exitCode === 0) cast.isJustTakenOver = false;
    this.#tell(
      `run ${number} of ${record.identifier} ${unlike(step, QUIET_RUN)}: exit ${exitCode}, ` +
        `deleted [${deleted.join(', ')}], wrote ${record.upserted.size}`,
    );
    for (const { rule, what } of found) this.#tell(`VIOLATION ${rule}: ${what}`);
    this.#tell(text);
  }

  /** What the servers do not know, which is a mistake whatever else happened. */
  #breaches(number: number): readonly Violation[] {
    const { bitbucket, port } = this.#stage;
    return [...bitbucket.server.violations, ...port.violations].map((what) => ({
      rule: 'a request outside of the contract',
      run: number,
      what,
    }));
  }

  async #beside(
    inner: RunStep,
    outer: RunStep,
    changed: Set<string>,
    others: Set<string>,
  ): Promise<void> {
    const before = this.#held();
    for (const key of this.#keysOf(this.#cast(inner.integration))) others.add(key);
    await this.#sync(inner, null, outer);
    for (const [key, entity] of this.#held()) {
      if (before.get(key) !== entity) changed.add(key);
    }
  }

  /** All that a run of an integration may write or delete. */
  #keysOf({ identifier, mapping }: Cast): Set<string> {
    const made = catalogOf(this.#truth, mapping, this.#story.bitbucket.flavour, this.#now);
    const isOwned = (entity: CatalogEntity): boolean =>
      isOwn(entity, { type: this.#type, identifier });
    return new Set([
      ...made.keys(),
      ...[...this.#held()].flatMap(([key, entity]) => (isOwned(entity) ? [key] : [])),
    ]);
  }

  /** Listens to both servers for as long as a run is under way. */
  #watch(
    step: RunStep,
    own: UnderWay,
    act: {
      readonly stop: () => void;
      readonly person: () => void;
      readonly beside: (beside: NonNullable<RunStep['beside']>) => Promise<void> | undefined;
    },
  ): void {
    const { bitbucket, port } = this.#stage;
    let isBegun = false;
    bitbucket.server.watch((_, number) => {
      if (own.isPaused) return undefined;
      if (step.stop?.side === 'bitbucket' && number === step.stop.at) act.stop();
      if (number === step.person) act.person();
      if (step.beside === null || isBegun || number !== step.beside.at) return undefined;
      isBegun = true;
      return act.beside(step.beside);
    });
    port.watch((request, number) => {
      // What is on its way when the signal comes is under way.
      this.#note(request);
      if (step.stop?.side === 'port' && number === step.stop.at) act.stop();
    });
  }

  /** Notes what a call to Port writes, for the run that made it. */
  #note(request: RecordedRequest): void {
    const { host = '' } = request.headers;
    const runs = [...this.#underWay].filter((run) => host.startsWith(`${run.host}:`));
    if (request.method === 'PATCH' && /^\/v1\/integration\/[^/]+$/u.test(request.path)) {
      const { spec } = signatureSchema.parse(JSON.parse(request.body));
      if (spec !== undefined) for (const run of runs) run.markAsked = spec.bitbucketPort;
    }
    const call = /^\/v1\/blueprints\/([^/]+)\/(?:entities\/bulk|bulk\/entities\/delete)$/u.exec(
      request.path,
    );
    if (call === null) return;
    const blueprint = decodeURIComponent(call[1] ?? '');
    const isDeletion = request.path.endsWith('/delete');
    const { entities } = bodySchema.parse(JSON.parse(request.body));
    const keys = entities.flatMap((entity) => {
      const identifier = typeof entity === 'string' ? entity : entity.identifier;
      return typeof identifier === 'string' ? [keyOf({ blueprint, identifier })] : [];
    });
    for (const run of runs) {
      for (const key of keys) {
        if (!isDeletion) run.upserted.add(key);
        else {
          run.deleted.add(key);
          if (run.isStopped) run.deletedLate.push(key);
        }
      }
    }
  }

  /** A person changes what is ours and about to be deleted. Answers what it was. */
  #changeByPerson(cast: Cast, made: ReadonlyMap<string, unknown>): readonly string[] {
    const { port } = this.#stage;
    const isKept = this.#story.port.datasource === 'creator';
    const changed: string[] = [];
    for (const [key, entity] of this.#held()) {
      if (made.has(key) || !isOwn(entity, { type: this.#type, identifier: cast.identifier }))
        continue;
      if (changed.length === 2) break;
      const { blueprint, identifier, relations, properties } = entity;
      // A label is found by what its note says.
      const isNoted = !blueprint.startsWith('_') && blueprint !== BLUEPRINTS.label;
      port.putEntity(
        blueprint,
        {
          identifier,
          title: 'by hand',
          relations,
          properties: isNoted ? { ...properties, note: 'by hand' } : properties,
        },
        { datasource: isKept ? entity.datasource : null, by: 'a person' },
      );
      changed.push(key);
    }
    return changed;
  }

  #portTrouble(step: RunStep, cast: Cast): () => number {
    const { portTrouble } = step;
    if (portTrouble === null) return () => 0;
    let hits = 0;
    const { call, times } = portTrouble;
    const isCall = PORT_CALLS[call];
    this.#stage.port.fail({
      fault: { type: 'answer', answer: { status: 500, body: { ok: false, error: 'down' } } },
      when: (request) => {
        if (!isCall(request, cast.identifier) || (times !== null && hits >= times)) return false;
        hits += 1;
        return true;
      },
    });
    return () => hits;
  }

  /** The approval that the step gives; none where no stop asked for one. */
  #approval({ approval }: RunStep, { printed }: Cast): string | null {
    if (printed === null || approval === 'none') return null;
    const [count = '', day = ''] = printed.split('@');
    if (approval === 'as printed') return printed;
    if (approval === 'one less') return `${String(Number(count) - 1)}@${day}`;
    const before = new Date(Date.parse(`${day}T00:00:00Z`) - 24 * HOUR);
    return `${count}@${before.toISOString().slice(0, 10)}`;
  }

  /** How many deletions an approval stands for; null where it is of another day. */
  #approvedNumber(approval: string | null, portNow: number): number | null {
    const [count, day] = approval?.split('@') ?? [];
    if (count === undefined || day !== new Date(portNow).toISOString().slice(0, 10)) return null;
    return Number(count);
  }

  async #plan(step: RunStep): Promise<readonly string[] | null> {
    const { port, bitbucket } = this.#stage;
    const cast = this.#cast(step.integration);
    port.reset();
    bitbucket.show(this.#truth, this.#credentials);
    const approval = this.#approval(step, cast);
    const line = `plan --output json${approval === null ? '' : ` --approve ${approval}`}`;
    const process = this.#process(cast, step, line, '127.0.0.1');
    const exitCode = await this.#ended(process);
    const run = this.#runs + 1;
    if (port.writes.length > 0) {
      this.#violations.push({ rule: 'plan wrote', run, what: JSON.stringify(port.writes) });
    }
    this.#violations.push(...this.#breaches(run));
    const parsed = planSchema.safeParse(parsedJson(process.stdout()));
    if (exitCode !== 0 || !parsed.success) return null;
    return parsed.data.plan.changes
      .filter(({ action }) => action === 'delete')
      .map(({ blueprint, identifier }) => keyOf({ blueprint, identifier }));
  }

  /** A process that is about to begin. */
  #process(cast: Cast, step: RunStep, line: string, host: UnderWay['host']): ChaosProcess {
    const { clock, port, bitbucket, findJq } = this.#stage;
    const written = { stdout: '', stderr: '' };
    const listeners = new Set<(signal: StopSignal) => void>();
    const stream = (name: 'stdout' | 'stderr'): Runtime['stdout'] => ({
      isTTY: false,
      columns: undefined,
      write: (text) => {
        written[name] += text;
      },
    });
    const runtime: Runtime = {
      argv: [...line.split(' '), ...step.flags.split(' ').filter((word) => word !== '')],
      env: {
        PATH: '',
        ...bitbucket.env(this.#credentials),
        PORT_CLIENT_ID: CLIENT.clientId,
        PORT_CLIENT_SECRET: CLIENT.clientSecret,
        PORT_BASE_URL: port.url.replace('127.0.0.1', host),
        PORT_INTEGRATION_IDENTIFIER: cast.identifier,
        SEND_RAW_DATA_EXAMPLES: 'false',
      },
      cwd: '/nonexistent',
      clock: offBy(clock, step.clockMinutes * MINUTE),
      random: () => 0.5,
      stdout: stream('stdout'),
      stderr: stream('stderr'),
      findJq,
      onSignal: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      exitNow: () => undefined,
    };
    return {
      runtime,
      signal: (signal) => {
        for (const listener of listeners) listener(signal);
      },
      stdout: () => written.stdout,
      said: () => `${written.stderr}\n${written.stdout}`.replace(/\s+/gu, ' '),
    };
  }

  async #ended({ runtime, said }: ChaosProcess): Promise<number> {
    let timer: NodeJS.Timeout | undefined;
    const stuck = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`a run does not end: ${said()}`));
      }, STUCK_MILLISECONDS);
    });
    try {
      return await Promise.race([runCommand(runtime), stuck]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Everything is well: what is gone has to go, and then nothing may be written any more. */
  async #settle(): Promise<void> {
    const { port, clock } = this.#stage;
    this.#tell('all is well from here on');
    this.#truth = this.#after({ do: 'show-all' });
    this.#credentials = 'alive';
    this.#spec = 'kept';
    port.behave({ spec: 'kept' });
    clock.advance(2 * HOUR);
    for (const cast of this.#casts) cast.isStillStopped = false;
    // The first turn may be another program's, or find no mark; two more delete; the next does nothing.
    for (let turn = 0; turn < 4 && this.#violations.length === 0; turn += 1) {
      if (await this.#isAtRest(turn)) return;
    }
  }

  /** Lets each integration run once; whether all is as it should be, which it has to be in the end. */
  async #isAtRest(turn: number): Promise<boolean> {
    const { port } = this.#stage;
    let isAtRest = true;
    for (const [at, cast] of this.#casts.entries()) {
      const exitCode = await this.#calmly(at);
      const writes = port.writes.filter(({ blueprint }) => blueprint !== BLUEPRINTS.label);
      if (writes.length > 0 || exitCode === 5) {
        isAtRest = false;
        if (turn === 3) this.#blame('a clean run wrote', JSON.stringify(writes));
      }
      if (exitCode !== 5) continue;
      if (cast.printed === null) {
        this.#blame('a stop without an approval to give', cast.identifier);
        return false;
      }
      await this.#run({ ...QUIET_RUN, integration: at, approval: 'as printed' });
    }
    for (const cast of this.#casts) {
      const left = this.#leftOvers(cast);
      if (left.length === 0) continue;
      isAtRest = false;
      if (turn >= 2) {
        const isComputed = cast.mapping.second === 'computed-blueprint';
        const where = isComputed ? ' (computed blueprint)' : '';
        this.#blame(`gone, and never deleted${where}`, left.join(', '));
      }
    }
    return isAtRest;
  }

  #blame(rule: string, what: string): void {
    this.#violations.push({ rule, run: this.#runs, what });
    this.#tell(`VIOLATION ${rule}: ${what}`);
  }

  async #calmly(at: number): Promise<number> {
    await this.#run({ ...QUIET_RUN, integration: at });
    return this.#exitCodes.at(-1) ?? 1;
  }

  /** What is ours, is not made any more, and has nothing that holds it. */
  #leftOvers({ identifier, mapping }: Cast): readonly string[] {
    const made = catalogOf(this.#truth, mapping, this.#story.bitbucket.flavour, this.#now);
    const held = this.#held();
    const isGoneBy = (key: string, entity: CatalogEntity): boolean =>
      !made.has(key) &&
      isOwn(entity, { type: this.#type, identifier }) &&
      // Whose work it was cannot be told any more when somebody else wrote it after another program.
      (entity.createdBy === CLIENT.clientId || entity.createdBy === entity.updatedBy);
    const isWithheld =
      mapping.threshold === 0 ||
      mapping.unknownKey === 'root' ||
      mapping.failing ||
      // Whether somebody changed it cannot be told without Port's clock.
      this.#story.port.ageSeconds !== null ||
      // Whose an entity is cannot always be told then.
      !this.#story.port.listsIntegrations;
    if (isWithheld) return [];
    const gone = [...held].filter(([key, entity]) => isGoneBy(key, entity));
    const stays = new Set([...held.keys()].filter((key) => gone.every(([each]) => each !== key)));
    for (const [key, { blueprint }] of gone) {
      if (isProtected(mapping, blueprint) || this.#isNamed(mapping, key, blueprint)) stays.add(key);
    }
    // Whatever stays holds what it relates to.
    for (let size = -1; size !== stays.size;) {
      size = stays.size;
      for (const key of [...stays]) {
        for (const [relation, target] of Object.entries(held.get(key)?.relations ?? {})) {
          const blueprint = relation === 'project' ? BLUEPRINTS.project : BLUEPRINTS.repository;
          if (typeof target === 'string') stays.add(keyOf({ blueprint, identifier: target }));
        }
      }
    }
    return gone.map(([key]) => key).filter((key) => !stays.has(key));
  }

  /** Whether it stands, or may stand, below a project that the mapping names and that is not there. */
  #isNamed(mapping: MappingShape, key: string, blueprint: string): boolean {
    const absent = (mapping.projects ?? []).filter((project) =>
      this.#truth.projects.every((one) => one.key !== project),
    );
    if (absent.length === 0) return false;
    const project = this.#lineage.get(key)?.project ?? null;
    const isBare = blueprint === BLUEPRINTS.extra && mapping.second === 'other-blueprint';
    // What nothing feeds any more shows no link of its own.
    const isLinked = this.#held().get(key)?.properties.link !== undefined;
    const hasLink =
      mapping.links && isLinked && !isBare && kindsInto(mapping, blueprint).length > 0;
    return project === null || absent.includes(project) || !hasLink;
  }

  #held(): Held {
    const { port } = this.#stage;
    return new Map(
      port
        .blueprints()
        .flatMap(({ identifier }) => port.entities(identifier))
        .map((entity) => [nameOf(entity), entity]),
    );
  }

  #tell(what: string): void {
    this.#told.push(what);
  }
}

/** A process as the play sees it. */
interface ChaosProcess {
  readonly runtime: Runtime;
  readonly signal: (signal: StopSignal) => void;
  readonly stdout: () => string;
  readonly said: () => string;
}

const PORT_CALLS: Readonly<
  Record<PortCall, (request: RecordedRequest, identifier: string) => boolean>
> = {
  search: ({ path }) => path.endsWith('/entities/search') || path.endsWith('/datasource-entities'),
  sign: ({ method, path }, identifier) =>
    method === 'PATCH' && path === `/v1/integration/${encodeURIComponent(identifier)}`,
  upsert: ({ path }) => path.endsWith('/entities/bulk'),
  delete: ({ path }) => path.endsWith('/bulk/entities/delete'),
};

const bodySchema = z.object({
  entities: z.array(z.union([z.string(), z.looseObject({ identifier: z.unknown() })])),
});

const signatureSchema = z.object({ spec: z.record(z.string(), z.unknown()).optional() });

const planSchema = z.object({
  plan: z.object({
    changes: z.array(
      z.object({ action: z.string(), blueprint: z.string(), identifier: z.string() }),
    ),
  }),
});

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Another machine's clock, on which what is under way has all the time that it needs. */
function offBy(clock: FakeClock, milliseconds: number): Runtime['clock'] {
  return {
    now: () => clock.now() + milliseconds,
    sleep: (wait, signal) =>
      wait === GRACE_MILLISECONDS
        ? new Promise((_, reject) => {
            signal?.addEventListener('abort', () => {
              reject(new Error('aborted'));
            });
          })
        : clock.sleep(wait, signal),
  };
}

function isProtected(mapping: MappingShape, blueprint: string): boolean {
  if (blueprint.startsWith('_')) return true;
  const isBelow = blueprint === BLUEPRINTS.pullRequest || blueprint === BLUEPRINTS.branch;
  if (isBelow && mapping.window && mapping.keepOutdated) return true;
  // Which entity a search will find, nobody can tell.
  if (blueprint === BLUEPRINTS.label && mapping.search) return true;
  // A resource that computes its blueprint may feed any.
  const isAnywhere =
    mapping.second === 'computed-blueprint' && mapping.kinds.includes('repository');
  if (isAnywhere && [mapping.protects, mapping.unknownKey].includes('repository')) return true;
  const into: Readonly<Record<string, string>> = {
    [BLUEPRINTS.project]: 'project',
    [BLUEPRINTS.label]: 'project',
    [BLUEPRINTS.repository]: 'repository',
    [BLUEPRINTS.extra]: 'repository',
    [BLUEPRINTS.pullRequest]: 'pull-request',
    [BLUEPRINTS.branch]: 'branch',
    [BLUEPRINTS.user]: 'user',
  };
  const kind = into[blueprint];
  return kind !== undefined && (mapping.protects === kind || mapping.unknownKey === kind);
}
