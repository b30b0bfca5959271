import { systemClock } from '../../clock.js';
import { type Problem, ProblemError } from '../../problems/problem.js';
import { defaultLimits, type EngineLimits, type JqEngine } from './engine.js';
import { bundledJq, executablesOnPath, isCurrent, probe } from './jq-binary.js';
import { type NativeJq, nativeHost } from './native-host.js';
import { reasonOf } from './command-line.js';
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
