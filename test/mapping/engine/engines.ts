import { systemClock } from '../../../src/clock.js';
import {
  defaultLimits,
  type EngineLimits,
  type JqEngine,
  type JqOutcome,
} from '../../../src/mapping/engine/engine.js';
import {
  bundledJq,
  executablesOnPath,
  findEngine,
  probe,
  startWebEngine,
} from '../../../src/mapping/engine/find-engine.js';

/** An engine that this machine can run. */
export interface EngineUnderTest {
  readonly name: string;
  /** Whether it speaks the dialect; jq 1.6 is held to what it can do. */
  readonly isCurrent: boolean;
  open(limits?: Partial<EngineLimits>): Promise<JqEngine>;
}

/** Generous with time, because a test machine may be busy with other things. */
export const patientLimits: EngineLimits = {
  ...defaultLimits,
  itemTimeoutMilliseconds: 30_000,
  clock: systemClock,
};

/** jq-web always; JQ_PATH, node-jq and the jq of the PATH where they are. */
export const enginesUnderTest: readonly EngineUnderTest[] = [
  {
    name: 'jq-web',
    isCurrent: true,
    open: (limits) => startWebEngine({ ...patientLimits, ...limits }),
  },
  ...(await nativeEngines()),
];

async function nativeEngines(): Promise<readonly EngineUnderTest[]> {
  const named = process.env.JQ_PATH === '' ? undefined : process.env.JQ_PATH;
  const [onPath] = executablesOnPath('jq', process.env.PATH ?? '');
  const paths = new Set([named, bundledJq(), onPath].filter((path) => path !== undefined));
  const engines: EngineUnderTest[] = [];
  for (const path of paths) {
    const found = await probe(path);
    if (found.status !== 'jq') continue;
    engines.push({
      name: `jq ${found.version} at ${path}`,
      isCurrent: !/^1\.[0-6]\b/.test(found.version),
      open: (limits) =>
        findEngine({
          ...patientLimits,
          ...limits,
          jqPath: path,
          searchPath: undefined,
          onProblem: () => undefined,
        }),
    });
  }
  return engines;
}

/** Runs one program over some inputs and closes it. */
export async function runOnce(
  engine: JqEngine,
  program: string,
  inputs: readonly unknown[],
): Promise<readonly JqOutcome[]> {
  const started = await engine.start(program);
  try {
    return await started.run(inputs.map((input) => JSON.stringify(input)));
  } finally {
    await started.close();
  }
}

/** The value of an outcome, or its failure in words. */
export function told(outcome: JqOutcome | undefined): unknown {
  if (outcome === undefined) return 'no outcome';
  return outcome.ok ? { value: JSON.parse(outcome.text) as unknown } : outcome;
}
