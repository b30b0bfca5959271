import { createInstrumenter } from 'istanbul-lib-instrument';

/** The function by which instrumented code finds its counters, which tells what there is to count. */
const HEADER = /^function (cov_\w+)\(\) \{.*?\n\}\n\1\(\);/su;
const COUNTER = /\bcov_\w+\(\)\.([sfb])\[(\d+)\](?:\[(\d+)\])?\+\+/gu;

/**
 * A source that marks what of it has run. Istanbul says what there is to cover, but its counters cost
 * more than all else that a run does: a call and three look-ups for each statement. A mark is a variable
 * of the module, set to 1, which costs a fifth of setting an element of a list.
 * Everything keeps its line and column, so that Istanbul's map of the source holds.
 */
export function withMarks(text, source) {
  const { code, header, coverage, map } = instrumented(text, source);
  const { places, total } = laidOut(coverage);
  const names = Array.from({ length: total }, (_, place) => `mark_${place}`);
  const variables = total === 0 ? '' : `var ${names.join(', ')};`;
  const list = names.map((name) => `${name} ?? 0`).join(', ');
  const reader = `(globalThis.__marks__ ??= {})[${JSON.stringify(source)}] = () => [${list}];`;
  let marked = 0;
  const marking = code
    .replace(header, () => `${variables}${reader}${header.replace(/[^\n]+/gu, '')}`)
    .replace(COUNTER, (counter, kind, id, branch) => {
      marked += 1;
      const place = branch === undefined ? places[kind][id] : places[kind][id][branch];
      return `mark_${place}=1`.padEnd(counter.length);
    });
  if (marked !== total) throw new Error(`${source} has ${total} counters, and ${marked} marks`);
  return { code: marking, coverage, map };
}

/** Code from which Jest reads what there is to cover in a source that no test loaded. */
export function uncovered(text, source) {
  return instrumented(text, source).header;
}

/** What Istanbul would have counted, as far as coverage asks: 1 for what ran, else 0. */
export function counted(coverage, marks) {
  let place = 0;
  return laidOver(coverage, () => marks[place++]);
}

/** A source with Istanbul's own counters. */
export function instrumented(text, source) {
  const instrumenter = createInstrumenter({
    esModules: true,
    compact: false,
    produceSourceMap: true,
    parserPlugins: ['typescript'],
  });
  const code = instrumenter.instrumentSync(text, source);
  return {
    code,
    header: HEADER.exec(code)[0],
    coverage: instrumenter.lastFileCoverage(),
    map: instrumenter.lastSourceMap(),
  };
}

/** Which place in the list of marks each counter has. */
function laidOut(coverage) {
  let total = 0;
  const places = laidOver(coverage, () => total++);
  return { places, total };
}

/** Statements, functions, then branches, with another value for each counter. */
function laidOver(coverage, next) {
  const { s: statements, f: functions, b: branches } = coverage;
  const each = (counters, value) =>
    Object.fromEntries(Object.entries(counters).map(([id, counter]) => [id, value(counter)]));
  return {
    ...coverage,
    s: each(statements, next),
    f: each(functions, next),
    b: each(branches, (ways) => ways.map(next)),
  };
}
