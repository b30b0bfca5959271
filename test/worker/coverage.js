import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { coverageFile, mirror } from './built.js';
import { counted } from './marks.js';

const FOLDER = 'TESTS_MARKS';

/** Says to this process and its workers, before their first test, where they write down what has run. */
export function prepareMarks() {
  process.env[FOLDER] = path.join(mirror(), 'marks', String(process.pid));
  rmSync(process.env[FOLDER], { recursive: true, force: true });
  mkdirSync(process.env[FOLDER], { recursive: true });
}

/** Writes down what of the sources has run in this process so far: a digit for each mark. */
export function writeMarks() {
  const readers = Object.entries(globalThis.__marks__ ?? {});
  if (readers.length === 0) return;
  const digits = readers.map(([source, read]) => [source, read().join('')]);
  const file = path.join(process.env[FOLDER], `${process.pid}.json`);
  writeFileSync(file, JSON.stringify(Object.fromEntries(digits)));
}

/** The coverage of all sources that any worker loaded. */
export function takeCoverage() {
  const folder = process.env[FOLDER];
  const marks = {};
  for (const name of readdirSync(folder)) {
    const written = JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
    for (const [source, digits] of Object.entries(written)) {
      const list = (marks[source] ??= new Uint8Array(digits.length));
      for (let place = 0; place < digits.length; place += 1) {
        if (digits[place] === '1') list[place] = 1;
      }
    }
  }
  rmSync(folder, { recursive: true });
  return Object.fromEntries(
    Object.entries(marks).map(([source, list]) => {
      const coverage = JSON.parse(readFileSync(coverageFile(source), 'utf8'));
      return [source, counted(coverage, list)];
    }),
  );
}
