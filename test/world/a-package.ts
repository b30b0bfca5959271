import { execFile } from 'node:child_process';
import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';

const execute = promisify(execFile);

/** The root of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What is packed or needed for it. What is built is built anew, so that it is never out of date. */
const SOURCES = [
  '.ci/shrinkwrap.mjs',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'LICENSE',
  'README.md',
  'bin',
  'ci-templates',
  'docs',
  'examples',
  'package-lock.json',
  'package.json',
];

const packOutput = z.tuple([
  z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) }),
]);

/** A package as the registry would get it. */
export interface Package {
  /** Absolute. */
  readonly tarball: string;
  /** What is in it. */
  readonly files: readonly string[];
  /** The folder that it was packed from. */
  readonly folder: string;
}

/** Builds and packs the package within `folder`, with the scripts that "npm publish" would run. */
export async function aPackage(folder: string): Promise<Package> {
  const stage = path.join(folder, 'package');
  await mkdir(stage, { recursive: true });
  for (const source of SOURCES) {
    await cp(path.join(root, source), path.join(stage, source), { recursive: true });
  }
  await bundle(stage);
  await npm(['run', '--silent', 'prepack'], stage);
  // Without scripts: prepare would build in a folder that has nothing to build with.
  const output = await npm(
    ['pack', '--json', '--ignore-scripts', '--pack-destination', '..'],
    stage,
  );
  await npm(['run', '--silent', 'postpack'], stage);
  const [{ filename, files }] = packOutput.parse(JSON.parse(output));
  return {
    tarball: path.join(folder, filename),
    files: files.map((file) => file.path),
    folder: stage,
  };
}

/** Runs npm. @returns what it wrote on stdout @throws when it fails */
export async function npm(
  parameters: readonly string[],
  cwd: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<string> {
  const env = { ...process.env, ...variables };
  const { stdout } = await execute('npm', [...parameters], { cwd, env, maxBuffer: 1 << 26 });
  return stdout;
}

async function bundle(stage: string): Promise<void> {
  const target = path.join(stage, 'dist/bundle');
  await execute(process.execPath, ['.ci/bundle.mjs', target], { cwd: root });
}
