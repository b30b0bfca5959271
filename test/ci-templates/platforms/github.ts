import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import {
  eventOf,
  greenOrRed,
  HEAD,
  variables,
  type Site,
  type TemplatePlatform,
} from './platform.js';
import { judgeBy } from './schema.js';

const workflow = z.object({
  env: variables,
  jobs: z.record(
    z.string(),
    z.object({
      if: z.string(),
      env: variables.default({}),
      steps: z.array(
        z.object({
          name: z.string().default('unnamed'),
          run: z.string().optional(),
          env: variables.default({}),
        }),
      ),
    }),
  ),
});

const CONDITIONS = {
  "github.event_name == 'schedule' || github.event_name == 'workflow_dispatch'": 'schedule',
  "github.event_name == 'pull_request'": 'pull-request',
  "github.event_name == 'pull_request_target' && vars.BITBUCKET_PORT_PLAN == 'true' && github.event.pull_request.head.repo.full_name == github.repository":
    'plan',
} as const;

/** GitHub Actions. Scripts run in `bash -e`, as "defaults.run.shell" of its workflow syntax says. */
export const github: TemplatePlatform = {
  problems: judgeBy('github-workflow.json'),
  steps: (text, event, site) => {
    const { env, jobs } = workflow.parse(parse(text));
    const steps = Object.values(jobs)
      .filter((job) => eventOf(CONDITIONS, job.if) === event)
      .flatMap((job) =>
        job.steps.map((step) => ({ ...step, env: { ...env, ...job.env, ...step.env } })),
      );
    return Promise.resolve(
      steps.flatMap((step) =>
        step.run === undefined
          ? []
          : {
              name: step.name,
              script: substituted(step.run, site),
              shell: ['bash', '-e'],
              env: { ...surroundings(site), ...substitutedAll(step.env, site) },
              verdict: greenOrRed,
            },
      ),
    );
  },
};

function surroundings({ temporary }: Site): Record<string, string> {
  return {
    GITHUB_ACTIONS: 'true',
    RUNNER_TEMP: temporary,
    GITHUB_STEP_SUMMARY: path.join(temporary, 'step-summary.md'),
  };
}

function substitutedAll(env: Readonly<Record<string, string>>, site: Site): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, substituted(value, site)]),
  );
}

/** What does not exist is empty. */
function substituted(text: string, { secrets, variables: plain, approval }: Site): string {
  return text.replace(/\$\{\{ *(.*?) *\}\}/gu, (_all, expression: string) => {
    if (expression === 'inputs.approve') return approval;
    if (expression === 'github.event.pull_request.head.sha') return HEAD;
    const [context, name = ''] = expression.split('.');
    if (context === 'secrets') return secrets[name] ?? '';
    if (context === 'vars') return plain[name] ?? '';
    throw new Error(`an expression in a script: ${expression}`);
  });
}
