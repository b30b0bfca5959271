import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { startLoopbackServer } from '../../src/sandbox/loopback.js';
import { npm, type Package } from './a-package.js';

/** A registry of npm that knows one package and sends elsewhere for all others. */
export interface Registry {
  /** What npm has to be told to ask it. */
  readonly variables: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * Publishes a package on loopback as the real registry would: with the mark that it brings a
 * shrinkwrap along, which the registry sets and without which npm does not look for one (so not for
 * a tarball that is named by its file). "Package metadata" of github.com/npm/registry, `_hasShrinkwrap`.
 */
export async function startRegistry({ tarball, folder, files }: Package): Promise<Registry> {
  const bytes = await readFile(tarball);
  const manifest = z
    .looseObject({ name: z.string(), version: z.string() })
    .parse(JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')));
  const { name, version } = manifest;
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  const elsewhere = (await npm(['config', 'get', 'registry'], folder)).trim().replace(/\/$/u, '');
  const server = await startLoopbackServer((request) => {
    if (request.path === '/package.tgz') return { status: 200, body: bytes };
    if (request.path !== `/${name}`) {
      return { status: 302, headers: { location: `${elsewhere}${request.target}` } };
    }
    const published = {
      ...manifest,
      _hasShrinkwrap: files.includes('npm-shrinkwrap.json'),
      dist: { tarball: `http://${request.headers.host ?? ''}/package.tgz`, integrity },
    };
    const versions = { [version]: published };
    return { status: 200, body: { name, 'dist-tags': { latest: version }, versions } };
  });
  return {
    variables: { npm_config_registry: server.url },
    close: () => server.close(),
  };
}
