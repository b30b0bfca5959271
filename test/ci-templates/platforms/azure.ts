import { parse } from 'yaml';
import { z } from 'zod';
import {
  eventOf,
  greenOrRed,
  variables,
  type ScriptEnd,
  type Site,
  type TemplatePlatform,
  type Verdict,
} from './platform.js';
import { judgeBy } from './schema.js';

const pipeline = z.object({
  parameters: z.tuple([
    z.object({ name: z.literal('approve'), type: z.literal('string'), default: z.string() }),
  ]),
  variables,
  stages: z.array(
    z.object({
      condition: z.string(),
      // A variable here or at the job could carry a secret to every step.
      variables: z.array(z.strictObject({ group: z.string() })).optional(),
      jobs: z.array(
        z.object({
          variables: z.undefined().optional(),
          // Of the job that waits for an approval, which has its steps elsewhere and runs nothing of ours.
          environment: z.string().optional(),
          steps: z
            .array(
              z.object({
                bash: z.string().optional(),
                displayName: z.string().default('unnamed'),
                env: variables.default({}),
              }),
            )
            .default([]),
        }),
      ),
    }),
  ),
});

const CONDITIONS = {
  "and(ne(variables['Build.Reason'], 'PullRequest'), ne('${{ parameters.approve }}', 'none'))":
    'schedule',
  "and(ne(variables['Build.Reason'], 'PullRequest'), in(dependencies.approval.result, 'Succeeded', 'Skipped'))":
    'schedule',
  "eq(variables['Build.Reason'], 'PullRequest')": 'pull-request',
  "and(eq(variables['Build.Reason'], 'PullRequest'), eq(variables['BITBUCKET_PORT_PLAN'], 'true'), ne(variables['System.PullRequest.IsFork'], 'True'))":
    'plan',
} as const;

/**
 * Azure Pipelines. What is locked in a variable group is no variable of a process, unless a step maps
 * it; names of others become upper case ("Define variables" of its documentation).
 */
export const azure: TemplatePlatform = {
  problems: judgeBy(
    'raw.githubusercontent.com/microsoft/azure-pipelines-vscode/master/service-schema.json',
    (schema) => schema,
    // Numbers and truth values are strings there.
    (text) => parse(text, { schema: 'failsafe' }),
  ),
  steps: (text, event, site) => {
    const { parameters, variables: common, stages } = pipeline.parse(parse(text));
    const approval = site.approval === '' ? parameters[0].default : site.approval;
    const steps = stages
      .filter(({ condition }) => eventOf(CONDITIONS, condition) === event)
      .flatMap(({ jobs }) => jobs)
      .flatMap((job) => job.steps);
    const own = Object.entries(common).map(([name, value]): [string, string] => [
      name.toUpperCase(),
      substituted(value, site, common),
    ]);
    return Promise.resolve(
      steps.flatMap((step) =>
        step.bash === undefined
          ? []
          : {
              name: step.displayName,
              script: substituted(step.bash, site, common),
              shell: ['bash', '--noprofile', '--norc'],
              env: {
                TF_BUILD: 'True',
                AGENT_TEMPDIRECTORY: site.temporary,
                ...Object.fromEntries(own),
                ...Object.fromEntries(
                  Object.entries(step.env).map(([name, value]) => [
                    name,
                    substituted(value, site, common).replace(
                      '${{ parameters.approve }}',
                      () => approval,
                    ),
                  ]),
                ),
              },
              verdict,
            },
      ),
    );
  },
};

/** What nobody defined stays as it is. */
function substituted(
  text: string,
  { secrets, variables: open, temporary }: Site,
  own: Readonly<Record<string, string>>,
): string {
  const known: Record<string, string> = {
    ...secrets,
    ...open,
    ...own,
    'Pipeline.Workspace': temporary,
  };
  return text.replace(/\$\(([^()]+)\)/gu, (all, name: string) => known[name] ?? all);
}

/** "task.complete" of its logging commands, at the beginning of a line. */
function verdict(end: ScriptEnd): Verdict {
  const isYellow = /^##vso\[task\.complete result=SucceededWithIssues;\]/mu.test(end.output);
  return end.exitCode === 0 && isYellow ? 'warned' : greenOrRed(end);
}
