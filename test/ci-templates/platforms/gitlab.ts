import { parse } from 'yaml';
import { z } from 'zod';
import {
  greenOrRed,
  HEAD,
  TARGET,
  variables,
  type CiEvent,
  type Step,
  type TemplatePlatform,
} from './platform.js';
import { judgeBy } from './schema.js';

const job = z.object({
  stage: z.string(),
  script: z.array(z.string()),
  rules: z.array(z.object({ if: z.string().optional(), changes: z.array(z.string()).optional() })),
  variables: variables.default({}),
  environment: z.object({ name: z.string(), action: z.string() }).optional(),
  allow_failure: z.object({ exit_codes: z.array(z.number()) }).default({ exit_codes: [] }),
});
type Job = z.infer<typeof job>;

/** One that a form asks for has a description. */
const asked = z.strictObject({ value: z.string(), description: z.string() });
const pipeline = z.looseObject({
  stages: z.array(z.string()),
  variables: z.record(
    z.string(),
    z.union([asked.transform(({ value }) => value), z.coerce.string()]),
  ),
});

const MERGE_REQUEST = '$CI_PIPELINE_SOURCE == "merge_request_event"';

/** The conditions of our templates, and the events that each lets in. */
const CONDITIONS: Readonly<Record<string, readonly CiEvent[]>> = {
  '$CI_PIPELINE_SOURCE != "merge_request_event"': ['schedule'],
  [MERGE_REQUEST]: ['pull-request'],
  [`${MERGE_REQUEST} && $BITBUCKET_PORT_PLAN == "true" && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID`]:
    ['plan'],
};

/** The environment scopes that a template's header tells to give the variables. */
const SCOPES = ['port-catalog', 'port-catalog-plan'];

/** GitLab CI. The runner's script begins with `set -eo pipefail` ("shells/bash.go" of the runner). */
export const gitlab: TemplatePlatform = {
  problems: judgeBy(
    'gitlab.com/gitlab-org/gitlab/-/raw/master/app/assets/javascripts/editor/schema/ci.json',
  ),
  steps: (text, event, site) => {
    const { stages, variables: common, ...others } = pipeline.parse(parse(text));
    const jobs = Object.entries(others).flatMap(([name, value]): [string, Job][] => {
      const parsed = job.safeParse(value);
      return parsed.success && isDue(parsed.data, event) ? [[name, parsed.data]] : [];
    });
    const inOrder = jobs.sort(
      ([, one], [, other]) => stages.indexOf(one.stage) - stages.indexOf(other.stage),
    );
    return Promise.resolve(
      inOrder.map(([name, one]): Step => {
        const expand = (value: string): string => value.replaceAll('$CI_PROJECT_DIR', site.folder);
        const given = 'APPROVE_DELETIONS' in common ? { APPROVE_DELETIONS: site.approval } : {};
        const own = Object.entries({ ...common, ...one.variables, ...given });
        return {
          name,
          script: ['set -eo pipefail', ...one.script].join('\n'),
          shell: ['bash'],
          env: {
            GITLAB_CI: 'true',
            CI_COMMIT_SHA: HEAD,
            CI_MERGE_REQUEST_TARGET_BRANCH_NAME: TARGET,
            ...Object.fromEntries(own.map(([key, value]) => [key, expand(value)])),
            ...(SCOPES.includes(one.environment?.name ?? '')
              ? { ...site.secrets, ...site.variables }
              : {}),
          },
          verdict: (end) =>
            one.allow_failure.exit_codes.includes(end.exitCode) ? 'warned' : greenOrRed(end),
        };
      }),
    );
  },
};

/** Whether a rule lets a job into the pipeline. A merge request is taken to change the mapping. */
function isDue({ rules }: Job, event: CiEvent): boolean {
  return rules.some(({ if: condition, changes }) => {
    if (changes !== undefined && event === 'schedule') return false;
    if (condition === undefined) return true;
    const events = CONDITIONS[condition];
    if (events === undefined) throw new Error(`a rule that this test does not know: ${condition}`);
    return events.includes(event);
  });
}
