import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';
import { createInstrumenter } from 'istanbul-lib-instrument';
import { builtFile, folders, hasCounters, mirror, root, useCounters } from './built.js';

/** What sources read by a path relative to their own. */
const READ_BY_SOURCES = ['package.json', 'ci-templates'];

/**
 * Builds what is not built yet, once before all tests. Jest compiles in each suite whatever the suite
 * imports; all of `src/` in each of a hundred suites took longer than their tests.
 */
export default async function build({ collectCoverage }) {
  useCounters(collectCoverage);
  const folder = mirror();
  const sources = (await Promise.all(folders.map(sourcesIn))).flat();
  const recipe = await readFile(fileURLToPath(import.meta.url), 'utf8');
  await mkdir(folder, { recursive: true });
  await Promise.all([
    ...READ_BY_SOURCES.map((name) => link(path.join(root, name), path.join(folder, name))),
    ...sources.map((source) => buildFile(source, recipe)),
  ]);
  await removeAllBut(new Set(sources.map((source) => builtFile(source))), folder);
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
  const { code, map } = hasCounters() ? withCounters(text, source) : { code: text };
  const compiled = await transform(code, {
    filename: source,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'es6' },
    sourceMaps: 'inline',
    ...(map === undefined ? {} : { inputSourceMap: map }),
  });
  await mkdir(path.dirname(target), { recursive: true });
  // Another Jest may be reading it.
  const unfinished = `${target}.${process.pid}`;
  await writeFile(unfinished, `${compiled.code}\n${mark}`);
  await rename(unfinished, target);
}

/** Counts in the TypeScript itself, so that no count has to find its way back there. */
function withCounters(text, source) {
  const instrumenter = createInstrumenter({
    esModules: true,
    compact: false,
    produceSourceMap: true,
    parserPlugins: ['typescript'],
  });
  const code = instrumenter.instrumentSync(text, source);
  return { code, map: JSON.stringify(instrumenter.lastSourceMap()) };
}

/** A source that is gone must not be found any more. */
async function removeAllBut(wanted, folder) {
  const names = await Promise.all(
    folders.map((below) => readdir(path.join(folder, below), { recursive: true })),
  );
  const files = names.flatMap((list, index) =>
    list.map((name) => path.join(folder, folders[index], name)),
  );
  const stale = files.filter((file) => file.endsWith('.js') && !wanted.has(file));
  await Promise.all(stale.map((file) => rm(file, { force: true })));
}
