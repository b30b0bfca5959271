import { ciPlatformOf } from '../ci/index.js';
import type { CiPlatform } from '../ci/platform.js';
import type { ProblemGroup } from '../problems/problem-log.js';
import type { Severity } from '../problems/severity.js';
import { wordsOf } from '../problems/words.js';
import type { Runtime } from '../runtime.js';
import { printable } from './text.js';

/** What platforms show of a step at most (GitHub: ten errors and ten warnings); the log has all. */
const MOST_OF_A_SEVERITY = 10;

/**
 * The lines that mark problems in a platform's own view; none where it has no such view.
 * @param clean masks secrets and makes a text safe to print
 */
export function annotationLines(
  { annotation }: CiPlatform,
  problems: readonly ProblemGroup[],
  clean: (text: string) => string,
): readonly string[] {
  if (annotation === null) return [];
  const shown: Record<Severity, number> = { failure: 0, warning: 0, notice: 0 };
  return problems.flatMap(({ count, samples }) => {
    const { severity, message, hint } = wordsOf(samples[0]);
    const others = count > 1 ? ` (and ${count - 1} more like this)` : '';
    const remedy = hint === null ? '' : `. ${hint}`;
    const line = annotation(severity, clean(`${message}${others}${remedy}`));
    shown[severity] += 1;
    return line === null || shown[severity] > MOST_OF_A_SEVERITY ? [] : [line];
  });
}

/** Marks problems on the platform that the process runs on, if it runs on any. */
export function annotate(
  { stderr, env }: Pick<Runtime, 'stderr' | 'env'>,
  problems: readonly ProblemGroup[],
  redact: (text: string) => string,
): void {
  const platform = ciPlatformOf(env);
  if (platform === null) return;
  const clean = (text: string): string => printable(redact(text));
  for (const line of annotationLines(platform, problems, clean)) stderr.write(`${line}\n`);
}
