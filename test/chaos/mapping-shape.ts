import type { JsonObject, JsonValue } from '../../src/model/json.js';
import type { Truth, TrueRepository } from './truth.js';

export type Flavour = 'server' | 'cloud';
export type Kind = 'project' | 'repository' | 'pull-request' | 'branch' | 'user';

/** A mapping as far as the model tells one from another. */
export interface MappingShape {
  readonly kinds: readonly Kind[];
  /** What all identifiers begin with. */
  readonly prefix: string;
  /** Whether the identifier of a repository names its project. */
  readonly qualified: boolean;
  /** Whether a property holds each item's own link. */
  readonly links: boolean;
  readonly relations: boolean;
  readonly createMissing: boolean;
  readonly deleteDependents: boolean;
  readonly threshold: number | null;
  readonly states: 'OPEN' | 'ALL' | 'DECLINED';
  /** Pull requests and branches that changed in the last 36 hours: `updatedWithin`. */
  readonly window: boolean;
  /** What has become too old for the window stays. */
  readonly keepOutdated: boolean;
  /** Whose mistake takes all repositories away, and all that is below them. */
  readonly mistake: 'jq' | 'Bitbucket' | null;
  /** Takes only repositories whose names do not end in 1, by `selector.query`. */
  readonly leavesOut: boolean;
  /** What else repositories are mapped to. */
  readonly second: 'nothing' | 'same-blueprint' | 'other-blueprint' | 'computed-blueprint';
  /** The kind whose resource says `enableDelete: false`. */
  readonly protects: Kind | null;
  /** Where a key stands that nobody knows. */
  readonly unknownKey: 'root' | Kind | null;
  /** The blueprint of users is Port's own. */
  readonly portUsers: boolean;
  /** Labels of projects are found by a search instead of by identifier. */
  readonly search: boolean;
  /** The identifiers of repositories whose names end in 2 end in an error. */
  readonly failing: boolean;
  /** Data Center's `projects`, on all kinds below one. */
  readonly projects: readonly string[] | null;
}

/** What somebody uses who has no wishes. */
export const PLAIN: MappingShape = {
  kinds: ['project', 'repository', 'pull-request'],
  prefix: '',
  qualified: false,
  links: true,
  relations: true,
  createMissing: true,
  deleteDependents: true,
  threshold: null,
  states: 'OPEN',
  window: false,
  keepOutdated: false,
  mistake: null,
  leavesOut: false,
  second: 'nothing',
  protects: null,
  unknownKey: null,
  portUsers: false,
  search: false,
  failing: false,
  projects: null,
};

export const BLUEPRINTS = {
  project: 'chaosProject',
  repository: 'chaosRepository',
  pullRequest: 'chaosPullRequest',
  branch: 'chaosBranch',
  user: 'chaosUser',
  extra: 'chaosExtra',
  label: 'chaosLabel',
  portUser: '_user',
} as const;

/** A mapping without contradictions: what would only be refused is taken back. */
export function sensible(shape: MappingShape, flavour: Flavour): MappingShape {
  const kinds = flavour === 'cloud' ? shape.kinds.filter((kind) => kind !== 'user') : shape.kinds;
  const all = kinds.length === 0 ? (['repository'] as const) : kinds;
  const isClosed =
    all.includes('project') &&
    all.includes('repository') &&
    !shape.leavesOut &&
    shape.mistake === null &&
    !shape.failing &&
    shape.second !== 'computed-blueprint' &&
    shape.projects === null;
  const createMissing = shape.createMissing || !isClosed;
  return {
    ...shape,
    kinds: all,
    createMissing,
    projects: flavour === 'cloud' ? null : shape.projects,
    search: shape.search && all.includes('project'),
  };
}

/** The blueprints that are put into Port before anything else. */
export function blueprints(): readonly JsonObject[] {
  const text = { type: 'string' } as const;
  const properties = { link: text, note: text };
  const plain = (identifier: string, relations: JsonObject = {}): JsonObject => ({
    identifier,
    title: identifier,
    icon: 'Git',
    schema: { properties, required: [] },
    relations,
  });
  const to = (target: string): JsonObject => ({
    title: target,
    target,
    required: false,
    many: false,
  });
  return [
    plain(BLUEPRINTS.project),
    plain(BLUEPRINTS.user),
    plain(BLUEPRINTS.label),
    plain(BLUEPRINTS.repository, { project: to(BLUEPRINTS.project) }),
    plain(BLUEPRINTS.extra, { project: to(BLUEPRINTS.project) }),
    plain(BLUEPRINTS.pullRequest, { repository: to(BLUEPRINTS.repository) }),
    plain(BLUEPRINTS.branch, { repository: to(BLUEPRINTS.repository) }),
    // What others have, which may relate to ours.
    {
      ...plain('theirs', {
        project: to(BLUEPRINTS.project),
        repository: to(BLUEPRINTS.repository),
      }),
    },
  ];
}

/** How a flavour's items say what is mapped. */
const ITEMS = {
  server: {
    link: '.links.self[0].href',
    slug: '.slug',
    project: '.project.key',
    ofPullRequest: { slug: '.toRef.repository.slug', project: '.toRef.repository.project.key' },
    ofBranch: { slug: '.__repository.slug', project: '.__repository.project.key' },
    branch: '.displayId',
    linkOfBranch: '.__link',
    states: { OPEN: { state: 'OPEN' }, ALL: { state: 'ALL' }, DECLINED: { state: 'DECLINED' } },
    mistake: { projectFilterRegex: 'NONE' },
  },
  cloud: {
    link: '.links.html.href',
    slug: '.slug',
    project: '.project.key',
    // A pull request does not name the project.
    ofPullRequest: { slug: '(.destination.repository.full_name | split("/")[1])', project: null },
    ofBranch: { slug: '.__repository.slug', project: null },
    branch: '.name',
    linkOfBranch: '.links.html.href',
    states: {
      OPEN: {},
      ALL: { pullRequestQuery: 'state="OPEN" OR state="MERGED" OR state="DECLINED"' },
      DECLINED: { pullRequestQuery: 'state="DECLINED"' },
    },
    mistake: { repoQuery: 'name = "none"' },
  },
} as const;

/** The mapping as Port holds it. */
export function mappingJson(shape: MappingShape, flavour: Flavour): JsonObject {
  const item = ITEMS[flavour];
  const prefixed = (expression: string): string =>
    shape.prefix === '' ? expression : `"${shape.prefix}" + ${expression}`;
  const isQualified = isQualifiedIn(shape, flavour);
  const repositoryIdentifier = (slug: string, project: string | null): string =>
    prefixed(isQualified && project !== null ? `${project} + "-" + ${slug}` : slug);
  const repository = repositoryIdentifier(item.slug, item.project);
  const target = repositoryIdentifier(item.ofPullRequest.slug, item.ofPullRequest.project);
  const branchTarget = repositoryIdentifier(item.ofBranch.slug, item.ofBranch.project);
  const own = shape.links ? { link: item.link } : {};
  const relations = (given: JsonObject): JsonObject =>
    shape.relations ? { relations: given } : {};
  const below: JsonObject = shape.projects === null ? {} : { projects: [...shape.projects] };
  const query = shape.leavesOut ? '.slug | endswith("1") | not' : 'true';
  const mistaken = (kind: Kind): JsonObject => {
    if (kind === 'project' || kind === 'user' || shape.mistake === null) return {};
    return shape.mistake === 'jq' ? { query: '.slug == "none"' } : item.mistake;
  };
  const window: JsonObject = shape.window
    ? { updatedWithin: '36h', ...(shape.keepOutdated ? { keepOutdated: true } : {}) }
    : {};

  const resource = (
    kind: Kind,
    mappings: JsonValue,
    selector: JsonObject = { query: 'true' },
  ): JsonObject => ({
    kind,
    ...(shape.protects === kind ? { enableDelete: false } : {}),
    ...(shape.unknownKey === kind ? { frobnicate: true } : {}),
    selector: kind === 'user' ? selector : { ...below, ...selector, ...mistaken(kind) },
    port: { entity: { mappings } },
  });

  const resources: Record<Kind, () => readonly JsonObject[]> = {
    project: () => [
      resource('project', {
        identifier: prefixed('.key'),
        title: '.name',
        blueprint: `"${BLUEPRINTS.project}"`,
        properties: own,
      }),
      ...(shape.search ? [resource('project', labelMapping)] : []),
    ],
    repository: () => {
      const mapping = {
        identifier: shape.failing
          ? `if (.slug | endswith("2")) then error("boom") else ${repository} end`
          : repository,
        title: '.name',
        blueprint:
          shape.second === 'computed-blueprint'
            ? `if (.slug | endswith("3")) then "${BLUEPRINTS.extra}" else "${BLUEPRINTS.repository}" end`
            : `"${BLUEPRINTS.repository}"`,
        properties: own,
        ...relations({ project: prefixed(item.project) }),
      };
      const more = {
        identifier: repository,
        blueprint: `"${shape.second === 'same-blueprint' ? BLUEPRINTS.repository : BLUEPRINTS.extra}"`,
        properties: { note: '.name' },
      };
      const isTwice = shape.second === 'same-blueprint' || shape.second === 'other-blueprint';
      return [
        resource('repository', mapping, { query }),
        ...(isTwice ? [resource('repository', more, { query })] : []),
      ];
    },
    'pull-request': () => [
      resource(
        'pull-request',
        {
          identifier: `${target} + "-" + (.id | tostring)`,
          title: '.title',
          blueprint: `"${BLUEPRINTS.pullRequest}"`,
          properties: own,
          ...relations({ repository: target }),
        },
        { query: 'true', ...item.states[shape.states], ...window },
      ),
    ],
    branch: () => [
      resource(
        'branch',
        {
          identifier: `${branchTarget} + "/" + ${item.branch}`,
          title: item.branch,
          blueprint: `"${BLUEPRINTS.branch}"`,
          properties: shape.links ? { link: item.linkOfBranch } : {},
          ...relations({ repository: branchTarget }),
        },
        { query: 'true', ...window },
      ),
    ],
    user: () => [
      resource('user', {
        identifier: prefixed('.name'),
        title: '.displayName',
        blueprint: `"${shape.portUsers ? BLUEPRINTS.portUser : BLUEPRINTS.user}"`,
        ...(shape.portUsers ? {} : { properties: own }),
      }),
    ],
  };
  return {
    createMissingRelatedEntities: shape.createMissing,
    deleteDependentEntities: shape.deleteDependents,
    ...(shape.threshold === null ? {} : { entityDeletionThreshold: shape.threshold }),
    ...(shape.unknownKey === 'root' ? { frobnicate: true } : {}),
    resources: shape.kinds.flatMap((kind) => resources[kind]()),
  };
}

const labelMapping = {
  identifier: {
    combinator: '"and"',
    rules: [{ property: '"note"', operator: '"="', value: '.key' }],
  },
  blueprint: `"${BLUEPRINTS.label}"`,
  title: '.name',
};

function isQualifiedIn({ qualified }: MappingShape, flavour: Flavour): boolean {
  return qualified && flavour === 'server';
}

/** One thing in Bitbucket. The one above it stands first. */
export type Root = `project ${string}` | `repository ${string}` | `user ${string}`;

/** An entity that a mapping makes. */
export interface Made {
  readonly blueprint: string;
  readonly identifier: string;
  readonly relations: Readonly<Record<string, string>>;
  /** The kinds of the resources that make it; none for a bare relation target. */
  readonly kinds: readonly Kind[];
  /** What it stands for and what that is below, outermost first; none for a bare target. */
  readonly roots: readonly Root[];
  /** The item that it stands for, whatever it is called in Port. */
  readonly item: string;
  /** Found by a search: nobody can tell whether it is the same. */
  readonly searched: boolean;
}

export type Catalog = ReadonlyMap<string, Made>;

export function keyOf({ blueprint, identifier }: Pick<Made, 'blueprint' | 'identifier'>): string {
  return `${blueprint} ${identifier}`;
}

/** The identifier of what a person labelled for a project. */
export function labelOf(key: string): string {
  return `label-${key}`;
}

/** How far back a window goes, in milliseconds. */
const WINDOW = 36 * 3_600_000;

/**
 * All that a mapping makes of a truth: told a second time, without jq.
 * @param now in milliseconds since the epoch
 */
export function catalogOf(
  truth: Truth,
  shape: MappingShape,
  flavour: Flavour,
  now: number,
): Catalog {
  const catalog = new Map<string, Made>();
  const add = (made: Made): void => {
    const earlier = catalog.get(keyOf(made));
    catalog.set(keyOf(made), {
      ...made,
      relations: { ...earlier?.relations, ...made.relations },
      kinds: [...new Set([...(earlier?.kinds ?? []), ...made.kinds])],
    });
  };
  const taken = truth.repositories.filter(
    ({ project }) =>
      shape.mistake === null && (shape.projects === null || shape.projects.includes(project)),
  );
  const isRecent = ({ changed }: { readonly changed: number }): boolean =>
    !shape.window || changed >= now - WINDOW;
  const named = (repository: TrueRepository): string =>
    shape.prefix +
    (isQualifiedIn(shape, flavour) ? `${repository.project}-${repository.slug}` : repository.slug);
  const related = (
    relations: Readonly<Record<string, string>>,
  ): Readonly<Record<string, string>> => (shape.relations ? relations : {});
  const rootsOf = ({ project, id }: TrueRepository): readonly Root[] => [
    `project ${project}`,
    `repository ${String(id)}`,
  ];

  const makers: Record<Kind, () => void> = {
    project: () => {
      for (const { key } of truth.projects) {
        if (shape.projects !== null && !shape.projects.includes(key)) continue;
        const common = { relations: {}, kinds: ['project'], roots: [`project ${key}`] } as const;
        const item = `project ${key}`;
        add({
          ...common,
          blueprint: BLUEPRINTS.project,
          identifier: shape.prefix + key,
          item,
          searched: false,
        });
        if (shape.search) {
          add({
            ...common,
            blueprint: BLUEPRINTS.label,
            identifier: labelOf(key),
            item,
            searched: true,
          });
        }
      }
    },
    repository: () => {
      for (const one of taken) {
        if (shape.leavesOut && one.slug.endsWith('1')) continue;
        const common = {
          identifier: named(one),
          kinds: ['repository'],
          roots: rootsOf(one),
          item: `repository ${String(one.id)}`,
          searched: false,
        } as const;
        const isElsewhere = shape.second === 'computed-blueprint' && one.slug.endsWith('3');
        if (!(shape.failing && one.slug.endsWith('2'))) {
          add({
            ...common,
            blueprint: isElsewhere ? BLUEPRINTS.extra : BLUEPRINTS.repository,
            relations: related({ project: shape.prefix + one.project }),
          });
        }
        if (shape.second === 'same-blueprint' || shape.second === 'other-blueprint') {
          const isSame = shape.second === 'same-blueprint';
          const blueprint = isSame ? BLUEPRINTS.repository : BLUEPRINTS.extra;
          add({ ...common, blueprint, relations: {} });
        }
      }
    },
    'pull-request': () => {
      for (const one of taken) {
        for (const each of one.pullRequests) {
          const { id, state } = each;
          if (!isRecent(each) || (shape.states !== 'ALL' && state !== shape.states)) continue;
          add({
            blueprint: BLUEPRINTS.pullRequest,
            identifier: `${named(one)}-${String(id)}`,
            relations: related({ repository: named(one) }),
            kinds: ['pull-request'],
            roots: rootsOf(one),
            item: `pull-request ${String(one.id)} ${String(id)}`,
            searched: false,
          });
        }
      }
    },
    branch: () => {
      for (const one of taken) {
        for (const { name } of one.branches.filter(isRecent)) {
          add({
            blueprint: BLUEPRINTS.branch,
            identifier: `${named(one)}/${name}`,
            relations: related({ repository: named(one) }),
            kinds: ['branch'],
            roots: rootsOf(one),
            item: `branch ${String(one.id)} ${name}`,
            searched: false,
          });
        }
      }
    },
    user: () => {
      for (const { name, active } of truth.users) {
        if (!active) continue;
        add({
          blueprint: shape.portUsers ? BLUEPRINTS.portUser : BLUEPRINTS.user,
          identifier: shape.prefix + name,
          relations: {},
          kinds: ['user'],
          roots: [`user ${name}`],
          item: `user ${name}`,
          searched: false,
        });
      }
    },
  };
  for (const kind of shape.kinds) makers[kind]();
  if (shape.createMissing) addTargets(catalog);
  return catalog;
}

/** Where relations lead to; those of an entity in one blueprint and in another are the same. */
const TARGETS: Readonly<Record<string, string>> = {
  project: BLUEPRINTS.project,
  repository: BLUEPRINTS.repository,
};

/** Port makes what a relation names and nobody has. */
function addTargets(catalog: Map<string, Made>): void {
  for (const made of [...catalog.values()]) {
    for (const [relation, identifier] of Object.entries(made.relations)) {
      const bare = { blueprint: TARGETS[relation] ?? '', identifier };
      if (catalog.has(keyOf(bare))) continue;
      catalog.set(keyOf(bare), {
        ...bare,
        relations: {},
        kinds: [],
        roots: made.roots,
        item: `target ${keyOf(bare)}`,
        searched: false,
      });
    }
  }
}

/** The kinds whose items are named by identifiers of a blueprint. */
export function kindsInto(shape: MappingShape, blueprint: string): readonly Kind[] {
  const into: Record<Kind, readonly string[]> = {
    project: [BLUEPRINTS.project, ...(shape.search ? [BLUEPRINTS.label] : [])],
    repository: [
      BLUEPRINTS.repository,
      ...(shape.second === 'other-blueprint' || shape.second === 'computed-blueprint'
        ? [BLUEPRINTS.extra]
        : []),
    ],
    'pull-request': [BLUEPRINTS.pullRequest],
    branch: [BLUEPRINTS.branch],
    user: [shape.portUsers ? BLUEPRINTS.portUser : BLUEPRINTS.user],
  };
  return shape.kinds.filter((kind) => into[kind].includes(blueprint));
}
