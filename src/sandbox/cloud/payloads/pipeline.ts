import type { JsonObject } from '../../../model/json.js';
import type { Environment, Pipeline } from '../../company/company.js';
import { timestamp, uuidOf } from '../identifiers.js';
import type { Site } from '../route.js';
import type { HostedRepository } from '../workspace.js';
import { commitReference } from './commit.js';
import { links, repositoryApi, repositoryPage } from './links.js';
import { repositoryReference } from './repository.js';
import { existingUser, userPayload } from './user.js';

/** How a run and what it deploys are known. */
export function uuidsOf(
  { repository }: HostedRepository,
  { number }: Pipeline,
): { readonly pipeline: string; readonly deployment: string } {
  const run = `of repository ${repository.id}, run ${number}`;
  return { pipeline: uuidOf(`pipeline ${run}`), deployment: uuidOf(`deployment ${run}`) };
}

/** A run. Its answer names no page for people. */
export function pipelinePayload(
  site: Site,
  hosted: HostedRepository,
  pipeline: Pipeline,
): JsonObject {
  const { number, branch, commit, creator, startedAt, finished } = pipeline;
  const uuid = uuidsOf(hosted, pipeline).pipeline;
  const user = existingUser(site, creator);
  const self = `${repositoryApi(site, hosted.slug)}/pipelines/${encodeURIComponent(uuid)}`;
  return {
    type: 'pipeline',
    uuid,
    build_number: number,
    creator: user === undefined ? null : userPayload(site, user),
    repository: repositoryReference(site, hosted),
    target: {
      type: 'pipeline_ref_target',
      ref_type: 'branch',
      ref_name: branch,
      selector: { type: 'branches', pattern: branch },
      commit: commitReference(site, hosted.slug, commit),
    },
    trigger: { type: 'pipeline_trigger_push', name: 'PUSH' },
    state: finished === undefined ? running : completed(finished),
    created_on: timestamp(startedAt),
    ...(finished === undefined ? {} : { completed_on: timestamp(finished.at) }),
    build_seconds_used: finished === undefined ? 0 : (finished.at - startedAt) / 1_000,
    links: links({ self, steps: `${self}/steps` }),
  };
}

const running = {
  type: 'pipeline_state_in_progress',
  name: 'IN_PROGRESS',
  stage: { type: 'pipeline_state_in_progress_running', name: 'RUNNING' },
} as const;

function completed({ result }: NonNullable<Pipeline['finished']>): JsonObject {
  return {
    type: 'pipeline_state_completed',
    name: 'COMPLETED',
    result: { type: `pipeline_state_completed_${result.toLowerCase()}`, name: result },
  };
}

/** What a run deploys. It names its environment by its UUID alone. */
export function deploymentPayload(
  site: Site,
  hosted: HostedRepository,
  pipeline: Pipeline,
): JsonObject {
  const { number, commit, startedAt, finished, deploysTo = '' } = pipeline;
  const { deployment: uuid } = uuidsOf(hosted, pipeline);
  const url = `${repositoryPage(site, hosted.slug)}/pipelines/results/${number}`;
  const begun = { url, start_date: timestamp(startedAt) };
  return {
    type: 'deployment',
    uuid,
    environment: { type: 'deployment_environment', uuid: environmentUuid(hosted, deploysTo) },
    release: {
      type: 'deployment_release',
      uuid: uuidOf(`release ${uuid}`),
      name: `#${number}`,
      url,
      commit: commitReference(site, hosted.slug, commit),
      created_on: timestamp(startedAt),
    },
    state:
      finished === undefined
        ? { type: 'deployment_state_in_progress', name: 'IN_PROGRESS', ...begun }
        : {
            type: 'deployment_state_completed',
            name: 'COMPLETED',
            ...begun,
            completion_date: timestamp(finished.at),
            status: {
              type: `deployment_state_completed_status_${finished.result.toLowerCase()}`,
              name: finished.result,
            },
          },
  };
}

/** Where a repository is deployed to. */
export function environmentPayload(
  hosted: HostedRepository,
  { name, type }: Environment,
): JsonObject {
  return {
    type: 'deployment_environment',
    uuid: environmentUuid(hosted, name),
    name,
    environment_type: { type: 'deployment_environment_type', name: type },
  };
}

function environmentUuid({ repository }: HostedRepository, name: string): string {
  return uuidOf(`environment ${name} of repository ${repository.id}`);
}
