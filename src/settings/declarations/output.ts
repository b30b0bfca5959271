import { setting } from '../declaration.js';
import { oneOf, truth } from '../values.js';

/** What a run tells. */
export const outputSettings = {
  logLevel: setting<'debug' | 'info' | 'warning' | 'error'>({
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

  quiet: setting<boolean>({
    name: 'quiet',
    description: 'Logs errors only.',
    flag: { name: '--quiet', argument: null, gives: 'true', description: 'log errors only' },
    keys: [],
    schema: truth,
    default: false,
  }),

  logFormat: setting<'text' | 'json'>({
    name: 'logFormat',
    description: 'How the log is written: text, or json with one object a line.',
    flag: { name: '--log-format', argument: '<format>', description: 'text, or json lines' },
    schema: oneOf(['text', 'json']),
    default: 'text',
  }),

  strict: setting<boolean>({
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
