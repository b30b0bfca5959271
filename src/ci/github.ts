import { escaped, type CiPlatform } from './platform.js';

/** GitHub's log commands: "Workflow commands for GitHub Actions" in its documentation. */
const ESCAPES = { '%': '%25', '\r': '%0D', '\n': '%0A' };

/** Between `::` and `::`, commas and colons mean something. */
const IN_PROPERTIES = { ...ESCAPES, ':': '%3A', ',': '%2C' };

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
  annotation: (severity, message, place = null) => {
    const command = COMMANDS[severity];
    if (command === null) return null;
    const at =
      place === null
        ? ''
        : `file=${escaped(place.file, IN_PROPERTIES)},line=${place.line},col=${place.column},`;
    return `::${command} ${at}title=bitbucket-port::${escaped(message, ESCAPES)}`;
  },
  repository: ({ GITHUB_WORKSPACE: folder = '' }) => (folder === '' ? null : folder),
  summaryFile: ({ GITHUB_STEP_SUMMARY: file = '' }) => (file === '' ? null : file),
  summaryUpload: null,
  template: {
    folder: 'github',
    extension: '.yml',
    target: '.github/workflows/bitbucket-to-port.yml',
    hasServer: true,
    secretsLocation: 'as secrets under Settings > Secrets and variables > Actions',
    schedule: null,
  },
};
