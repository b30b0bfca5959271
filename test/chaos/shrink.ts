import { PLAIN } from './mapping-shape.js';
import { QUIET_RUN, unlike, type IntegrationShape, type Step, type Story } from './story.js';

/** What nobody would notice about a server. */
const PLAIN_BITBUCKET = {
  pageRows: 100,
  hides: 'as missing',
  isPublic: false,
  moved: 'not-found',
} as const;
const PLAIN_PORT: Story['port'] = {
  cascade: 'any',
  datasource: 'creator',
  datasourceCase: 'as-sent',
  clockMinutes: 0,
  ageSeconds: null,
  listsIntegrations: true,
};
const PLAIN_INTEGRATION = { signedBy: 'us', isHosted: false } as const;

/** A story whose parts may be gone: the numbers of what is left stay as they were. */
interface Draft {
  readonly bitbucket: Story['bitbucket'];
  readonly port: Story['port'];
  readonly integrations: readonly IntegrationShape[];
  readonly begin: readonly (Story['begin'][number] | null)[];
  readonly steps: readonly (Step | null)[];
}

type Simplification = (draft: Draft) => Draft;

/**
 * The story without some of what is in it. Its parts count from 0 in an order that depends on the story
 * alone: steps, then what they do, then what there is in the beginning, then the world.
 */
export function without(story: Story, parts: Iterable<number>): Story {
  const all = simplifications(story);
  let draft: Draft = story;
  for (const part of parts) draft = all[part]?.(draft) ?? draft;
  const isThere = <Value>(value: Value | null): value is Value => value !== null;
  return { ...draft, begin: draft.begin.filter(isThere), steps: draft.steps.filter(isThere) };
}

/**
 * Leaves out of a story what does not matter.
 * @param fails whether it still goes wrong, in the same way
 * @param tries how often that may be asked
 * @returns the parts that are left out
 */
export async function shrink(
  story: Story,
  fails: (story: Story) => Promise<boolean>,
  tries: number,
): Promise<readonly number[]> {
  const out = new Set<number>();
  const count = simplifications(story).length;
  let left = tries;
  const attempt = async (parts: readonly number[]): Promise<boolean> => {
    const added = parts.filter((part) => !out.has(part));
    if (added.length === 0 || left === 0) return false;
    left -= 1;
    if (!(await fails(without(story, [...out, ...added])))) return false;
    for (const part of added) out.add(part);
    return true;
  };
  for (let size = Math.ceil(count / 4); size >= 1 && left > 0; size = Math.floor(size / 2)) {
    for (let first = 0; first < count; first += size) {
      await attempt(Array.from({ length: Math.min(size, count - first) }, (_, at) => first + at));
    }
  }
  return [...out].sort((one, other) => one - other);
}

/** Each way of leaving something out. */
function simplifications(story: Story): readonly Simplification[] {
  return [
    ...story.steps.map((_, at): Simplification => (draft) => ({
      ...draft,
      steps: draft.steps.map((step, index) => (index === at ? null : step)),
    })),
    ...story.steps.flatMap(plainerSteps),
    ...story.begin.map((_, at): Simplification => (draft) => ({
      ...draft,
      begin: draft.begin.map((edit, index) => (index === at ? null : edit)),
    })),
    ...story.integrations.flatMap(plainerIntegrations),
    ...(story.integrations.length > 1
      ? [(draft: Draft): Draft => ({ ...draft, integrations: draft.integrations.slice(0, 1) })]
      : []),
    ...plainer(story.bitbucket, PLAIN_BITBUCKET).map((next): Simplification => (draft) => ({
      ...draft,
      bitbucket: next(draft.bitbucket),
    })),
    ...plainer(story.port, PLAIN_PORT).map((next): Simplification => (draft) => ({
      ...draft,
      port: next(draft.port),
    })),
  ];
}

function plainerSteps(step: Step, at: number): readonly Simplification[] {
  const change =
    (next: (step: Step) => Step): Simplification =>
    (draft) => ({
      ...draft,
      steps: draft.steps.map((each, index) => (index === at && each !== null ? next(each) : each)),
    });
  if (step.do === 'run') {
    return plainer(step, { ...QUIET_RUN, integration: step.integration }).map((next) =>
      change((each) => (each.do === 'run' ? next(each) : each)),
    );
  }
  if (step.do !== 'map') return [];
  return plainer(step.mapping, PLAIN).map((next) =>
    change((each) => (each.do === 'map' ? { ...each, mapping: next(each.mapping) } : each)),
  );
}

function plainerIntegrations(integration: IntegrationShape, at: number): readonly Simplification[] {
  const change =
    (next: (one: IntegrationShape) => IntegrationShape): Simplification =>
    (draft) => ({
      ...draft,
      integrations: draft.integrations.map((one, index) => (index === at ? next(one) : one)),
    });
  return [
    ...plainer(integration, PLAIN_INTEGRATION).map(change),
    ...plainer(integration.mapping, PLAIN).map((next) =>
      change((one) => ({ ...one, mapping: next(one.mapping) })),
    ),
  ];
}

/** Takes back, one by one, what is different. */
function plainer<Whole extends object>(
  given: Whole,
  plain: Partial<Whole>,
): readonly ((whole: Whole) => Whole)[] {
  const values = new Map(Object.entries(given));
  return Object.entries(plain)
    .filter(([name, value]) => JSON.stringify(values.get(name)) !== JSON.stringify(value))
    .map(([name, value]) => (whole) => ({ ...whole, [name]: value }));
}

/** What is not plain about a story, as JSON: a line for the world, one for each thing that happens. */
export function inWords(story: Story): readonly string[] {
  return [
    `Bitbucket ${unlike(story.bitbucket, PLAIN_BITBUCKET)}`,
    `Port ${unlike(story.port, PLAIN_PORT)}`,
    ...story.integrations.map(
      ({ mapping, ...rest }) =>
        `integration ${unlike(rest, PLAIN_INTEGRATION)}, mapping ${unlike(mapping, PLAIN)}`,
    ),
    `in the beginning ${JSON.stringify(story.begin)}`,
    ...story.steps.map((step) =>
      step.do === 'run' ? `run ${unlike(step, QUIET_RUN)}` : JSON.stringify(step),
    ),
  ];
}
