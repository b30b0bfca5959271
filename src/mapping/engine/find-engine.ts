import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { systemClock } from '../../clock.js';
import { type Problem, ProblemError } from '../../problems/problem.js';
import { defaultLimits, type EngineLimits, type JqEngine } from './engine.js';
import { nativeHost, type NativeJq } from './native-host.js';
import { isExecutable, reasonOf, runCommand } from './command-line.js';
import { SharedEngine } from './shared-engine.js';
import { webHost } from './web-host.js';

/**
 * Where to look for jq, and what an item may cost. The clock is the system's unless another is
 * given, since what it watches is a process that lives in real time.
 */
export interface EngineSearch extends Partial<EngineLimits> {
  /** The setting JQ_PATH: a path, or a name on the PATH. */
  readonly jqPath: string | undefined;
  /** The PATH. */
  readonly searchPath: string | undefined;
  /** Hears of a jq that is older than the dialect. */
  readonly onProblem: (problem: Problem) => void;
}

/**
 * The jq to map with: the one that JQ_PATH names whatever it is, node-jq's, the first on the PATH
 * that is 1.7 or newer, and jq-web where there is none.
 * @param bundled finds node-jq's binary
 * @throws ProblemError `setting-invalid` when JQ_PATH names no jq, `jq-unavailable` when nothing runs
 */
export async function findEngine(search: EngineSearch, bundled = bundledJq): Promise<JqEngine> {
  const limits = limitsOf(search);
  if (search.jqPath !== undefined && search.jqPath !== '') {
    return startNativeEngine(await namedJq(search.jqPath, search), limits).catch(
      (error: unknown) => {
        throw invalidPath(`this jq does not list its builtins (${reasonOf(error)})`);
      },
    );
  }
  return (await currentJq(search, bundled(), limits)) ?? startWebEngine(limits);
}

/**
 * The engine over jq-web.
 * @throws ProblemError `jq-unavailable` when jq-web is not installed or does not run here
 */
export async function startWebEngine(limits: EngineLimits): Promise<JqEngine> {
  const host = await webHost(limits).catch(throwUnavailable);
  return new SharedEngine(host, limits, () =>
    Promise.reject(new Error('No program is too long for jq-web.')),
  );
}

/**
 * The engine over a jq binary. Programs that are longer than the system lets an argument be (Linux
 * 128 KiB, Windows 32 KiB) run on jq-web.
 * @throws Error when the binary does not list its builtins
 */
async function startNativeEngine(jq: NativeJq, limits: EngineLimits): Promise<JqEngine> {
  const host = await nativeHost(jq, limits.memoryBytes);
  return new SharedEngine(host, limits, () => startWebEngine(limits));
}

function limitsOf({
  clock = systemClock,
  itemTimeoutMilliseconds = defaultLimits.itemTimeoutMilliseconds,
  memoryBytes = defaultLimits.memoryBytes,
  answerBytes = defaultLimits.answerBytes,
}: EngineSearch): EngineLimits {
  return { clock, itemTimeoutMilliseconds, memoryBytes, answerBytes };
}

async function namedJq(jqPath: string, search: EngineSearch): Promise<NativeJq> {
  const isName = !/[/\\]/.test(jqPath);
  const [onPath] = isName ? executablesOnPath(jqPath, search.searchPath ?? '') : [];
  const path = onPath ?? jqPath;
  const found = await probe(path);
  if (found.status !== 'jq') throw invalidPath(`${jqPath} is not jq: ${found.reason}`);
  const { version } = found;
  if (!isCurrent(version)) search.onProblem({ code: 'jq-outdated', path, version });
  return { path, version, description: `jq ${version} (${path})` };
}

/** The first jq of the dialect that works, of those that nobody named. */
async function currentJq(
  { searchPath }: EngineSearch,
  bundledPath: string | undefined,
  limits: EngineLimits,
): Promise<JqEngine | undefined> {
  const candidates = [
    ...(bundledPath === undefined ? [] : [{ path: bundledPath, origin: 'node-jq' }]),
    ...executablesOnPath('jq', searchPath ?? '').map((path) => ({ path, origin: path })),
  ];
  for (const { path, origin } of candidates) {
    const found = await probe(path);
    if (found.status !== 'jq' || !isCurrent(found.version)) continue;
    const jq = { path, version: found.version, description: `jq ${found.version} (${origin})` };
    const engine = await startNativeEngine(jq, limits).catch(() => undefined);
    if (engine !== undefined) return engine;
  }
  return undefined;
}

function invalidPath(reason: string): ProblemError {
  return ProblemError.of({ code: 'setting-invalid', spelling: 'JQ_PATH', reason });
}

function throwUnavailable(error: unknown): never {
  throw ProblemError.of({ code: 'jq-unavailable', reason: reasonOf(error) }, error);
}

const probeTimeoutMilliseconds = 10_000;

/** What a file that is said to be jq says about itself. */
type Probe =
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
