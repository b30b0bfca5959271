import type { PreviewedItem } from '../../model/preview.js';
import { ProblemLog } from '../../problems/problem-log.js';
import { annotate } from '../../report/annotations.js';
import { colorsFor } from '../../report/choose-reporter.js';
import { previewJson } from '../../report/preview-json.js';
import { previewText } from '../../report/preview-text.js';
import { problemList } from '../../report/problem-list.js';
import { counted, grouped, printable } from '../../report/text.js';
import type { Runtime } from '../../runtime.js';
import type { FlagValues } from '../../settings/declaration.js';
import { previewLive } from './live.js';
import { previewOffline } from './offline.js';
import { type Previewed, type PreviewOptions, previewOptions } from './options.js';

/**
 * `preview`: runs the mapping on a few items and shows what it makes of them. Writes nothing.
 * @returns the exit code
 * @throws ProblemError when options, settings, input or mapping cannot be used
 */
export async function preview(runtime: Runtime, flags: FlagValues): Promise<number> {
  const options = previewOptions(flags);
  const { input } = options;
  const previewed =
    input === null
      ? await previewLive(runtime, flags, options)
      : await previewOffline(runtime, flags, { ...options, input });
  return show(previewed, runtime, options);
}

/** Width of what is no terminal. */
const PIPE_WIDTH = 80;
/** Narrower ones break lines on their own. */
const NARROWEST = 40;

/** An item whose entity cannot be told is what an incomplete run would end with. */
const FAILED_ITEM = 4;

/** Writes what was seen to stdout, and answers the exit code. */
function show(
  { resources, redact, log, strict }: Previewed,
  runtime: Runtime,
  { output }: PreviewOptions,
): number {
  const { stdout, stderr, env } = runtime;
  const items = (resources ?? []).flatMap((resource) => resource.items);
  const all = allProblems(items, log);
  const exitCode = exitCodeOf(items, all, strict);
  const clean = (text: string): string => printable(redact(text));
  const colors = colorsFor(stdout, env);
  const width = Math.max(stdout.columns ?? PIPE_WIDTH, NARROWEST);
  const problems = problemList(log.groups(), { width, clean });
  annotate(runtime, all.groups(), redact);
  if (output === 'json') {
    if (resources !== null) stdout.write(`${previewJson(resources, redact)}\n`);
    for (const line of problems) stderr.write(`${line}\n`);
    return exitCode;
  }
  const lines = [
    ...previewText(resources ?? [], { width, colors, redact }),
    ...problems,
    ...(problems.length === 0 ? [] : ['']),
    resources === null ? `Nothing to show (exit ${exitCode})` : conclusion(items, exitCode),
  ];
  stdout.write(`${lines.join('\n')}\n`);
  return exitCode;
}

/** Of the items, and what went wrong besides them. */
function allProblems(items: readonly PreviewedItem[], log: ProblemLog): ProblemLog {
  const besides = log.groups().map(({ samples }) => samples[0]);
  return ProblemLog.of([...besides, ...items.flatMap(({ problems }) => problems)]);
}

function exitCodeOf(items: readonly PreviewedItem[], all: ProblemLog, strict: boolean): number {
  const exitCode = all.exitCode({ strict });
  return exitCode === 0 && items.some(({ status }) => status === 'failed') ? FAILED_ITEM : exitCode;
}

/** `4 items: 2 mapped, 1 without an entity, 1 failed; nothing was written to Port (exit 4)`. */
function conclusion(items: readonly PreviewedItem[], exitCode: number): string {
  const fates = items.map(fateOf);
  const parts = FATES.flatMap((fate) => {
    const number = fates.filter((one) => one === fate).length;
    return number === 0 ? [] : [`${grouped(number)} ${fate}`];
  });
  const details = parts.length === 0 ? '' : `: ${parts.join(', ')}`;
  const count = counted(items.length, 'item', 'items');
  return `${count}${details}; nothing was written to Port (exit ${exitCode})`;
}

const FATES = ['mapped', 'without an entity', 'not selected', 'failed'] as const;

function fateOf({ status, parts }: PreviewedItem): (typeof FATES)[number] {
  if (status === 'failed') return 'failed';
  if (status === 'unselected') return 'not selected';
  const feeds = parts.flatMap((part) => part.feeds);
  return feeds.some(({ entity }) => entity !== null) ? 'mapped' : 'without an entity';
}
