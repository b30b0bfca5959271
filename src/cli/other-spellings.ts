import type { Runtime } from '../runtime.js';

/** `--dotenv`: Node.js takes `--env-file` for its own, wherever it stands, and ends where the file is missing. */
const DOTENV = /^--dotenv(?=$|=)/u;

const DRY_RUN: readonly string[] = ['-n', '--dry-run'];

/**
 * The command line in our own words, where it was written in those of other programs: `-v` and `version`,
 * `sync --dry-run` and `-n` for `plan`, `--dotenv FILE`, and `--no-color`.
 */
export function inOurSpelling(runtime: Runtime): Runtime {
  const isColorless = runtime.argv.includes('--no-color');
  const argv = runtime.argv
    .filter((argument) => argument !== '--no-color')
    .map((argument) => argument.replace(DOTENV, '--env-file'));
  return {
    ...runtime,
    argv: withoutDryRun(withVersion(argv)),
    ...(isColorless ? { env: { ...runtime.env, NO_COLOR: '1' } } : {}),
  };
}

function withVersion(argv: readonly string[]): readonly string[] {
  return argv.length === 1 && (argv[0] === 'version' || argv[0] === '-v') ? ['--version'] : argv;
}

function withoutDryRun(argv: readonly string[]): readonly string[] {
  const [command, ...others] = argv;
  if (command !== 'sync' || !others.some((argument) => DRY_RUN.includes(argument))) return argv;
  return ['plan', ...others.filter((argument) => !DRY_RUN.includes(argument))];
}
