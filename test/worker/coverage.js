/** How many counters of a file had counted when they were last handed over. */
const counted = new Map();

/**
 * The counters of files of which more has run since this was last asked. Counters of all files take
 * megabytes, and suites of a worker share them: most suites add nothing.
 */
export function newlyCovered() {
  const files = Object.entries(globalThis.__coverage__ ?? {}).filter(([file, counters]) => {
    const now = countedIn(counters);
    const isNews = now !== counted.get(file);
    counted.set(file, now);
    return isNews;
  });
  return Object.fromEntries(files);
}

function countedIn({ s: statements, f: functions, b: branches }) {
  const counts = [statements, functions, ...Object.values(branches)];
  return counts.flatMap((list) => Object.values(list)).filter((count) => count > 0).length;
}
