import { setting } from '../declaration.js';
import { oneOf, text, truth } from '../values.js';

/** What a run tells. */
export const outputSettings = {
  logLevel: setting({
    name: 'logLevel',
    description: 'How much is logged: debug, info, warning or error.',
    flag: {
      name: '--log-level',
      argument: '<level>',
      description: 'debug, info, warning or error',
    },
    schema: oneOf(['debug', 'info', 'warning', 'error'], { warn: 'warning', critical: 'error' }),
    default: 'info',
  }),

  quiet: setting({
    name: 'quiet',
    description: 'Logs errors only.',
    flag: { name: '--quiet', argument: null, gives: 'true', description: 'log errors only' },
    keys: [],
    schema: truth,
    default: false,
  }),

  logFormat: setting({
    name: 'logFormat',
    description: 'How the log is written: text, or json with one object a line.',
    flag: { name: '--log-format', argument: '<format>', description: 'text, or json lines' },
    schema: oneOf(['text', 'json']),
    default: 'text',
  }),

  strict: setting({
    name: 'sync.strict',
    description: 'Whether a run with warnings exits with 4.',
    flag: {
      name: '--strict',
      argument: null,
      gives: 'true',
      description: 'exit with 4 if there are warnings',
    },
    schema: truth,
    default: false,
  }),
};

/** Files that a run leaves behind. */
export const reportSettings = {
  reportFile: setting({
    name: 'sync.reportFile',
    description: 'A file for the report of the run in JSON. schema report prints its JSON Schema.',
    flag: { name: '--report-file', argument: '<file>', description: 'write a report in JSON' },
    schema: text,
    default: null,
  }),

  summaryFile: setting({
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
