import { resourceName } from '../../model/resource.js';
import { annotate } from '../../report/annotations.js';
import { layoutFor } from '../../report/choose-reporter.js';
import { CHANGES_EXIT_CODE } from '../../report/plan-end.js';
import { coloredProblemList } from '../../report/problem-list.js';
import { jsonLine, type ColoredLayout, wrapped } from '../../report/text.js';
import { wordsOf } from '../../problems/words.js';
import type { WebhookPlan } from '../../stages/webhook-mapping.js';
import type { Session } from '../session.js';
import { writeSummary } from '../write-reports.js';
import type { Action, TakenStep } from './set-up.js';
import type { Sample } from './sample-events.js';

/** What is done about webhooks. */
export type WebhooksAction = 'plan' | 'apply' | 'remove';

/** What came of it, as far as it went. */
export interface WebhooksResult {
  readonly steps: TakenStep[];
  /** Where Bitbucket posts to: it must be reachable from there. Null: Port has given no address yet. */
  address: string | null;
  plan: Pick<WebhookPlan, 'leftOut'> | null;
  samples: readonly Sample[];
}

/** How the result is told. */
interface Telling {
  readonly isJson: boolean;
  /** Whether changes have an exit code of their own. */
  readonly tellsChanges: boolean;
}

const SIGNS: Readonly<Record<Action, string>> = {
  create: '+',
  update: '~',
  delete: '-',
  none: ' ',
};

const DONE: Readonly<Record<Action, string>> = {
  create: 'created',
  update: 'updated',
  delete: 'removed',
  none: 'unchanged',
};

/** Shows what came of it. @returns the exit code */
export async function tellWebhooks(
  action: WebhooksAction,
  session: Session,
  result: WebhooksResult,
  { isJson: wishesJson, tellsChanges }: Telling,
): Promise<number> {
  const { runtime, settings, log, redact } = session;
  const { output } = settings;
  const isNothingDone = result.steps.every(({ status }) => status === 'failed');
  const exitCode = (): number => {
    const worst = log.exitCode({ strict: output.strict, isNothingDone });
    return worst === 0 && tellsChanges && changesIn(result) > 0 ? CHANGES_EXIT_CODE : worst;
  };
  const layout = layoutFor(runtime.stdout, runtime.env, redact);
  const markdown = (): string =>
    ['# Webhooks of Bitbucket', '', '```text', ...lines(action, result, layout), '```', ''].join(
      '\n',
    );
  const upload = await writeSummary(session, markdown);
  const problems = log.groups();
  if (wishesJson || output.logFormat === 'json') {
    const worded = problems.map(({ count, samples }) => ({
      count,
      ...wordsOf(samples[0]),
      samples,
    }));
    const { steps, address, plan, samples } = result;
    const document = {
      version: 1,
      exitCode: exitCode(),
      action,
      address,
      steps,
      leftOut: plan?.leftOut ?? [],
    };
    runtime.stdout.write(`${jsonLine({ ...document, samples, problems: worded }, redact)}\n`);
  } else {
    annotate(runtime, problems, redact);
    const list = coloredProblemList(problems, layout);
    const shown = [
      ...lines(action, result, layout),
      ...(list.length > 0 ? ['', ...list] : []),
      '',
      lastLine(action, result, exitCode()),
    ];
    runtime.stdout.write(`${shown.join('\n')}\n`);
  }
  if (upload !== null) runtime.stderr.write(`${upload}\n`);
  return exitCode();
}

function changesIn({ steps }: WebhooksResult): number {
  return steps.filter(({ action }) => action !== 'none').length;
}

function lines(
  action: WebhooksAction,
  { steps, address, plan, samples }: WebhooksResult,
  layout: ColoredLayout,
): readonly string[] {
  const { clean, width } = layout;
  // What was set up is shown by plan; whoever applies it needs to know what changed, and what lacks events.
  const isWhole = action === 'plan';
  const told = (plan?.leftOut ?? []).filter(({ field }) => isWhole || field === null);
  const leftOut = told.map(({ resource, field, reason }) => {
    const place = field === null ? resourceName(resource) : `${resourceName(resource)} ${field}`;
    return `${place}: ${reason}`;
  });
  const noted = (title: string, texts: readonly string[]): readonly string[] =>
    texts.length === 0
      ? []
      : ['', title, ...texts.flatMap((text) => wrapped(clean(text), width, '  - '))];
  return [
    ...steps.flatMap((step) => stepLines(step, layout)),
    ...(address === null
      ? []
      : ['', ...wrapped(clean(`Bitbucket posts to ${address}`), width, '')]),
    ...noted('Left to sync:', leftOut),
    ...(isWhole ? sampleLines(samples, layout) : []),
  ];
}

function stepLines(
  { target, action, changes, status }: TakenStep,
  { clean, width, colors }: ColoredLayout,
): readonly string[] {
  const words = status === 'planned' && action !== 'none' ? `to ${action}` : DONE[action];
  const outcome = status === 'failed' ? colors.red(`not ${DONE[action]}`) : words;
  const shown = status === 'planned' || (status === 'done' && action === 'update') ? changes : [];
  return [
    `${SIGNS[action]} ${clean(target)}: ${outcome}`,
    ...shown.flatMap(({ field, old, new: next }) => {
      const before = old === null || action === 'create' ? '' : `${JSON.stringify(old)} -> `;
      return wrapped(clean(`${field}: ${before}${JSON.stringify(next)}`), width, '    ');
    }),
  ];
}

function sampleLines(
  samples: readonly Sample[],
  { clean, width, colors }: ColoredLayout,
): readonly string[] {
  if (samples.length === 0) return [];
  return [
    '',
    'What sample events make, by our jq; Port runs the same expressions with its own:',
    ...samples.flatMap(({ event, resource, entity, isSelected, notes }) => {
      const made =
        entity === null ? 'no entity' : `${entity.blueprint} ${clean(entity.identifier)}`;
      const filtered = isSelected ? '' : ' (left out by the selector)';
      const fields = Object.entries({
        title: entity?.title ?? null,
        ...entity?.properties,
        ...entity?.relations,
      });
      return [
        colors.bold(clean(`  ${event} of ${resourceName(resource)} -> ${made}${filtered}`)),
        ...fields.flatMap(([name, value]) =>
          wrapped(clean(`${name}: ${JSON.stringify(value)}`), width, '      '),
        ),
        ...notes.flatMap((note) => wrapped(clean(note), width, '      note: ')),
      ];
    }),
  ];
}

function lastLine(action: WebhooksAction, result: WebhooksResult, exitCode: number): string {
  const { steps } = result;
  const failed = steps.filter(({ status }) => status === 'failed').length;
  const unchanged = steps.filter(
    (step) => step.action === 'none' && step.status !== 'failed',
  ).length;
  const counts = (['create', 'update', 'delete'] as const).map((kind) => {
    const many = steps.filter((step) => step.action === kind && step.status !== 'failed').length;
    return many === 0 ? [] : [action === 'plan' ? `${many} to ${kind}` : `${many} ${DONE[kind]}`];
  });
  const parts = [
    ...counts.flat(),
    ...(unchanged > 0 ? [`${unchanged} unchanged`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
  const code = exitCode === 0 || exitCode === CHANGES_EXIT_CODE ? '' : ` (exit ${exitCode})`;
  const name = { plan: 'Plan', apply: 'Applied', remove: 'Removed' }[action];
  const nothing = action === 'remove' ? 'there is no webhook of ours' : 'nothing';
  return `${name}${code}: ${parts.length === 0 ? nothing : parts.join(', ')}`;
}
