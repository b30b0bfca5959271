import type { EntityReference } from '../model/entity.js';
import {
  hasChanges,
  totalsOf,
  type BlueprintPlan,
  type EntityChange,
  type Plan,
  type PlannedAction,
} from '../model/plan.js';
import { cutText } from '../model/text.js';
import { markdownPage, markdownText, problemParagraphs, type Safe, table } from './markdown.js';
import { NO_DELETIONS, planOutcome, type PlanEnd, POSTPONED, totalOf } from './plan-end.js';
import { valueText } from './plan-values.js';
import type { RunFacts } from './run-record.js';
import { counted, grouped } from './text.js';

/**
 * What the list of changes may take, in characters: a comment holds 32 Ki on Bitbucket and 64 Ki on
 * GitHub, and few people read a tenth of it.
 */
const ROOM = 12_000;
/** Fields of an entity that are shown. */
const FIELDS = 5;
/** Characters of a value that are shown. */
const VALUE = 60;
/** Entities that a list beside the changes names. */
const NAMED = 20;

/** What goes is read first. */
const ACTIONS: readonly PlannedAction[] = ['delete', 'update', 'create'];

const SIGNS = { create: '+', update: '~', delete: '−' } as const satisfies Record<
  PlannedAction,
  string
>;

/**
 * A plan for the page of a pull request or a job, short enough for a comment: what would change comes
 * first, then what is wrong.
 * @param clean masks secrets
 */
export function planMarkdown(
  { planned, problems, exitCode }: PlanEnd,
  { route, version }: RunFacts,
  clean: (text: string) => string,
): string {
  const safe: Safe = (text) => markdownText(clean(text));
  return markdownPage(`Bitbucket to Port: ${planOutcome(exitCode)}`, version, safe, [
    ...(route === null
      ? []
      : [
          `${safe(route.source)} → Port ${safe(route.port)}, integration ${safe(route.integration)}. Nothing was written.`,
        ]),
    ...(planned === null ? [] : changeParagraphs(planned, safe)),
    ...problemParagraphs(problems, safe),
  ]);
}

function changeParagraphs(
  { plan, summary }: NonNullable<PlanEnd['planned']>,
  safe: Safe,
): readonly string[] {
  const unchanged = totalOf(summary, 'unchanged');
  const same = `${counted(unchanged, 'entity is', 'entities are')} as they should be`;
  return [
    ...(hasChanges(plan) ? [totalsTable(plan, safe)] : [`No changes: ${same}.`]),
    ...lists(plan, safe),
    ...postponedParagraphs(plan, safe),
    ...(hasChanges(plan) ? [`${same}.`] : []),
  ];
}

function totalsTable(plan: Plan, safe: Safe): string {
  const rows = plan.blueprints.map(({ blueprint, counts }) => [
    safe(blueprint),
    ...ACTIONS.map((action) => grouped(counts[action])),
  ]);
  const totals = totalsOf(plan);
  const total = ['**All**', ...ACTIONS.map((action) => `**${grouped(totals[action])}**`)];
  return table(['Blueprint', 'To delete', 'To update', 'To create'], [...rows, total]);
}

/** Changes one by one, until there is no more room; the rest is counted. */
function lists(plan: Plan, safe: Safe): readonly string[] {
  let room = ROOM;
  const take = (line: string): boolean => {
    room -= line.length;
    return room >= 0;
  };
  const { integration, newBlueprints, changedBlueprints, related } = plan;
  const before = [
    ...(integration.isCreated ? [`- + integration ${safe(integration.identifier)}`] : []),
    ...newBlueprints.map((blueprint) => `- + blueprint ${safe(blueprint)}`),
    ...changedBlueprints.map(
      ({ blueprint, added }) => `- ~ blueprint ${safe(blueprint)}: ${safe(added.join(', '))} added`,
    ),
  ];
  return [
    ...(before.length === 0 ? [] : [before.join('\n')]),
    ...plan.blueprints.map((blueprint) => blueprintList(blueprint, take, safe)),
    ...(related.length === 0
      ? []
      : [
          `Relations lead to ${counted(related.length, 'entity', 'entities')} that Port does not have and creates with nothing but a name: ${names(related, safe)}`,
        ]),
  ];
}

function blueprintList(
  { blueprint, counts, changes }: BlueprintPlan,
  take: (line: string) => boolean,
  safe: Safe,
): string {
  const lines = ACTIONS.flatMap((action) => {
    const shown = changes
      .filter((change) => change.action === action)
      .map((change) => entityLine(change, safe))
      .filter(take);
    const unseen = counts[action] - shown.length;
    const rest = unseen > 0 ? [`- ${SIGNS[action]} ${grouped(unseen)} more to ${action}`] : [];
    return [...shown, ...rest];
  });
  return [`**${safe(blueprint)}**`, '', ...lines].join('\n');
}

function entityLine({ action, identifier, title, fields }: EntityChange, safe: Safe): string {
  const name = title === null || title === identifier ? '' : ` ${safe(cutText(title, VALUE))}`;
  const line = `- ${SIGNS[action]} **${safe(identifier)}**${name}`;
  if (action !== 'update') return line;
  const shown = fields
    .slice(0, FIELDS)
    .map(
      ({ field, old, new: next }) =>
        `  - ${safe(field)}: ${safe(valueText(old, VALUE))} → ${safe(valueText(next, VALUE))}`,
    );
  const unseen = fields.length - shown.length;
  const rest = unseen > 0 ? [`  - and ${counted(unseen, 'more field', 'more fields')}`] : [];
  return [line, ...shown, ...rest].join('\n');
}

function postponedParagraphs({ postponed, deletions }: Plan, safe: Safe): readonly string[] {
  const [first] = postponed;
  const entities = postponed.map(({ entity }) => entity);
  return [
    ...(deletions === 'shown' ? [] : [NO_DELETIONS]),
    ...(first === undefined
      ? []
      : [
          `${POSTPONED[first.why]}: ${counted(postponed.length, 'entity', 'entities')}: ${names(entities, safe)}`,
        ]),
  ];
}

function names(entities: readonly EntityReference[], safe: Safe): string {
  const shown = entities
    .slice(0, NAMED)
    .map(({ blueprint, identifier }) => `${safe(blueprint)} ${safe(identifier)}`);
  const unseen = entities.length - shown.length;
  return [...shown, ...(unseen > 0 ? [`and ${grouped(unseen)} more`] : [])].join(', ');
}
