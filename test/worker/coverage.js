import { readFileSync } from 'node:fs';
import { coverageFile } from './built.js';
import { counted } from './marks.js';

/** How many marks of a file were set when it was last handed over. */
const handedOver = new Map();

/**
 * The coverage of files of which more has run since this was last asked. That of all files takes
 * megabytes, and suites of a worker share them: most suites add nothing.
 */
export function newlyCovered() {
  const news = Object.entries(globalThis.__marks__ ?? {}).filter(([source, marks]) => {
    const now = marks.reduce((sum, mark) => sum + mark, 0);
    const isNews = now !== handedOver.get(source);
    handedOver.set(source, now);
    return isNews;
  });
  return Object.fromEntries(
    news.map(([source, marks]) => {
      const coverage = JSON.parse(readFileSync(coverageFile(source), 'utf8'));
      return [source, counted(coverage, marks)];
    }),
  );
}
