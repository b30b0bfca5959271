import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  access,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { ownVersion } from '../../src/cli/version.js';
import { startLoopbackServer } from '../../src/sandbox/loopback.js';

const execute = promisify(execFile);

/** The root of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What is packed or needed for it. What is built is built from `src`, so that it is never out of date. */
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

/** What every template tells npm after the folder. */
export const INSTALL = [
  ...['--ignore-scripts', '--no-audit', '--no-fund'],
  `bitbucket-port@${ownVersion()}`,
];

const packOutput = z.tuple([
  z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) }),
]);
const fileList = z.array(z.string());

/** A package as the registry would get it, and as npm installs it from there. To be read only. */
export interface Package {
  /** What is in it. */
  readonly files: readonly string[];
  /** The folder that it was packed from. */
  readonly folder: string;
  /** Where it is installed with what it needs, by the words of the templates. */
  readonly nodeModules: string;
}

/** Where the package was made last, and what from. */
const note = z.object({ hash: z.string(), folder: z.string() });
const NOTE = path.join(root, '.test-build', 'package-note.json');

/**
 * Builds, packs, publishes and installs the package, with the scripts that "npm publish" would run and
 * a registry on loopback, unless that was done and nothing of what it is made from has changed. It is
 * far from the root: below that, modules that it lacks would be found in the root's.
 */
export async function aPackage(): Promise<Package> {
  const hash = await hashOfSources();
  const before = await readNote();
  if (before?.hash === hash) return packageIn(before.folder);

  const folder = await mkdtemp(path.join(tmpdir(), 'package-'));
  await makePackage(folder);
  const meanwhile = await readNote();
  // Another worker was quicker.
  if (meanwhile?.hash === hash) {
    await rm(folder, { recursive: true });
    return packageIn(meanwhile.folder);
  }
  await writeFile(`${NOTE}.${process.pid}`, JSON.stringify({ hash, folder }));
  await rename(`${NOTE}.${process.pid}`, NOTE);
  if (before !== undefined) await rm(before.folder, { recursive: true, force: true });
  return packageIn(folder);
}

/** Nothing where what it leads to is gone, as folders for temporary files are now and then. */
async function readNote(): Promise<z.infer<typeof note> | undefined> {
  try {
    const found = note.parse(JSON.parse(await readFile(NOTE, 'utf8')));
    await access(path.join(found.folder, FILES));
    return found;
  } catch {
    return undefined;
  }
}

const [FILES, STAGE, INSTALLATION] = ['files.json', 'package', 'installation'] as const;

async function packageIn(folder: string): Promise<Package> {
  return {
    files: fileList.parse(JSON.parse(await readFile(path.join(folder, FILES), 'utf8'))),
    folder: path.join(folder, STAGE),
    nodeModules: path.join(folder, INSTALLATION, 'node_modules'),
  };
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256').update(process.version);
  for (const source of [...SOURCES, '.ci', 'src']) {
    const place = path.join(root, source);
    const below = await readdir(place, { recursive: true, withFileTypes: true }).catch(() => null);
    const files = below
      ?.filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => path.join(parentPath, name));
    for (const file of files?.sort() ?? [place]) {
      hash.update(`\0${path.relative(root, file)}\0`).update(await readFile(file));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

async function makePackage(folder: string): Promise<void> {
  const stage = path.join(folder, STAGE);
  await mkdir(stage, { recursive: true });
  for (const source of SOURCES) {
    await cp(path.join(root, source), path.join(stage, source), { recursive: true });
  }
  const bundle = path.join(stage, 'dist/bundle');
  await execute(process.execPath, ['.ci/bundle.mjs', bundle], { cwd: root });
  await npm(['run', '--silent', 'prepack'], stage);
  // Without scripts: prepare would build in a folder that has nothing to build with.
  const output = await npm(
    ['pack', '--json', '--ignore-scripts', '--pack-destination', '..'],
    stage,
  );
  await npm(['run', '--silent', 'postpack'], stage);
  const [{ filename, files: packed }] = packOutput.parse(JSON.parse(output));
  const files = packed.map((file) => file.path);
  await writeFile(path.join(folder, FILES), JSON.stringify(files));

  const tarball = path.join(folder, filename);
  const registry = await startRegistry({ tarball, folder: stage, files });
  const words = ['install', '--prefix', path.join(folder, INSTALLATION), ...INSTALL];
  await npm(words, folder, registry.variables).finally(() => registry.close());
  await rm(tarball);
}

/** What is published. */
interface Publication {
  /** Absolute. */
  readonly tarball: string;
  readonly files: readonly string[];
  /** The folder that it was packed from. */
  readonly folder: string;
}

/** A registry of npm that knows one package and sends elsewhere for all others. */
interface Registry {
  /** What npm has to be told to ask it. */
  readonly variables: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * Publishes a package on loopback as the real registry would: with the mark that it brings a
 * shrinkwrap along, which the registry sets and without which npm does not look for one (so not for
 * a tarball that is named by its file). "Package metadata" of github.com/npm/registry, `_hasShrinkwrap`.
 */
async function startRegistry({ tarball, folder, files }: Publication): Promise<Registry> {
  const bytes = await readFile(tarball);
  const manifest = z
    .looseObject({ name: z.string(), version: z.string() })
    .parse(JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')));
  const { name, version } = manifest;
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  const elsewhere = (await npm(['config', 'get', 'registry'], folder)).trim().replace(/\/$/u, '');
  const server = await startLoopbackServer((request) => {
    if (request.path === '/package.tgz') return { status: 200, body: bytes };
    if (request.path !== `/${name}`) {
      return { status: 302, headers: { location: `${elsewhere}${request.target}` } };
    }
    const published = {
      ...manifest,
      _hasShrinkwrap: files.includes('npm-shrinkwrap.json'),
      dist: { tarball: `http://${request.headers.host ?? ''}/package.tgz`, integrity },
    };
    const versions = { [version]: published };
    return { status: 200, body: { name, 'dist-tags': { latest: version }, versions } };
  });
  return {
    variables: { npm_config_registry: server.url },
    close: () => server.close(),
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
