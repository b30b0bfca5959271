import path from 'node:path';
import { ciPlatformOf } from '../ci/index.js';
import type { CiPlatform } from '../ci/platform.js';
import type { ProblemGroup } from '../problems/problem-log.js';
import type { FileLocation } from '../problems/file-location.js';
import type { Problem } from '../problems/problem.js';
import type { Severity } from '../problems/severity.js';
import { wordsOf } from '../problems/words.js';
import type { Runtime } from '../runtime.js';
import { printable } from './text.js';

/** What platforms show of a step at most (GitHub: ten errors and ten warnings); the log has all. */
const MOST_OF_A_SEVERITY = 10;

/** What lines depend on besides problems. */
export interface AnnotationOptions extends Pick<Runtime, 'env' | 'cwd'> {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Masks secrets and makes a text safe to print. */
  readonly clean: (text: string) => string;
}

const TITLE = 'bitbucket-port: the same problems, for the view of the platform';

/**
 * The lines that mark problems in a platform's own view; none where it has no such view. The log shows
 * them as well, below the result that told the problems: they are folded away.
 */
export function annotationLines(
  { annotation, repository, folding }: CiPlatform,
  problems: readonly ProblemGroup[],
  { env, cwd, now, clean }: AnnotationOptions,
): readonly string[] {
  if (annotation === null) return [];
  const shown: Record<Severity, number> = { failure: 0, warning: 0, notice: 0 };
  const marks = problems.flatMap(({ count, samples }) => {
    const { severity, message, hint } = wordsOf(samples[0]);
    const others = count > 1 ? ` (and ${count - 1} more like this)` : '';
    const remedy = hint === null ? '' : `. ${hint}`;
    const place = placeIn(repository(env) ?? cwd, cwd, samples[0]);
    const line = annotation(severity, clean(`${message}${others}${remedy}`), place);
    shown[severity] += 1;
    return line === null || shown[severity] > MOST_OF_A_SEVERITY ? [] : [line];
  });
  if (marks.length === 0 || folding === null) return marks;
  const seconds = Math.floor(now() / 1000);
  return [folding.open(TITLE, seconds), ...marks, folding.close(seconds)];
}

/** Marks problems on the platform that the process runs on, if it runs on any. */
export function annotate(
  { stderr, env, cwd, clock }: Pick<Runtime, 'stderr' | 'env' | 'cwd' | 'clock'>,
  problems: readonly ProblemGroup[],
  redact: (text: string) => string,
): void {
  const platform = ciPlatformOf(env);
  if (platform === null) return;
  const clean = (text: string): string => printable(redact(text));
  const now = (): number => clock.now();
  for (const line of annotationLines(platform, problems, { env, cwd, now, clean })) {
    stderr.write(`${line}\n`);
  }
}

/** Where a problem is, from the root of the repository: outside of it, nothing can be marked. */
function placeIn(root: string, cwd: string, problem: Problem): FileLocation | null {
  const at = 'at' in problem ? problem.at : undefined;
  if (at === undefined) return null;
  const file = path.relative(root, path.resolve(cwd, at.file));
  const isOutside = file.startsWith('..') || path.isAbsolute(file);
  return isOutside ? null : { ...at, file: file.split(path.sep).join('/') };
}
