import stringWidth from 'string-width';
import type { ChalkInstance } from 'chalk';
import {
  type BlueprintPlan,
  type EntityChange,
  hasChanges,
  type Plan,
  type PlannedAction,
  totalsOf,
} from '../model/plan.js';
import type { ExitCode } from '../problems/exit-code.js';
import {
  CHANGES_EXIT_CODE,
  NO_DELETIONS,
  planOutcome,
  type PlanEnd,
  POSTPONED,
  totalOf,
} from './plan-end.js';
import { changeLines, valueText } from './plan-values.js';
import { coloredProblemList } from './problem-list.js';
import { resultLines } from './result.js';
import { counted, cutColumns, grouped, type ColoredLayout, padColumns, wrapped } from './text.js';

const SIGNS = { create: '+', update: '~', delete: '-' } as const satisfies Record<
  PlannedAction,
  string
>;

const ACTIONS: readonly PlannedAction[] = ['create', 'update', 'delete'];

/** A field's name is given this much room; a longer one pushes its values aside. */
const WIDEST_NAME = 28;

/** Titles stand below one another behind identifiers of up to this length. */
const WIDEST_IDENTIFIER = 32;

/** What is left of a line at least, however long the name before it. */
const NARROWEST_VALUE = 20;

/** Names in a sentence; the others are counted. */
const NAMES_SHOWN = 5;

/** A plan for a person: what changes, blueprint by blueprint, the problems, and one line that says it all. */
export function planLines(end: PlanEnd, layout: ColoredLayout): readonly string[] {
  const { planned, problems, exitCode } = end;
  if (planned === null) return withoutPlan(end, layout);
  const { plan } = planned;
  const list = coloredProblemList(problems, layout);
  const sections = [
    preparation(plan, layout),
    ...plan.blueprints.map((blueprint) => blueprintLines(blueprint, layout)),
    postponedLines(plan, layout),
    asideLines(plan, layout),
    list,
  ];
  const { bold } =
    exitCode === 0 || exitCode === CHANGES_EXIT_CODE ? layout.colors : layout.colors.red;
  const outcome = planOutcome(exitCode);
  const [first = '', ...others] = wrapped(lastLine(planned, outcome), layout.width, '');
  return [
    ...sections.flatMap((lines) => (lines.length === 0 ? [] : ['', ...lines])),
    '',
    first.replace(outcome, bold(outcome)),
    ...others,
  ];
}

function withoutPlan({ problems, exitCode }: PlanEnd, layout: ColoredLayout): readonly string[] {
  const code: ExitCode = exitCode === CHANGES_EXIT_CODE ? 1 : exitCode;
  return resultLines({ summary: null, problems, exitCode: code }, layout);
}

function lastLine({ plan, summary }: NonNullable<PlanEnd['planned']>, outcome: string): string {
  const totals = totalsOf(plan);
  const unchanged = totalOf(summary, 'unchanged');
  const failed = totalOf(summary, 'failed');
  if (outcome === planOutcome(0) && !hasChanges(plan)) {
    return `${outcome}: no changes, ${counted(unchanged, 'entity is', 'entities are')} as they should be`;
  }
  const parts = [
    ...ACTIONS.map((action) => `${grouped(totals[action])} to ${action}`),
    `${grouped(unchanged)} unchanged`,
    ...(failed > 0 ? [`${grouped(failed)} failed`] : []),
  ];
  return `${outcome}: ${parts.join(', ')}`;
}

/** What is there before the first entity. */
function preparation(
  { integration, newBlueprints, changedBlueprints }: Plan,
  { colors, clean, width }: ColoredLayout,
): readonly string[] {
  const { identifier, isCreated, written } = integration;
  const name = clean(identifier);
  return [
    ...(isCreated ? [`${colors.green('+')} integration ${name}`] : []),
    ...(!isCreated && written.length > 0
      ? [
          `${colors.yellow('~')} integration ${name}`,
          ...written.map(({ field, new: next }) => `    ${field}: ${valueText(next, width)}`),
        ]
      : []),
    ...newBlueprints.map((blueprint) => `${colors.green('+')} blueprint ${clean(blueprint)}`),
    ...changedBlueprints.flatMap(({ blueprint, added }) =>
      wrapped(`~ blueprint ${blueprint}: ${added.join(', ')} added`, width, '').map((line) =>
        clean(line).replace(/^~/u, colors.yellow('~')),
      ),
    ),
  ];
}

function blueprintLines(plan: BlueprintPlan, layout: ColoredLayout): readonly string[] {
  const { colors, clean } = layout;
  const width = columnOf(plan.changes);
  const counts = ACTIONS.filter((action) => plan.counts[action] > 0)
    .map((action) => `${grouped(plan.counts[action])} to ${action}`)
    .join(', ');
  return [
    `${colors.bold(clean(plan.blueprint))}: ${counts}`,
    ...ACTIONS.flatMap((action) => {
      const shown = plan.changes.filter((change) => change.action === action);
      const unseen = plan.counts[action] - shown.length;
      return [
        ...shown.flatMap((change) => entityLines(change, width, layout)),
        ...(unseen > 0
          ? [
              `  ${signOf(action, colors)} and ${grouped(unseen)} more to ${action}; --all shows them`,
            ]
          : []),
      ];
    }),
  ];
}

/** The column behind which titles stand. */
function columnOf(changes: readonly EntityChange[]): number {
  const widest = changes.reduce(
    (most, { identifier }) => Math.max(most, stringWidth(identifier)),
    0,
  );
  return Math.min(widest, WIDEST_IDENTIFIER);
}

function entityLines(
  change: EntityChange,
  column: number,
  layout: ColoredLayout,
): readonly string[] {
  const { action, identifier, title } = change;
  const { colors, clean, width } = layout;
  const fields = action === 'update' ? fieldLines(change, layout) : [];
  const sign = `  ${signOf(action, colors)} `;
  if (title === null || title === identifier) return [`${sign}${clean(identifier)}`, ...fields];
  const named = padColumns(clean(identifier), column);
  const room = Math.max(NARROWEST_VALUE, width - stringWidth(named) - 6);
  return [`${sign}${named}  ${colors.dim(cutColumns(clean(title), room))}`, ...fields];
}

function fieldLines(
  { fields }: EntityChange,
  { colors, clean, width }: ColoredLayout,
): readonly string[] {
  const indent = ' '.repeat(6);
  const widest = Math.min(WIDEST_NAME, Math.max(...fields.map(({ field }) => stringWidth(field))));
  const room = Math.max(NARROWEST_VALUE, width - indent.length - widest - 2);
  return fields.flatMap((field) =>
    changeLines(field, room).map((line, index) => {
      const name = index === 0 ? field.field : '';
      return `${indent}${padColumns(clean(name), widest)}  ${paintMember(clean(line), colors)}`;
    }),
  );
}

function paintMember(line: string, colors: ChalkInstance): string {
  if (line.startsWith('+ ')) return colors.green(line);
  return line.startsWith('- ') ? colors.red(line) : line;
}

function postponedLines({ postponed, deletions }: Plan, layout: ColoredLayout): readonly string[] {
  const { colors, clean } = layout;
  const [first] = postponed;
  if (deletions === 'unknown') return wrapped(NO_DELETIONS, layout.width, '');
  if (first === undefined) return [];
  return [
    `${colors.bold(POSTPONED[first.why])}: ${counted(postponed.length, 'entity', 'entities')}`,
    ...postponed.map(({ entity }) =>
      colors.dim(`  - ${clean(entity.blueprint)} ${clean(entity.identifier)}`),
    ),
  ];
}

/** What a run does besides, without a change to tell. */
function asideLines(
  { related, alwaysSent }: Plan,
  { clean, width }: ColoredLayout,
): readonly string[] {
  const names = related
    .slice(0, NAMES_SHOWN)
    .map(({ blueprint, identifier }) => `${clean(blueprint)} ${clean(identifier)}`);
  const unseen = related.length - names.length;
  const list = [...names, ...(unseen > 0 ? [`${grouped(unseen)} more`] : [])].join(', ');
  return [
    ...(related.length > 0
      ? wrapped(
          `Besides, relations lead to ${counted(related.length, 'entity', 'entities')} that Port does not have and creates with nothing but a name: ${list}`,
          width,
          '',
        )
      : []),
    ...(alwaysSent > 0
      ? wrapped(
          `Besides, ${counted(alwaysSent, 'entity is', 'entities are')} sent in every run: a search query in them keeps from comparing`,
          width,
          '',
        )
      : []),
  ];
}

function signOf(action: PlannedAction, colors: ChalkInstance): string {
  const paint = { create: colors.green, update: colors.yellow, delete: colors.red }[action];
  return paint(SIGNS[action]);
}
