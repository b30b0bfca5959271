import type { BitbucketShape, Failing, Lie, Listing, Trouble } from './bitbucket.js';
import { PLAIN, sensible, type Flavour, type Kind, type MappingShape } from './mapping-shape.js';
import { Random } from './random.js';
import { PROJECT_KEYS, type Edit } from './truth.js';

/** Identifiers of integrations in one Port; each may be the end of another one. */
export interface IntegrationShape {
  readonly identifier: string;
  readonly mapping: MappingShape;
  /** Who signed it before the first run. */
  readonly signedBy: 'us' | 'another';
  /** Whether Port hosts it and keeps its settings in `spec`. */
  readonly isHosted: boolean;
}

/** What Port is like. */
export interface PortShape {
  readonly cascade: 'any' | 'required';
  readonly datasource: 'creator' | 'last-writer';
  readonly datasourceCase: 'as-sent' | 'lower';
  /** How far its clock is ahead, in minutes. */
  readonly clockMinutes: number;
  readonly ageSeconds: number | null;
  /** Whether the credentials may list the integrations. */
  readonly listsIntegrations: boolean;
}

/** Where a run is met: the request with this number, from 1. */
export interface Moment {
  readonly side: 'bitbucket' | 'port';
  readonly at: number;
}

export interface RunStep {
  readonly do: 'run';
  /** Position among the integrations. */
  readonly integration: number;
  /** How far the runner's clock is ahead, in minutes. */
  readonly clockMinutes: number;
  readonly flags: string;
  /** Which approval is given, of the last stop of this integration. */
  readonly approval: 'none' | 'as printed' | 'one less' | 'of yesterday';
  readonly troubles: readonly Trouble[];
  /** Calls of Port that fail once, or for the whole run. */
  readonly portTrouble: { readonly call: PortCall; readonly times: number | null } | null;
  /** A signal. */
  readonly stop: Moment | null;
  /** A person changes something that is about to be deleted. */
  readonly person: number | null;
  /** Another run, begun at this request to Bitbucket and ended before its answer, or after it. */
  readonly beside: {
    readonly integration: number;
    readonly at: number;
    readonly ends: 'within' | 'whenever';
  } | null;
  /** Whether `plan` is asked first. */
  readonly plan: boolean;
}

/** A run in which nothing happens. */
export const QUIET_RUN: RunStep = {
  do: 'run',
  integration: 0,
  clockMinutes: 0,
  flags: '',
  approval: 'none',
  troubles: [],
  portTrouble: null,
  stop: null,
  person: null,
  beside: null,
  plan: false,
};

export type PortCall = 'search' | 'sign' | 'upsert' | 'delete';

export type Step =
  | { readonly do: 'edit'; readonly edit: Edit }
  | RunStep
  | { readonly do: 'map'; readonly integration: number; readonly mapping: MappingShape }
  /** Somebody edits the mapping, and errs, or takes it back. */
  | { readonly do: 'slip'; readonly integration: number; readonly change: Slip }
  | { readonly do: 'sign'; readonly integration: number }
  | { readonly do: 'begin-resync'; readonly integration: number; readonly minutesAgo: number }
  | { readonly do: 'credentials'; readonly are: 'alive' | 'dead' }
  | { readonly do: 'spec'; readonly is: 'kept' | 'dropped' | 'refused' }
  /** Somebody else's entity comes to relate to one of ours. */
  | { readonly do: 'relate'; readonly at: number }
  | { readonly do: 'wait'; readonly minutes: number };

/** What a slip changes of a mapping. */
export type Slip = Partial<Pick<MappingShape, 'mistake' | 'states' | 'window' | 'keepOutdated'>>;

const SLIPS: readonly Slip[] = [
  { mistake: 'jq' },
  { mistake: 'Bitbucket' },
  { mistake: 'Bitbucket' },
  { states: 'DECLINED' },
  { window: true, keepOutdated: false },
  { window: true, keepOutdated: true },
  { mistake: null, states: 'OPEN', window: false },
];

/** A world and what happens in it: all that a sequence of runs is made of. */
export interface Story {
  readonly bitbucket: BitbucketShape;
  readonly port: PortShape;
  readonly integrations: readonly IntegrationShape[];
  readonly begin: readonly Edit[];
  readonly steps: readonly Step[];
}

/** What of it is unlike something plain, as JSON. */
export function unlike<Whole extends object>(given: Whole, plain: Partial<Whole>): string {
  const usual = new Map(Object.entries(plain));
  const unusual = Object.entries(given).filter(
    ([name, value]) => JSON.stringify(usual.get(name)) !== JSON.stringify(value),
  );
  return JSON.stringify(Object.fromEntries(unusual));
}

/** The story with this number; the same for the same seed. */
export function storyOf(seed: number, number: number): Story {
  return new Author(new Random(seed, number)).story();
}

const IDENTIFIERS = [
  ['prod', 'eu/prod'],
  ['eu/prod', 'prod'],
  ['Prod', 'EU/Prod'],
  ['my-integration', 'my'],
] as const;

class Author {
  readonly #random: Random;
  readonly #flavour: Flavour;
  /** Many things of a kind, so that guards have something to guard. */
  readonly #isLarge: boolean;

  constructor(random: Random) {
    this.#random = random;
    this.#flavour = random.percent(50) ? 'server' : 'cloud';
    this.#isLarge = random.percent(20);
  }

  story(): Story {
    const random = this.#random;
    const [first, second] = random.pick(IDENTIFIERS);
    const isPair = random.percent(35);
    const integrations = (isPair ? [first, second] : [first]).map((identifier) => ({
      identifier,
      mapping: this.#mapping(),
      signedBy: random.percent(15) ? ('another' as const) : ('us' as const),
      isHosted: random.percent(12),
    }));
    const steps: Step[] = [];
    const runs = random.between(2, 5);
    for (let run = 0; run < runs; run += 1) {
      if (run > 0) {
        for (let edits = random.below(4); edits > 0; edits -= 1) steps.push(this.#between());
      }
      steps.push(this.#run(integrations.length, run));
    }
    return {
      bitbucket: {
        flavour: this.#flavour,
        pageRows: random.pick([2, 3, 100, 100]),
        hides: random.percent(50) ? 'as missing' : 'as refused',
        isPublic: random.percent(30),
        moved: random.pick(['redirect', 'answer', 'not-found']),
      },
      port: {
        cascade: random.percent(50) ? 'any' : 'required',
        datasource: random.percent(60) ? 'creator' : 'last-writer',
        datasourceCase: random.percent(70) ? 'as-sent' : 'lower',
        clockMinutes: this.#minutes(),
        ageSeconds: random.percent(8) ? 30 : null,
        listsIntegrations: random.percent(85),
      },
      integrations,
      begin: this.#beginning(),
      steps,
    };
  }

  #beginning(): Edit[] {
    const random = this.#random;
    const projects = random.between(1, 3);
    const repositories = this.#isLarge ? random.between(12, 20) : random.between(1, 6);
    const edits: Edit[] = [];
    for (let count = 0; count < projects; count += 1) edits.push({ do: 'add-project' });
    for (let name = 0; name < repositories; name += 1) edits.push(this.#repository(name));
    for (let count = random.below(4); count > 0; count -= 1) {
      edits.push({ do: 'add-user', name: count });
    }
    return edits;
  }

  #repository(name: number): Edit {
    const random = this.#random;
    return {
      do: 'add-repository',
      project: random.below(8),
      name,
      pullRequests: this.#isLarge ? random.below(3) : random.below(4),
      branches: random.below(3),
      public: random.percent(30),
      archived: random.percent(15),
    };
  }

  #mapping(): MappingShape {
    const random = this.#random;
    const kinds: readonly (readonly Kind[])[] = [
      ['project', 'repository', 'pull-request'],
      ['project', 'repository', 'pull-request', 'user'],
      ['repository', 'pull-request'],
      ['project', 'repository', 'pull-request', 'branch'],
      ['repository', 'branch'],
      ['pull-request'],
      ['project', 'repository'],
      ['user', 'project'],
    ];
    const rarely = (share: number): boolean => random.percent(share);
    return sensible(
      {
        ...PLAIN,
        kinds: random.weighted(kinds.map((each, index) => [index < 2 ? 4 : 1, each])),
        prefix: random.weighted([
          [6, ''],
          [2, 'x-'],
          [1, 'y-'],
        ]),
        qualified: rarely(20),
        links: !rarely(15),
        relations: !rarely(20),
        createMissing: !rarely(20),
        deleteDependents: !rarely(30),
        threshold: random.weighted([
          [8, null],
          [1, 0],
          [1, 1],
          [1, 0.5],
        ]),
        states: random.weighted([
          [12, 'OPEN'],
          [4, 'ALL'],
          [1, 'DECLINED'],
        ]),
        window: rarely(20),
        keepOutdated: rarely(30),
        mistake: rarely(8) ? random.pick(['jq', 'Bitbucket'] as const) : null,
        leavesOut: rarely(10),
        second: random.weighted([
          [7, 'nothing'],
          [1, 'same-blueprint'],
          [1, 'other-blueprint'],
          [1, 'computed-blueprint'],
        ]),
        protects: rarely(8) ? random.pick<Kind>(['project', 'repository', 'pull-request']) : null,
        unknownKey: rarely(6) ? random.pick<'root' | Kind>(['root', 'repository']) : null,
        portUsers: rarely(8),
        search: rarely(10),
        failing: rarely(6),
        projects: rarely(6) ? PROJECT_KEYS.slice(0, random.between(1, 3)) : null,
      },
      this.#flavour,
    );
  }

  #between(): Step {
    const random = this.#random;
    const at = random.below(24);
    const repository = this.#repository(random.below(24));
    const edit = (given: Edit): Step => ({ do: 'edit', edit: given });
    return random.weighted<() => Step>([
      [8, () => edit(repository)],
      [9, () => edit({ do: 'remove-repository', at })],
      [2, () => edit({ do: 'remove-repositories', left: random.below(3) })],
      [5, () => edit({ do: 'rename-repository', at, name: random.below(24) })],
      [4, () => edit({ do: 'move-repository', at, project: random.below(8) })],
      [2, () => edit({ do: 'archive-repository', at })],
      [2, () => edit({ do: 'add-project' })],
      [4, () => edit({ do: 'remove-project', at })],
      [4, () => edit({ do: 'open', at })],
      [7, () => edit({ do: 'merge', at })],
      [2, () => edit({ do: 'merge-all' })],
      [4, () => edit({ do: 'push', at })],
      [2, () => edit({ do: 'remove-branch', at })],
      [2, () => edit({ do: 'add-user', name: at })],
      [2, () => edit({ do: 'remove-user', at })],
      [2, () => edit({ do: 'deactivate-user', at })],
      [4, () => edit({ do: 'hide-repository', at })],
      [3, () => edit({ do: 'hide-most', every: random.between(2, 7) })],
      [3, () => edit({ do: 'hide-project', at })],
      [5, () => edit({ do: 'show-all' })],
      [2, () => ({ do: 'credentials', are: 'dead' })],
      [3, () => ({ do: 'credentials', are: 'alive' })],
      [5, () => ({ do: 'map', integration: random.below(2), mapping: this.#mapping() })],
      [9, () => ({ do: 'slip', integration: random.below(2), change: random.pick(SLIPS) })],
      [2, () => ({ do: 'sign', integration: random.below(2) })],
      [
        2,
        () => ({
          do: 'begin-resync',
          integration: random.below(2),
          minutesAgo: random.pick([1, 30, 59, 61, 300]),
        }),
      ],
      [2, () => ({ do: 'spec', is: random.pick(['kept', 'kept', 'dropped', 'refused']) })],
      [3, () => ({ do: 'relate', at })],
      [2, () => ({ do: 'wait', minutes: random.pick([61, 24 * 60, 3 * 24 * 60]) })],
    ])();
  }

  #run(integrations: number, position: number): RunStep {
    const random = this.#random;
    // The first run is mostly left alone, so that there is something to lose.
    const rarely = (share: number): boolean => random.percent(position === 0 ? share / 3 : share);
    return {
      do: 'run',
      integration: random.below(integrations),
      clockMinutes: this.#minutes(),
      flags: rarely(12)
        ? random.pick([
            '--no-delete',
            '--kinds repository',
            '--kinds project,pull-request',
            ...(this.#flavour === 'server' ? ['--projects PAY'] : []),
          ])
        : '',
      approval: random.weighted([
        [6, 'none'],
        [3, 'as printed'],
        [1, 'one less'],
        [1, 'of yesterday'],
      ]),
      troubles: rarely(40) ? this.#troubles() : [],
      portTrouble: rarely(10)
        ? {
            call: random.pick<PortCall>(['search', 'sign', 'upsert', 'delete']),
            times: random.percent(40) ? null : 1,
          }
        : null,
      stop: rarely(14)
        ? { side: random.pick(['bitbucket', 'port']), at: random.between(1, 30) }
        : null,
      person: rarely(12) ? random.between(1, 8) : null,
      beside: rarely(12)
        ? {
            integration: random.below(integrations),
            at: random.between(1, 12),
            ends: random.pick(['within', 'whenever']),
          }
        : null,
      plan: rarely(12),
    };
  }

  #troubles(): Trouble[] {
    const random = this.#random;
    const listing = random.weighted<Listing>([
      [2, 'projects'],
      [4, 'repositories'],
      [1, 'users'],
      [4, { pullRequests: random.below(8) }],
    ]);
    const lies: readonly Lie[] = ['broken-off', 'repeated', 'jumped', 'left-out', 'empty'];
    const failures: readonly Failing[] = [500, 401, 403, 404, 'reset', 'cut-off', 'malformed'];
    const how = random.percent(55) ? random.pick(lies) : random.pick(failures);
    return [{ listing, how, times: random.percent(60) ? null : random.between(1, 2) }];
  }

  /** Mostly right, and up to an hour off. */
  #minutes(): number {
    const random = this.#random;
    return random.percent(60) ? 0 : random.between(-60, 60);
  }
}
