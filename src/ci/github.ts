import { escaped, type CiPlatform } from './platform.js';

/** GitHub's log commands: "Workflow commands for GitHub Actions" in its documentation. */
const ESCAPES = { '%': '%25', '\r': '%0D', '\n': '%0A' };

const COMMANDS = { failure: 'error', warning: 'warning', notice: null } as const;

/** GitHub Actions. */
export const github: CiPlatform = {
  name: 'github',
  title: 'GitHub Actions',
  isHere: ({ GITHUB_ACTIONS }) => GITHUB_ACTIONS === 'true',
  folding: {
    open: (title) => `::group::${escaped(title, ESCAPES)}`,
    close: () => '::endgroup::',
  },
  annotation: (severity, message) => {
    const command = COMMANDS[severity];
    return command === null
      ? null
      : `::${command} title=bitbucket-port::${escaped(message, ESCAPES)}`;
  },
  summaryFile: ({ GITHUB_STEP_SUMMARY: file = '' }) => (file === '' ? null : file),
  summaryUpload: null,
  template: {
    folder: 'github',
    extension: '.yml',
    target: '.github/workflows/bitbucket-to-port.yml',
    hasServer: true,
    secretsPlace: 'as secrets under Settings > Secrets and variables > Actions',
    schedule: null,
  },
};
