import { plainLogs, type CiPlatform } from './platform.js';

/** Tells one section of a log from another. */
const SECTION = 'bitbucket_port';

/** A terminal's "clear to the end of the line": GitLab looks for it around its marks. */
const CLEAR = '\u001b[0K';

/** GitLab CI: "Custom collapsible sections" in the documentation of its job logs. */
export const gitlab: CiPlatform = {
  ...plainLogs,
  name: 'gitlab',
  title: 'GitLab CI',
  isHere: ({ GITLAB_CI }) => GITLAB_CI === 'true',
  folding: {
    open: (title, seconds) =>
      `${CLEAR}section_start:${seconds}:${SECTION}[collapsed=true]\r${CLEAR}${title}`,
    close: (seconds) => `${CLEAR}section_end:${seconds}:${SECTION}\r${CLEAR}`,
  },
  template: {
    folder: 'gitlab',
    extension: '.yml',
    target: '.gitlab-ci.yml',
    hasServer: true,
    secretsLocation: 'under Settings > CI/CD > Variables, masked, protected, scope port-catalog',
    schedule:
      'Schedule it: Build > Pipeline schedules > New schedule, interval pattern "MINUTE * * * *"',
  },
};
