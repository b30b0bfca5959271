import { escaped, plainLogs, type CiPlatform } from './platform.js';

/** Azure's log commands: "Logging commands" in the documentation of Azure Pipelines. */
const ESCAPES = { '%': '%AZP25', '\r': '%0D', '\n': '%0A' };

/** Inside of the brackets, these end something. */
const IN_PROPERTIES = { ...ESCAPES, ';': '%3B', ']': '%5D' };

const TYPES = { failure: 'error', warning: 'warning', notice: null } as const;

/** Azure Pipelines. */
export const azure: CiPlatform = {
  ...plainLogs,
  name: 'azure',
  title: 'Azure Pipelines',
  isHere: ({ TF_BUILD }) => TF_BUILD?.toLowerCase() === 'true',
  folding: {
    open: (title) => `##[group]${escaped(title, ESCAPES)}`,
    close: () => '##[endgroup]',
  },
  annotation: (severity, message, place = null) => {
    const type = TYPES[severity];
    if (type === null) return null;
    const at =
      place === null
        ? ''
        : `sourcepath=${escaped(place.file, IN_PROPERTIES)};linenumber=${place.line};columnnumber=${place.column};`;
    return `##vso[task.logissue type=${type};${at}]${escaped(message, ESCAPES)}`;
  },
  repository: ({ BUILD_SOURCESDIRECTORY: folder = '' }) => (folder === '' ? null : folder),
  summaryUpload: (file) => `##vso[task.uploadsummary]${escaped(file, ESCAPES)}`,
  template: {
    folder: 'azure',
    extension: '.yml',
    target: 'azure-pipelines.yml',
    hasServer: true,
    secretsLocation: 'in the variable group port-ocean-credentials (Pipelines > Library), locked',
    schedule: null,
  },
};
