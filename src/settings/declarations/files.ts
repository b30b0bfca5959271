import type { FlagDeclaration } from '../declaration.js';

/** The options that name the files which settings are read from. They are no settings themselves. */
export const configFlag: FlagDeclaration = {
  name: '--config',
  argument: '<file>',
  description: 'settings in YAML (default: bitbucket-port.yml if it exists)',
};

/** See `configFlag`. */
export const envFileFlag: FlagDeclaration = {
  name: '--env-file',
  argument: '<file>',
  description:
    'variables in a file (default: .env if it exists); --dotenv is the same, and Node.js does not take it for its own',
};

/** What is read when no option names a file. Missing, it is not missed. */
export const DEFAULT_CONFIG_FILE = 'bitbucket-port.yml';

/** See `DEFAULT_CONFIG_FILE`. */
export const DEFAULT_ENV_FILE = '.env';
