import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Step, Verdict } from './platforms/platform.js';

/** What became of the steps of a pipeline. */
export interface JobEnd {
  readonly verdict: Verdict;
  /** Names of the steps that began. */
  readonly steps: readonly string[];
  /** All that was written, by both streams, in order. */
  readonly output: string;
}

/** Where and in which surroundings steps run. */
export interface Agent {
  readonly folder: string;
  readonly temporary: string;
  /** Variables that every step sees. */
  readonly env: Readonly<Record<string, string>>;
}

/** Runs steps in turn, until one fails. */
export async function runSteps(steps: readonly Step[], agent: Agent): Promise<JobEnd> {
  const begun: string[] = [];
  let output = '';
  let worst: Verdict = 'passed';
  for (const step of steps) {
    begun.push(step.name);
    const end = await runScript(step, agent);
    output += end.output;
    const verdict = step.verdict(end);
    if (verdict === 'failed') return { verdict, steps: begun, output };
    if (verdict === 'warned') worst = verdict;
  }
  return { verdict: worst, steps: begun, output };
}

async function runScript(
  { script, shell, env }: Step,
  agent: Agent,
): Promise<{ readonly exitCode: number; readonly output: string }> {
  const file = path.join(agent.temporary, 'step.sh');
  await writeFile(file, script);
  const [command = 'bash', ...parameters] = shell;
  const child = spawn(command, [...parameters, file], {
    cwd: agent.folder,
    env: { ...agent.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  await once(child, 'close');
  return { exitCode: child.exitCode ?? -1, output };
}
