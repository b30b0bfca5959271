import { parse } from 'yaml';
import { z } from 'zod';
import {
  greenOrRed,
  HEAD,
  TARGET,
  type CiEvent,
  type Site,
  type Step,
  type TemplatePlatform,
} from './platform.js';
import { judgeBy } from './schema.js';

const steps = z.array(
  z.object({
    step: z.object({
      name: z.string(),
      deployment: z.string().optional(),
      script: z.array(z.string()),
    }),
  }),
);

const asked = z.strictObject({
  variables: z.tuple([z.strictObject({ name: z.string() })]),
});

const pipeline = z.object({
  pipelines: z.object({
    custom: z.object({
      'bitbucket-to-port': z.tuple([asked], steps.element),
      'bitbucket-to-port-plan': z.tuple([asked], steps.element),
    }),
    'pull-requests': z.object({ '**': steps }),
  }),
});

/** What the published schema is too old to know; from "Step options" of the documentation. */
const concurrencyGroup = { type: 'string', minLength: 1 };

const condition = {
  type: 'object',
  properties: {
    changesets: {
      type: 'object',
      properties: { includePaths: { type: 'array', items: { type: 'string' }, minItems: 1 } },
      required: ['includePaths'],
      additionalProperties: false,
    },
  },
  required: ['changesets'],
  additionalProperties: false,
};

const amendable = z.looseObject({
  definitions: z.looseObject({
    step: z.looseObject({ properties: z.record(z.string(), z.unknown()) }),
  }),
});

/** The deployment environments that the template's header tells to create. */
const ENVIRONMENTS = ['port-catalog', 'port-catalog-plan'];

/** Bitbucket Pipelines: a step ends at the first command that fails. */
export const bitbucketPipelines: TemplatePlatform = {
  problems: judgeBy(
    'bitbucket.org/atlassianlabs/atlascode/raw/main/resources/schemas/pipelines-schema.json',
    (schema) => {
      const amended = amendable.parse(schema);
      const { properties } = amended.definitions.step;
      properties.condition = condition;
      properties['concurrency-group'] = concurrencyGroup;
      return amended;
    },
  ),
  steps: (text, event, site) => {
    const { chosen, given } = chosenFor(event, text, site);
    return Promise.resolve(chosen.map(({ step }) => asStep(step, site, given)));
  },
};

/** The steps for an event, and what is given to whoever starts them. */
function chosenFor(event: CiEvent, text: string, { approval }: Site) {
  const { custom, 'pull-requests': own } = pipeline.parse(parse(text)).pipelines;
  if (event === 'pull-request') return { chosen: own['**'], given: {} };
  const isPlan = event === 'plan';
  const [{ variables }, ...chosen] =
    custom[isPlan ? 'bitbucket-to-port-plan' : 'bitbucket-to-port'];
  const [{ name }] = variables;
  return { chosen, given: { [name]: isPlan ? TARGET : approval } };
}

function asStep(
  { name, deployment, script }: z.infer<typeof steps>[number]['step'],
  { folder, secrets }: Site,
  given: Readonly<Record<string, string>>,
): Step {
  return {
    name,
    script: script.join('\n'),
    shell: ['bash', '-e'],
    env: {
      BITBUCKET_PIPELINE_UUID: '{6f1c0a52-5ddc-4b0f-8f9b-0d6f5f1f3b51}',
      BITBUCKET_CLONE_DIR: folder,
      BITBUCKET_COMMIT: HEAD,
      // The platform's own, which never decides what is read.
      BITBUCKET_WORKSPACE: 'fernlicht',
      ...given,
      ...(ENVIRONMENTS.includes(deployment ?? '') ? secrets : {}),
    },
    verdict: greenOrRed,
  };
}
