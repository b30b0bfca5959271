import { setting } from '../declaration.js';
import { text } from '../values.js';

/** Files that a run leaves behind. */
export const reportSettings = {
  reportFile: setting<string | null>({
    name: 'sync.reportFile',
    description: 'A file for the report of the run in JSON. schema report prints its JSON Schema.',
    flag: { name: '--report-file', argument: '<file>', description: 'write a report in JSON' },
    schema: text,
    default: null,
  }),

  summaryFile: setting<string | null>({
    name: 'sync.summaryFile',
    description:
      'A file for the summary in Markdown, also of plan and check. On GitHub, the job summary shows it too.',
    flag: {
      name: '--summary-file',
      argument: '<file>',
      description: 'write a summary in Markdown',
    },
    schema: text,
    default: null,
  }),
};
