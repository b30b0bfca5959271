import { plainLogs, type CiPlatform } from './platform.js';

/** Jenkins. */
export const jenkins: CiPlatform = {
  ...plainLogs,
  name: 'jenkins',
  title: 'Jenkins',
  isHere: ({ JENKINS_URL }) => (JENKINS_URL ?? '') !== '',
  template: {
    folder: 'jenkins',
    extension: '.Jenkinsfile',
    target: 'Jenkinsfile',
    hasServer: true,
    secretsLocation: 'as credentials of the kind "Secret text" under Manage Jenkins > Credentials',
    schedule: null,
  },
};
