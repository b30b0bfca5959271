import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { isExecutable, runCommand } from './command-line.js';

const probeTimeoutMilliseconds = 10_000;

/** What a file that is said to be jq says about itself. */
export type Probe =
  | { readonly status: 'jq'; readonly version: string }
  | { readonly status: 'no jq'; readonly reason: string };

/** Asks `path` for its version, such as `1.7.1`; distributions and development builds add a suffix. */
export async function probe(path: string): Promise<Probe> {
  const command = { file: path, arguments: ['--version'], hasLifeline: false };
  const end = await runCommand(command, probeTimeoutMilliseconds);
  if (end.status === 'not started') return { status: 'no jq', reason: end.reason };
  const version = /^jq-(\S+)/.exec(end.stdout)?.[1];
  if (version !== undefined) return { status: 'jq', version };
  const said = end.stdout.trim().slice(0, 80);
  const reason = said === '' ? 'it does not tell a version' : `it calls itself "${said}"`;
  return { status: 'no jq', reason };
}

/** Whether a version is of the dialect that mappings are written in. A build without number is. */
export function isCurrent(version: string): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined) return true;
  return Number(major) > 1 || Number(minor) >= 7;
}

/**
 * Where node-jq keeps its binary, `bin/jq` in the package. Undefined when the package is not
 * installed, or when its install script could not download jq.
 */
export function bundledJq(): string | undefined {
  try {
    const packageFile = createRequire(import.meta.url).resolve('node-jq/package.json');
    return executableIn(join(dirname(packageFile), 'bin'), 'jq');
  } catch {
    return undefined;
  }
}

/**
 * Each executable `name` on a PATH, in its order. Entries relative to the current folder are passed over,
 * and a file that was there before: on many systems `/bin` is another name of `/usr/bin`.
 */
export function executablesOnPath(name: string, searchPath: string): readonly string[] {
  const found = new Map<string, string>();
  for (const folder of searchPath.split(delimiter).filter((entry) => isAbsolute(entry))) {
    const path = executableIn(folder, name);
    if (path === undefined) continue;
    const file = trueName(path);
    if (!found.has(file)) found.set(file, path);
  }
  return [...found.values()];
}

/** `path` without symbolic links; as it is where the system does not tell. */
function trueName(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function executableIn(folder: string, name: string): string | undefined {
  return [name, `${name}.exe`].map((file) => join(folder, file)).find((path) => isExecutable(path));
}
