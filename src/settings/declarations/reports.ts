import { setting } from '../declaration.js';
import { text } from '../values.js';

/** Files that a run leaves behind. */
export const reportSettings = {
  reportFile: setting<string | null>({
    name: 'sync.reportFile',
    description: 'A file for the report of the run in JSON; its schema: schema report.',
    flag: { name: '--report-file', argument: '<file>', description: 'write a report in JSON' },
    schema: text,
    default: null,
  }),

  summaryFile: setting<string | null>({
    name: 'sync.summaryFile',
    description:
      "A file for the summary in Markdown, of plan and check as well; on GitHub also the job's summary.",
    flag: {
      name: '--summary-file',
      argument: '<file>',
      description: 'write a summary in Markdown',
    },
    schema: text,
    default: null,
  }),
};
