import { z } from 'zod';
import type { ProblemOf } from '../../problems/problem.js';
import type { SelectorRefusal } from '../source.js';
import { isSegment } from '../segment.js';

/** What may stand in a path in place of a name, and is filled in for each parent. */
export const PLACEHOLDERS = ['workspace', 'project', 'repository'] as const;

export type Placeholder = (typeof PLACEHOLDERS)[number];

/** A longer address is nobody's, and would only be work. */
export const LONGEST_PATH = 2_000;

/**
 * Nothing that a URL or a server could read as anything but this very name: no percent sign, no slash or
 * backslash, no semicolon, no question mark.
 */
const NAME = /^[\w.~-]+$/u;
/** The same, where `*` stands for any of a name. */
const NAME_PATTERN = /^[\w.~*-]+$/u;
const PLACEHOLDER = /^\{(workspace|project|repository)\}$/u;
const ANY_DEPTH = '**';

/** How a path of the mapping has to look, continuing a sentence that begins with its place. */
export const PATH_RULE =
  'must be a path below the address of Bitbucket: names of letters, digits and . _ ~ - between single slashes, or {workspace}, {project}, {repository} in place of a name';

/** How a pattern has to look, likewise. */
export const PATTERN_RULE =
  'may list paths below the address of Bitbucket: names of letters, digits and . _ ~ -, with * for any of a name and ** for any number of names, or {workspace}, {project}, {repository} in place of a name';

/** The segments of a path as a mapping writes it; null for what is none. One slash may stand before it. */
export function pathSegments(path: string): readonly string[] | null {
  const segments = path.replace(/^\//u, '').split('/');
  const isPath = segments.every(
    (one) => PLACEHOLDER.test(one) || (NAME.test(one) && isSegment(one)),
  );
  return isPath && path.length <= LONGEST_PATH ? segments : null;
}

/** The segments of a pattern; null for what is none. */
export function patternSegments(pattern: string): readonly string[] | null {
  const segments = pattern.replace(/^\//u, '').split('/');
  const isPattern = segments.every((one) => {
    if (one === ANY_DEPTH || PLACEHOLDER.test(one)) return true;
    return NAME_PATTERN.test(one) && isSegment(one) && !one.includes(ANY_DEPTH);
  });
  return isPattern && pattern.length <= LONGEST_PATH ? segments : null;
}

/** The placeholder that a segment is; null: it is a name. */
export function placeholderIn(segment: string): Placeholder | null {
  const name = PLACEHOLDER.exec(segment)?.[1];
  return PLACEHOLDERS.find((one) => one === name) ?? null;
}

/**
 * Whether one of the patterns takes a path as the mapping writes it. A name is never taken for a
 * placeholder: a pattern with `{repository}` is about the repositories that are read, and no other.
 */
export function takesPath(patterns: readonly string[], path: readonly string[]): boolean {
  return takes(patterns, path, (pattern, segment) =>
    placeholderIn(pattern) !== null || placeholderIn(segment) !== null
      ? pattern === segment || pattern === '*'
      : takesName(pattern, segment),
  );
}

type TakesOne = (pattern: string, segment: string) => boolean;

/** Whether one of the patterns takes all of a path, by what its segments take. */
export function takes(
  patterns: readonly string[],
  path: readonly string[],
  takesOne: TakesOne,
): boolean {
  return patterns.some((pattern) => takesAll(patternSegments(pattern) ?? [], path, takesOne));
}

/** Segment by segment, remembering after which of them the pattern may have come to each of its own. */
function takesAll(
  pattern: readonly string[],
  path: readonly string[],
  takesOne: TakesOne,
): boolean {
  let reached = new Set([0]);
  const skip = (positions: ReadonlySet<number>): Set<number> => {
    const all = new Set(positions);
    // `**` may stand for nothing.
    for (const position of all) if (pattern[position] === ANY_DEPTH) all.add(position + 1);
    return all;
  };
  for (const segment of path) {
    const next = new Set<number>();
    for (const position of skip(reached)) {
      const one = pattern[position];
      if (one === ANY_DEPTH) next.add(position);
      else if (one !== undefined && takesOne(one, segment)) next.add(position + 1);
    }
    reached = next;
  }
  return pattern.length > 0 && skip(reached).has(pattern.length);
}

/** Each `*` takes as little as it can: what follows it is looked for from there on. */
export function takesName(pattern: string, name: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return pattern === name;
  if (!name.startsWith(first)) return false;
  let from = first.length;
  for (const part of others) {
    const found = name.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return name.length - last.length >= from && name.endsWith(last);
}

/** A name, or names with dots between them, of fields in an answer. `.` is the answer itself. */
const PLACE = /^\.?[\w-]+(?:\.[\w-]+){0,9}$/u;
const PLACE_RULE = 'must be names of fields with dots between them, such as values or user.name';

/** Parameters that pages are asked for with. */
const PAGING = ['start', 'limit', 'page', 'pagelen'];

const parameter = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** Selector keys of a request to the API. */
export const requestKeys = {
  path: z.string().refine((path) => pathSegments(path) !== null, { error: PATH_RULE }),
  each: z.enum(['workspace', 'project', 'repository']),
  items: z
    .string()
    .refine((place) => place === '.' || PLACE.test(place), { error: `${PLACE_RULE}, or .` })
    .nullish(),
  key: z
    .string()
    .refine((place) => PLACE.test(place), { error: PLACE_RULE })
    .nullish(),
  parameters: z
    .record(
      z.string().regex(/^[A-Za-z][\w.-]*$/u, { error: 'must be names of letters and digits' }),
      parameter,
    )
    .nullish(),
};

const keys = z.object(requestKeys);

/** What a resource asks the API for. */
export interface Asked {
  /** Its segments. */
  readonly path: readonly string[];
  readonly each: z.output<typeof keys>['each'];
  /** Where the items are in an answer, step by step; none: the answer itself. */
  readonly items: readonly string[];
  /** Where what identifies an item is in it; none: an answer is a single item. */
  readonly key: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
}

/** What a valid selector asks for. */
export function askedIn(selector: unknown): Asked {
  const { path, each, items, key, parameters } = keys.parse(selector);
  return {
    path: pathSegments(path) ?? [],
    each,
    items: stepsOf(items ?? 'values'),
    key: stepsOf(key ?? '.'),
    parameters: parameters ?? {},
  };
}

function stepsOf(place: string): readonly string[] {
  return place.split('.').filter((step) => step !== '');
}

/** Where items have what they belong to. */
export function parentField({ of }: { readonly of?: 'project' }): '__project' | '__repository' {
  return of === 'project' ? '__project' : '__repository';
}

/** The path as a person reads it. */
export function pathText({ path }: Pick<Asked, 'path'>): string {
  return path.join('/');
}

/** What a flavour and the settings say of requests. */
export interface RequestRules {
  /** The name that every path of the API begins with; null: there is none. */
  readonly below: string | null;
  /** Whether there are workspaces. */
  readonly hasWorkspaces: boolean;
  /** Patterns of paths that may be asked for; null: nothing is asked, so that all may be written. */
  readonly allowed: readonly string[] | null;
}

/** Why a valid selector may not be used; null: it may. */
export function refusalOf(asked: Asked, rules: RequestRules): SelectorRefusal | null {
  const at = ['path'];
  const { path, each } = asked;
  const { below, hasWorkspaces, allowed } = rules;
  if (below !== null && path[0] !== below) {
    return { at, reason: `must begin with ${below}/, as all of the API does` };
  }
  for (const placeholder of path.map(placeholderIn)) {
    if (placeholder === 'workspace' && !hasWorkspaces) {
      return { at, reason: 'has {workspace}, which Bitbucket Data Center has not' };
    }
    const isKnown =
      placeholder === null ||
      placeholder === 'workspace' ||
      each === 'repository' ||
      placeholder === each;
    if (!isKnown) return { at, reason: `has {${placeholder}}, which each: ${each} does not give` };
  }
  if (each !== 'workspace' && !path.includes(`{${each}}`)) {
    const reason = `must have {${each}}, as it is asked for each ${each}; else write each: workspace`;
    return { at, reason };
  }
  const paging = Object.keys(asked.parameters).find((name) => PAGING.includes(name.toLowerCase()));
  if (paging !== undefined) {
    return { at: ['parameters', paging], reason: 'is left to the program, which reads all pages' };
  }
  if (asked.key.length === 0 && asked.items.length > 0) {
    const reason = 'lacks key: the field that tells one item from another, such as id';
    return { at: [], reason };
  }
  if (allowed === null || takesPath(allowed, path)) return null;
  const text = pathText(asked);
  return allowed.length === 0
    ? {
        at: null,
        reason: `is request, which needs the setting sync.allowRequests: a list of the paths that a mapping may ask for, such as ${text}`,
      }
    : { at, reason: `is nothing that the setting sync.allowRequests lists: ${text}` };
}

/** What a run tells of a resource that it may not read. */
export function refusedRequest(
  selector: unknown,
  { at, reason }: SelectorRefusal,
): ProblemOf<'request-refused'> {
  const place = at === null ? 'kind' : ['selector', ...at].map(String).join('.');
  return {
    code: 'request-refused',
    path: pathText(askedIn(selector)),
    reason: `${place} ${reason}`,
  };
}

/** What a kind of either flavour says of itself. Its refusals are those of how a selector is written. */
export function requestKind(flavour: Omit<RequestRules, 'allowed'>, parentKeys: readonly string[]) {
  return {
    name: 'request',
    plural: 'requests',
    path: [],
    pages: [],
    item: z.never(),
    key: () => '',
    segments: () => [],
    link: null,
    isApart: true,
    isPrivate: true,
    fieldsOfParents: ['__repository', '__project'],
    costs:
      '1 request for each workspace, project or repository, as `each` says, and 1 more for each further page',
    scopeOf: (selector: unknown) =>
      askedIn(selector).each === 'workspace' ? ('root' as const) : ('repository' as const),
    refusalOf: (selector: unknown) => refusalOf(askedIn(selector), { ...flavour, allowed: null }),
    // What selects among projects or repositories is idle where nothing is asked of any.
    idleParts: (selector: unknown) =>
      askedIn(selector).each === 'workspace'
        ? parentKeys.filter((key) => hasKey(selector, key)).map((key) => [key])
        : [],
  } as const;
}

function hasKey(selector: unknown, key: string): boolean {
  return (
    typeof selector === 'object' &&
    selector !== null &&
    (Reflect.get(selector, key) ?? null) !== null
  );
}

/** A kind that refuses what the setting does not list. */
export function withAllowed<Kind>(
  kind: Kind,
  flavour: Omit<RequestRules, 'allowed'>,
  allowed: readonly string[],
): Kind {
  return {
    ...kind,
    refusalOf: (selector: unknown) => refusalOf(askedIn(selector), { ...flavour, allowed }),
  };
}
