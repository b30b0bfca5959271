import { z } from 'zod';

/** Why a pipeline runs: `plan` is a pull request as well, where its plan is wanted. */
export type CiEvent = 'schedule' | 'pull-request' | 'plan';

/** How a platform shows the end of a job. */
export type Verdict = 'passed' | 'warned' | 'failed';

/** What a script ended with. */
export interface ScriptEnd {
  readonly exitCode: number;
  readonly output: string;
}

/** A script, with all that the platform puts around it. */
export interface Step {
  readonly name: string;
  readonly script: string;
  /** The command and its parameters; the script's file follows. */
  readonly shell: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly verdict: (end: ScriptEnd) => Verdict;
}

/** Where a pipeline runs, and what is in the platform's stores. */
export interface Site {
  /** The clone of the repository. */
  readonly folder: string;
  /** For what is no part of it. */
  readonly temporary: string;
  readonly secrets: Readonly<Record<string, string>>;
  /** What everybody may see: names and addresses. */
  readonly variables: Readonly<Record<string, string>>;
  /** What somebody who starts the pipeline by hand gives for an approval; empty: nothing. */
  readonly approval: string;
}

/** How a platform understands its files, as far as our templates use it. */
export interface TemplatePlatform {
  /** Reads a file by the platform's grammar or schema. @returns what is wrong with it */
  readonly problems: (text: string) => Promise<readonly string[]>;
  /** The scripts that run for an event, in order. */
  readonly steps: (text: string, event: CiEvent, site: Site) => Promise<readonly Step[]>;
}

/** The branch of a pull request, in the clone that its pipeline works in. */
export const HEAD = 'refs/remotes/origin/change';

/** The branch that it is to be merged into. */
export const TARGET = 'main';

/** Variables as YAML has them. */
export const variables = z.record(z.string(), z.coerce.string());

/** A job that is either green or red. */
export function greenOrRed({ exitCode }: ScriptEnd): Verdict {
  return exitCode === 0 ? 'passed' : 'failed';
}

/** Looks a condition up among those that our templates use. @throws for any other */
export function eventOf(conditions: Readonly<Record<string, CiEvent>>, condition: string): CiEvent {
  const event = conditions[condition];
  if (event === undefined)
    throw new Error(`a condition that this test does not know: ${condition}`);
  return event;
}
