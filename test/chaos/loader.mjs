import { transform } from '@swc/core';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const sources = new URL('src/', root).href;
const built = new URL('dist/', root).href;

/** The product as it was built, and the tests as they were written. */
export async function resolve(specifier, context, next) {
  if (!specifier.startsWith('.') || context.parentURL?.endsWith('.ts') !== true) {
    return next(specifier, context);
  }
  const { href } = new URL(specifier, context.parentURL);
  if (href.startsWith(sources)) return next(href.replace(sources, built), context);
  return next(href.replace(/\.js$/u, '.ts'), context);
}

/** Takes the types out. */
export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const { code } = await transform(await readFile(fileURLToPath(url), 'utf8'), {
    filename: fileURLToPath(url),
    sourceMaps: 'inline',
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'es6' },
  });
  return { format: 'module', source: code, shortCircuit: true };
}
