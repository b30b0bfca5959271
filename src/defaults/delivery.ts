import {
  ADDRESS,
  blueprint,
  CLOUD_REPOSITORY,
  inIdentifier,
  MOMENT,
  type OptIn,
  REPOSITORY,
  resource,
  SERVER_REPOSITORY,
  TEXT,
} from './opt-in-shapes.js';
import { moment } from './server/default-mapping.js';

const PIPELINE = blueprint('bitbucketPipeline', 'Pipeline', 'Pipeline', {
  properties: {
    url: { title: 'URL', ...ADDRESS },
    status: { title: 'Status', ...TEXT },
    number: { title: 'Number', ...TEXT },
    branch: { title: 'Branch', ...TEXT },
    commit: { title: 'Commit', ...TEXT },
    startedAt: { title: 'Started at', ...MOMENT },
    finishedAt: { title: 'Finished at', ...MOMENT },
  },
  relations: REPOSITORY,
});

const DEPLOYMENT = blueprint('bitbucketDeployment', 'Deployment', 'Deployment', {
  properties: {
    url: { title: 'URL', ...ADDRESS },
    status: { title: 'Status', ...TEXT },
    environment: { title: 'Environment', ...TEXT },
    release: { title: 'Release', ...TEXT },
    commit: { title: 'Commit', ...TEXT },
    startedAt: { title: 'Started at', ...MOMENT },
    finishedAt: { title: 'Finished at', ...MOMENT },
  },
  relations: REPOSITORY,
});

const ENVIRONMENT = blueprint('bitbucketEnvironment', 'Environment', 'Environment', {
  properties: { type: { title: 'Type', ...TEXT } },
  relations: REPOSITORY,
});

/** A UUID without its braces, which Port takes in no identifier. */
const uuid = (path: string): string => `(${path} | gsub("[{}]"; ""))`;

/** What is mapped of builds and what they deploy, on Bitbucket Cloud. */
export const cloudDelivery: Readonly<Record<string, OptIn>> = {
  pipeline: {
    blueprint: PIPELINE,
    resource: resource(
      'pipeline',
      {
        identifier: `${CLOUD_REPOSITORY} + "/pipelines/" + (.build_number | tostring)`,
        title: '"#" + (.build_number | tostring) + " " + (.target.ref_name // "")',
        blueprint: '"bitbucketPipeline"',
        properties: {
          url: '.__link',
          status: '.state | .result.name // .stage.name // .name',
          number: '.build_number | tostring',
          branch: '.target.ref_name',
          commit: '.target.commit.hash',
          startedAt: '.created_on',
          finishedAt: '.completed_on',
        },
        relations: { repository: CLOUD_REPOSITORY },
      },
      { updatedWithin: '90d' },
    ),
    comment: [
      ' Runs of the last 90 days by repository and number. To read fewer, add to the selector:',
      " branches: ['main', 'release/**']. keepOutdated: true keeps older ones in Port.",
    ].join('\n'),
  },
  deployment: {
    blueprint: DEPLOYMENT,
    resource: resource(
      'deployment',
      {
        identifier: `${CLOUD_REPOSITORY} + "/deployments/" + ${uuid('.uuid')}`,
        title: '.release.name // .uuid',
        blueprint: '"bitbucketDeployment"',
        properties: {
          url: '.state.url // .release.url',
          status: '.state | .status.name // .name',
          environment: `.environment | .name // ${uuid('.uuid')}`,
          release: '.release.name',
          commit: '.release.commit.hash',
          startedAt: '.state | .start_date // .started_on',
          finishedAt: '.state | .completion_date // .completed_on',
        },
        relations: { repository: CLOUD_REPOSITORY },
      },
      { updatedWithin: '90d' },
    ),
    comment: [
      ' Deployments of the last 90 days. Each tells the UUID of its environment, which is the end of the',
      " identifier of one that the resource 'environment' makes. keepOutdated: true keeps older ones in Port.",
    ].join('\n'),
  },
  environment: {
    blueprint: ENVIRONMENT,
    resource: resource('environment', {
      identifier: `${CLOUD_REPOSITORY} + "/environments/" + ${uuid('.uuid')}`,
      title: '.name',
      blueprint: '"bitbucketEnvironment"',
      properties: { type: '.environment_type.name' },
      relations: { repository: CLOUD_REPOSITORY },
    }),
    comment: ' Environments by repository and UUID, which deployments tell.',
  },
};

/** The same on Data Center, which knows builds alone. */
export const serverDelivery: Readonly<Record<string, OptIn>> = {
  pipeline: {
    blueprint: PIPELINE,
    resource: resource('pipeline', {
      identifier: `${SERVER_REPOSITORY} + "/branches/" + ${inIdentifier('.__branch.displayId')} + "/builds/" + ${inIdentifier('.key')}`,
      title: '.name // .key',
      blueprint: '"bitbucketPipeline"',
      properties: {
        url: '.url',
        status: '.state',
        number: '.buildNumber',
        branch: '.__branch.displayId',
        commit: '.__branch.latestCommit',
        startedAt: moment('createdDate'),
        finishedAt: `if .state == "INPROGRESS" then null else (${moment('updatedDate')}) end`,
      },
      relations: { repository: SERVER_REPOSITORY },
    }),
    comment: [
      ' Builds of the newest commit of each default branch, by repository, branch and key. To read those of more',
      " branches, with a request for each, add to the selector: branches: ['main', 'release/**']",
    ].join('\n'),
  },
};
