import { parse } from 'yaml';
import { z } from 'zod';
import type { JsonValue } from '../../../src/model/json.js';
import { mergePullRequest, removeRepository } from '../../../src/sandbox/company/changes.js';
import { plannedChanges, planSchema } from '../../pipeline/plan-world.js';
import { mappingOf, resource } from '../../pipeline/safety-world.js';
import { aCompany, aMoment } from '../../world/a-company.js';
import { cloud, server, type GoldenWorld, type Step } from '../scenario.js';
import { aUsualCompany } from './company.js';
import { answers, atBitbucket, atPort } from './faults.js';
import { putIntegration } from './port.js';

const aDay = ({ company }: GoldenWorld): void => {
  removeRepository(company, 'WEB', 'shop');
  mergePullRequest(company, 'PAY', 'api', 1, aMoment);
  const index = company.projects.findIndex(({ key }) => key === 'PAY');
  company.projects[index] = { ...company.projects[index]!, description: 'More money' };
};

const planned = (stdout: string): JsonValue => {
  const { summary, plan, ...document } = planSchema.parse(JSON.parse(stdout));
  const changes = plannedChanges({ summary, plan, ...document });
  return { ...summary, newBlueprints: plan.newBlueprints, changes };
};

const plans: readonly Step[] = [
  { name: 'nothing is in Port', run: 'plan --output json', result: planned },
  { name: 'nothing is in Port, for a script', run: 'plan --detailed-exitcode' },
  { name: 'then it is loaded', run: 'sync' },
  { name: 'nothing changed', run: 'plan --detailed-exitcode' },
  { name: 'something changed', change: aDay, run: 'plan --output json', result: planned },
  { name: 'something changed, for a script', run: 'plan --detailed-exitcode' },
  { name: 'and is done', run: 'sync' },
];

const findings = z.object({
  findings: z.array(z.object({ section: z.string(), status: z.string() })),
});

/** How often each section says what: no words. */
const checked = (stdout: string): JsonValue => {
  const counts: Record<string, number> = {};
  for (const { section, status } of findings.parse(JSON.parse(stdout)).findings) {
    counts[`${section} ${status}`] = (counts[`${section} ${status}`] ?? 0) + 1;
  }
  return counts;
};

function checks(pullRequests: string): readonly Step[] {
  const check = { run: 'check --output json', result: checked };
  return [
    { name: 'before the first run', ...check },
    { name: 'without a network', run: 'check --offline --output json', result: checked },
    {
      name: 'pull requests may not be read',
      faults: atBitbucket(({ path }) => path.endsWith(pullRequests), answers(403)),
      ...check,
    },
    {
      name: 'Bitbucket refuses the credentials',
      faults: atBitbucket(() => true, answers(401)),
      ...check,
    },
    {
      name: 'Port refuses the credentials',
      faults: atPort(({ path }) => path.endsWith('/access_token'), answers(401)),
      ...check,
    },
  ];
}

const previews = z.array(
  z.object({
    resource: z.object({ kind: z.string() }),
    status: z.string(),
    results: z.array(z.object({ mappings: z.array(z.object({ entity: z.json() })) })),
  }),
);

const previewed = (stdout: string): JsonValue =>
  previews.parse(JSON.parse(stdout)).map(({ resource: { kind }, status, results }) => ({
    kind,
    status,
    entities: results.flatMap(({ mappings }) => mappings.map(({ entity }) => entity)),
  }));

const PROJECTS = mappingOf([
  resource('project', { identifier: '.key', title: '.name', blueprint: '"bitbucketProject"' }),
]);
const OTHERS = mappingOf([
  resource('project', { identifier: '.key', title: '.key', blueprint: '"bitbucketProject"' }),
]);
const asJson = (stdout: string): JsonValue => z.json().parse(parse(stdout));

/** Nothing that leads to a Port whose mapping could be taken. */
const NOBODY = {
  OCEAN__PORT__CLIENT_ID: undefined,
  OCEAN__PORT__CLIENT_SECRET: undefined,
  OCEAN__PORT__BASE_URL: undefined,
};

function inits(type: 'server' | 'cloud'): readonly Step[] {
  return [
    ...['github', 'gitlab', 'jenkins', 'azure', 'none'].map((ci): Step => ({
      name: `for ${ci}`,
      run: `init --type ${type} --ci ${ci} --dir ${ci}`,
      env: NOBODY,
    })),
    {
      name: 'where files are already',
      run: `init --type ${type} --ci github --dir github`,
      env: NOBODY,
    },
    { name: 'from what Port holds', run: `init --type ${type} --ci none --dir from-port` },
  ];
}

export const commands = [
  server('plan', { company: aUsualCompany, steps: plans }),
  cloud('plan', { company: aUsualCompany, steps: plans }),
  server('check', { company: aUsualCompany, steps: checks('/pull-requests') }),
  cloud('check', { company: aUsualCompany, steps: checks('/pullrequests') }),

  server('preview', {
    company: aUsualCompany,
    files: {
      'raw.json': '[{"slug": "api", "name": "API"}, {"slug": null}]',
      'mapping.json': JSON.stringify(
        mappingOf([
          resource('repository', { identifier: '.slug', title: '.name', blueprint: '"service"' }),
        ]),
      ),
    },
    steps: [
      { name: 'of one kind', run: 'preview --kind pull-request --limit 1' },
      { name: 'of all kinds', run: 'preview --limit 1 --output json', result: previewed },
      {
        name: 'of a local mapping',
        run: 'preview --mapping mapping.json --output json',
        result: previewed,
      },
      {
        name: 'of items in a file',
        run: 'preview --mapping mapping.json --kind repository --input raw.json --output json',
        result: previewed,
      },
      {
        name: 'of what may not be read',
        faults: atBitbucket(({ path }) => path.endsWith('/pull-requests'), answers(403)),
        run: 'preview --kind pull-request',
      },
    ],
  }),
  cloud('preview', {
    company: aUsualCompany,
    steps: [
      { name: 'of one kind', run: 'preview --kind pull-request --limit 1' },
      { name: 'of all kinds', run: 'preview --limit 1 --output json', result: previewed },
    ],
  }),

  server('init', { company: () => aCompany().build(), steps: inits('server') }),
  cloud('init', { company: () => aCompany().build(), steps: inits('cloud') }),

  server('mapping', {
    company: () => aCompany().build(),
    files: { 'same.json': JSON.stringify(PROJECTS), 'other.json': JSON.stringify(OTHERS) },
    steps: [
      { name: 'is pulled, and there is none', run: 'mapping pull' },
      {
        name: 'is pulled',
        change: ({ port }) => {
          putIntegration(port, 'server', PROJECTS);
        },
        run: 'mapping pull',
        result: asJson,
      },
      { name: 'is pulled into a file', run: 'mapping pull --file pulled.yml' },
      {
        name: 'is the same',
        run: 'mapping diff --mapping same.json --detailed-exitcode',
      },
      { name: 'is another', run: 'mapping diff --mapping other.json --detailed-exitcode' },
      { name: 'is pushed', run: 'mapping push --mapping other.json --backup old.yml' },
      { name: 'was pushed', run: 'mapping pull', result: asJson },
    ],
  }),
];
