import { plainLogs, type CiPlatform } from './platform.js';

/** Bitbucket Pipelines. */
export const bitbucketPipelines: CiPlatform = {
  ...plainLogs,
  name: 'bitbucket-pipelines',
  title: 'Bitbucket Pipelines',
  isHere: ({ BITBUCKET_PIPELINE_UUID }) => (BITBUCKET_PIPELINE_UUID ?? '') !== '',
  template: {
    folder: 'bitbucket-pipelines',
    extension: '.yml',
    target: 'bitbucket-pipelines.yml',
    hasServer: false,
    secretsLocation:
      'in the deployment environment port-catalog (Repository settings > Deployments), secured',
    schedule:
      'Schedule it: Repository settings > Pipelines > Schedules, the pipeline custom: bitbucket-to-port',
  },
};
