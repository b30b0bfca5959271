// Bundles what the package runs into dist/bundle: a handful of files in place of a thousand modules,
// which take longer to find and to read than a small run takes to do its work. A command that is not
// run stays in files of its own, which are not loaded.
//   node .ci/bundle.mjs [folder]
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath, URL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = path.resolve(argv[2] ?? path.join(root, 'dist/bundle'));

/** A package of CommonJS asks for Node.js's own modules by this. */
const banner = `import { createRequire as requireOf } from 'node:module';
const require = requireOf(import.meta.url);`;

/** The whole of undici also speaks WebSocket, caches, and mocks itself: two parts of it are used. */
const partsOfUndici = {
  name: 'parts of undici',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^undici$/ }, () => ({ path: 'undici', namespace: 'parts' }));
    onLoad({ filter: /^undici$/, namespace: 'parts' }, () => ({
      resolveDir: root,
      contents: `export { default as buildConnector } from 'undici/lib/core/connect.js';
        export { default as Pool } from 'undici/lib/dispatcher/pool.js';`,
    }));
  },
};

/** What packages bring along for those who ask for it, which we do not. */
const unused = {
  // HTTP/2, which undici speaks where `allowH2` says so, and which has Node.js load its own part of it.
  'undici/lib/dispatcher/client-h2.js': 'module.exports = undefined;',
  // The words of fifty languages: our messages are our own, and zod's are English.
  'zod/v4/locales/index.js': "export { default as en } from './en.js';",
  'zod/v4/classic/from-json-schema.js': 'export const fromJSONSchema = undefined;',
};
const withoutUnused = {
  name: 'without what is unused',
  setup({ onLoad }) {
    onLoad({ filter: /\bnode_modules\b/ }, ({ path: file }) => {
      const [, name] = file.split(/\bnode_modules./u);
      const contents = unused[name.split(path.sep).join('/')];
      return contents === undefined ? null : { contents, resolveDir: path.dirname(file) };
    });
  },
};

await rm(folder, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['src/run.ts', 'src/process-runtime.ts'],
  outdir: folder,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.18',
  // The modules of a package where it has both: only they can be taken in part.
  mainFields: ['module', 'main'],
  // They bring along files that are no JavaScript, and one of them may be missing.
  external: ['jq-web', 'node-jq'],
  minifySyntax: true,
  minifyWhitespace: true,
  banner: { js: banner },
  metafile: true,
  plugins: [partsOfUndici, withoutUnused],
});
await writeFile(path.join(folder, 'licenses.txt'), await licenses(Object.keys(metafile.inputs)));

/** What the authors of the packages that are in there ask to be kept with them. */
async function licenses(inputs) {
  const packages = new Set(
    inputs.flatMap((input) => /^node_modules\/(?:@[^/]+\/)?[^/]+/u.exec(input)?.[0] ?? []),
  );
  const texts = [...packages].sort().map(async (place) => {
    const { name, version } = JSON.parse(await readFile(`${root}${place}/package.json`, 'utf8'));
    const files = await readdir(`${root}${place}`);
    const file = files.find((each) => /^licen[cs]e/iu.test(each));
    if (file === undefined) throw new Error(`${name} has no license`);
    return `${name} ${version}\n\n${await readFile(`${root}${place}/${file}`, 'utf8')}`;
  });
  return (await Promise.all(texts)).join(`\n${'-'.repeat(72)}\n\n`);
}
