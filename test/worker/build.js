import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';
import {
  builtFile,
  coverageFile,
  folders,
  hasCounters,
  mirror,
  root,
  useCounters,
} from './built.js';
import { prepareMarks } from './coverage.js';
import { withMarks } from './marks.js';

/** What sources read by a path relative to their own. */
const READ_BY_SOURCES = ['package.json', 'ci-templates'];

/** What is built differs with these files. */
const RECIPE = [import.meta.url, new URL('marks.js', import.meta.url)];

/**
 * Builds what is not built yet, once before all tests. Jest compiles in each suite whatever the suite
 * imports; all of `src/` in each of a hundred suites took longer than their tests.
 */
export default async function build({ collectCoverage }) {
  useCounters(collectCoverage);
  if (collectCoverage) prepareMarks();
  const folder = mirror();
  const sources = (await Promise.all(folders.map(sourcesIn))).flat();
  const recipe = await Promise.all(RECIPE.map((url) => readFile(fileURLToPath(url), 'utf8')));
  await mkdir(folder, { recursive: true });
  await Promise.all([
    ...READ_BY_SOURCES.map((name) => link(path.join(root, name), path.join(folder, name))),
    ...sources.map((source) => buildFile(source, recipe.join('\n'))),
  ]);
  await removeAllBut(
    new Set(sources.flatMap((source) => [builtFile(source), coverageFile(source)])),
    folder,
  );
}

async function sourcesIn(folder) {
  const names = await readdir(path.join(root, folder), { recursive: true });
  return names
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => path.join(root, folder, name));
}

async function link(target, place) {
  await symlink(target, place).catch((error) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

async function buildFile(source, recipe) {
  const text = await readFile(source, 'utf8');
  const target = builtFile(source);
  const mark = `// ${createHash('sha256').update(recipe).update(text).digest('hex')}`;
  const built = await readFile(target, 'utf8').catch(() => '');
  if (built.endsWith(mark)) return;
  await mkdir(path.dirname(target), { recursive: true });
  const { code, coverage, map } = hasCounters() ? withMarks(text, source) : { code: text };
  const compiled = await transform(code, {
    filename: source,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'es6' },
    sourceMaps: 'inline',
    ...(map === undefined ? {} : { inputSourceMap: JSON.stringify(map) }),
  });
  if (coverage !== undefined) await write(coverageFile(source), JSON.stringify(coverage));
  await write(target, `${compiled.code}\n${mark}`);
}

/** Another Jest may be reading it. */
async function write(file, text) {
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, text);
  await rename(unfinished, file);
}

/** A source that is gone must not be found any more. */
async function removeAllBut(wanted, folder) {
  const names = await Promise.all(
    folders.map((below) => readdir(path.join(folder, below), { recursive: true })),
  );
  const files = names.flatMap((list, index) =>
    list.map((name) => path.join(folder, folders[index], name)),
  );
  const stale = files.filter((file) => /\.js(?:on)?$/u.test(file) && !wanted.has(file));
  await Promise.all(stale.map((file) => rm(file, { force: true })));
}
