import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { aPackage, INSTALL } from '../world/a-package.js';
import { serveCommands } from './command-server.js';

/** Whatever npm was called with, and what it could have seen. */
export interface NpmCall {
  readonly words: string;
  readonly env: string;
}

/** The package, installed once for all templates. */
export interface SharedInstall {
  /** Hold an `npm` each, to be put first on the PATH: one lends the package, one its stand-in. */
  readonly bins: { readonly installed: string; readonly standIn: string };
  /** Calls of that npm within a folder for temporary files. */
  readonly calls: (temporary: string) => Promise<readonly NpmCall[]>;
  close(): Promise<void>;
}

/**
 * Installs the package with the words of the templates. The `npm` that steps then find takes these
 * words and no other; it lends the installation, or what stands for it.
 */
export async function installOnce(folder: string): Promise<SharedInstall> {
  const { nodeModules } = await aPackage();
  const server = await serveCommands(folder);
  return {
    bins: {
      installed: await lender(path.join(folder, 'bin'), nodeModules),
      standIn: await lender(path.join(folder, 'stand-in-bin'), server.nodeModules),
    },
    calls,
    close: () => server.close(),
  };
}

/** @returns the folder of an npm that lends these packages */
async function lender(bin: string, nodeModules: string): Promise<string> {
  await mkdir(bin);
  const script = [
    '#!/usr/bin/env bash',
    'set -eu',
    'printf "%s\\n" "$*" >> "$AGENT_SCRATCH/npm-calls"',
    'env > "$AGENT_SCRATCH/npm-env"',
    `[ "$1 $2" = 'install --prefix' ] && [ "\${*:4}" = '${INSTALL.join(' ')}' ]`,
    'mkdir -p "$3"',
    `ln -s '${nodeModules}' "$3/node_modules"`,
  ].join('\n');
  await writeFile(path.join(bin, 'npm'), script);
  await chmod(path.join(bin, 'npm'), 0o755);
  return bin;
}

async function calls(temporary: string): Promise<readonly NpmCall[]> {
  const lines = await readFile(path.join(temporary, 'npm-calls'), 'utf8');
  const env = await readFile(path.join(temporary, 'npm-env'), 'utf8');
  return lines
    .trim()
    .split('\n')
    .map((words) => ({ words, env }));
}
