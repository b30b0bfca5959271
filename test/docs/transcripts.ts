import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from '../../src/run.js';
import { systemClock } from '../../src/clock.js';
import { startServerWorld } from '../../src/sandbox/demo-world.js';
import { aRuntime } from '../world/a-runtime.js';

/** A command with what it prints, as a document shows it. */
export interface Transcript {
  /** What follows `npx bitbucket-port`. */
  readonly line: string;
  readonly shown: string;
}

/** Transcripts in blocks of a document: `$ npx bitbucket-port LINE`, then what the command prints. */
export function transcriptsIn(blocks: readonly string[]): readonly Transcript[] {
  return blocks.flatMap((block) => {
    const [, line, shown = ''] = /^\$ npx bitbucket-port ([^\n]+)\n(.*)/su.exec(block) ?? [];
    return line === undefined ? [] : [{ line, shown }];
  });
}

/**
 * What differs from run to run and from machine to machine: times, ports, and how many requests it
 * takes to find out that nobody else made an entity before, which depends on what was loaded first.
 */
export function steady(transcript: string): string {
  return transcript
    .replace(/127\.0\.0\.1:\d+/gu, '127.0.0.1:7990')
    .replace(/\b\d+(?:\.\d+)?(?:ms|s)\b/gu, '0s')
    .replace(/ +/gu, ' ')
    .replace(/ \d+ 0s$/gmu, ' 0 0s')
    .replace(/\d+\s+requests\s+to\s+Bitbucket\s+and\s+\d+\s+to\s+Port/gu, '0 requests');
}

/** Parts of what is shown that were not printed, or not in this order. A line of dots leaves out. */
export function untruePartsOf(shown: string, printed: string): readonly string[] {
  let rest = steady(printed);
  return shown.split(/^ *\.\.\.\n/mu).filter((part) => {
    const at = rest.indexOf(steady(part));
    if (at >= 0) rest = rest.slice(at + steady(part).length);
    return at < 0;
  });
}

/** What a command prints on stdout where a process has these variables, in an empty folder. */
export async function printedBy(
  line: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const cwd = await mkdtemp(path.join(tmpdir(), 'transcript-'));
  try {
    const runtime = aRuntime({
      argv: line.split(' '),
      env: { PATH: process.env.PATH, JQ_PATH: process.env.JQ_PATH, ...env },
      clock: systemClock,
      cwd,
    });
    await run(runtime);
    return runtime.written.stdout;
  } finally {
    await rm(cwd, { recursive: true });
  }
}

/** A company of a day ago in Port, and Bitbucket Data Center as it is today. */
export async function aDayLater(): Promise<{
  readonly variables: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}> {
  const world = await startServerWorld(systemClock);
  await printedBy('sync', world.variables);
  world.liveOneDay();
  return { variables: world.variables, close: () => world.close() };
}
