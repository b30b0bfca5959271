import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Language, Parser, type Node } from 'web-tree-sitter';
import { npm } from '../../world/a-package.js';

/**
 * The one Groovy grammar that the registry has as WebAssembly. It is no devDependency: its install
 * script compiles C where no prebuilt binary fits, and "npm ci" would fail there. Of its package we
 * want one file, so the package is fetched without running anything, and checked by its digest.
 */
const GRAMMAR = {
  specifier: 'tree-sitter-groovy@0.1.2',
  file: 'package/tree-sitter-groovy.wasm',
  sha512:
    '4dDUP3XKMwKfDCkm50EmUGPHblyPw0oXTv2ce0VrVYv8erxntsM3WTThC+vZgYT2yh+rYbbDVLsjvfGnHJQ8aw==',
};

let parser: Promise<Parser> | undefined;

/** The syntax tree of a Jenkinsfile. What is no Groovy is in it as an error. */
export async function groovyTree(text: string): Promise<Node> {
  parser ??= createParser();
  const tree = (await parser).parse(text);
  if (tree === null) throw new Error('the parser gave up');
  return tree.rootNode;
}

async function createParser(): Promise<Parser> {
  await Parser.init();
  const created = new Parser();
  created.setLanguage(await Language.load(await grammar()));
  return created;
}

async function grammar(): Promise<Uint8Array> {
  const folder = await mkdtemp(path.join(tmpdir(), 'grammar-'));
  try {
    const name = (
      await npm(
        ['pack', '--silent', '--prefer-offline', '--ignore-scripts', GRAMMAR.specifier],
        folder,
      )
    ).trim();
    const tarball = await readFile(path.join(folder, name));
    const digest = createHash('sha512').update(tarball).digest('base64');
    if (digest !== GRAMMAR.sha512) throw new Error(`${GRAMMAR.specifier} is not what it was`);
    await promisify(execFile)('tar', ['-xzf', name, GRAMMAR.file], { cwd: folder });
    return await readFile(path.join(folder, GRAMMAR.file));
  } finally {
    await rm(folder, { recursive: true });
  }
}
