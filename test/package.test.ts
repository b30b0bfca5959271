import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readdir, readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { Readable } from 'node:stream';
import { text as readText } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { startSocksProxy } from './http/proxy-servers.js';
import { aCompany } from './world/a-company.js';
import { startWorld } from './world/a-world.js';
import { aPackage, root, type Package } from './world/a-package.js';

const lockEntry = z.object({
  version: z.string().optional(),
  integrity: z.string().optional(),
  dev: z.boolean().optional(),
  devOptional: z.boolean().optional(),
  optional: z.boolean().optional(),
  devDependencies: z.record(z.string(), z.string()).optional(),
});
const lockFile = z.object({ packages: z.record(z.string(), lockEntry) });

let packed: Package;
let installed: string;

beforeAll(async () => {
  packed = await aPackage();
  installed = path.join(packed.nodeModules, 'bitbucket-port');
});

const lockAt = async (file: string): Promise<z.infer<typeof lockFile>['packages']> =>
  lockFile.parse(JSON.parse(await readFile(file, 'utf8'))).packages;

/** Names and versions of all that is in a folder of packages, by its place in the tree. */
async function versionsBelow(base: string, prefix = 'node_modules'): Promise<[string, string][]> {
  const entries = await readdir(path.join(base, prefix)).catch(() => []);
  const found = await Promise.all(
    entries
      .filter((name) => !name.startsWith('.'))
      .map(async (name): Promise<[string, string][]> => {
        const place = `${prefix}/${name}`;
        if (name.startsWith('@')) return versionsBelow(base, place);
        const text = await readFile(path.join(base, place, 'package.json'), 'utf8');
        const { version } = z.object({ version: z.string() }).parse(JSON.parse(text));
        return [[place, version], ...(await versionsBelow(base, `${place}/node_modules`))];
      }),
  );
  return found.flat();
}

describe('the package', () => {
  it('ships what runs and what a user reads, and nothing else', () => {
    const { files } = packed;

    expect(
      files
        .filter(
          (file) =>
            !/^(?:dist\/.+\.js|bin\/.+\.js|ci-templates\/.+|docs\/.+\.md|examples\/.+)$/u.test(
              file,
            ),
        )
        .sort(),
    ).toEqual([
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'LICENSE',
      'README.md',
      'dist/bundle/licenses.txt',
      'npm-shrinkwrap.json',
      'package.json',
    ]);
    expect(files).toContain('bin/bitbucket-port.js');
    expect(files).toContain('ci-templates/github/bitbucket-cloud.yml');
    expect(files).toContain('docs/deletions.md');
    expect(files).toContain('examples/README.md');
  });

  it('has whatever its pages lead to', async () => {
    const { files } = packed;
    for (const page of files.filter((file) => file.endsWith('.md'))) {
      const text = await readFile(path.join(installed, page), 'utf8');
      for (const [, target = ''] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/gu)) {
        const place = path.join(path.dirname(page), target);
        const isThere = files.some((file) => file === place || file.startsWith(`${place}/`));
        expect([page, target, isThere]).toEqual([page, target, true]);
      }
    }
  });

  it('pins its whole tree to what was tested, without what only developing needs', async () => {
    const { '': own, ...pinned } = await lockAt(path.join(installed, 'npm-shrinkwrap.json'));
    const tested = await lockAt(path.join(root, 'package-lock.json'));

    expect(own?.devDependencies).toBeUndefined();
    expect(Object.values(pinned).filter(({ dev, devOptional }) => dev ?? devOptional)).toEqual([]);
    expect(Object.keys(pinned)).toContain('node_modules/jq-web');
    expect(Object.keys(pinned)).not.toContain('node_modules/jest');
    for (const [place, entry] of Object.entries(pinned)) {
      expect([place, entry.version, entry.integrity]).toEqual([
        place,
        tested[place]?.version,
        tested[place]?.integrity,
      ]);
    }
  });

  it('is installed with exactly these versions', async () => {
    const { '': own, ...tested } = await lockAt(path.join(root, 'package-lock.json'));
    const production = Object.entries(tested).filter(([, { dev }]) => dev !== true);

    expect(own?.version).toBeDefined();
    expect((await versionsBelow(installed)).sort()).toEqual(
      production.map(([place, { version }]) => [place, version]).sort(),
    );
  });

  it('holds what it is made of, with the licenses, and asks for nothing else', async () => {
    const bundle = path.join(installed, 'dist', 'bundle');
    const files = (await readdir(bundle)).filter((file) => file.endsWith('.js'));
    const texts = await Promise.all(files.map((file) => readFile(path.join(bundle, file), 'utf8')));
    const asked = /\b(?:from|import\(|require\(|resolve\()"([@a-z][\w@/.:-]*)"/gu;
    const packages = texts.flatMap((text) => [...text.matchAll(asked)].map(([, name]) => name));

    expect([...new Set(packages)].filter((name) => !isBuiltin(name ?? '')).sort()).toEqual([
      'jq-web',
      'node-jq/package.json',
    ]);
    expect(await readFile(path.join(bundle, 'licenses.txt'), 'utf8')).toMatch(
      /^undici \d+\.\d+\.\d+\n\nMIT License\n\nCopyright/mu,
    );
  });

  it('does not end well where its result was lost, unless whoever read it had enough', async () => {
    const bin = path.join(installed, 'bin', 'bitbucket-port.js');
    const full = await open('/dev/full', 'w');
    const written = async (stdout: number | 'pipe', closes = false) => {
      const child = spawn(process.execPath, [bin, 'schema', 'config'], {
        stdio: ['ignore', stdout, 'pipe'],
      });
      if (closes) child.stdout?.destroy();
      else child.stdout?.resume();
      const [stderr] = await Promise.all([
        readText(Readable.from(child.stderr ?? [])),
        once(child, 'close'),
      ]);
      return { exitCode: child.exitCode, stderr };
    };

    const [lost, read, closed] = await Promise.all([
      written(full.fd),
      written('pipe'),
      written('pipe', true),
    ]);
    await full.close();
    expect(lost.exitCode).toBe(4);
    expect(lost.stderr).toBe(
      'error: the result could not be written to stdout: there is no space left\n' +
        '  > Free some space where stdout goes, and run again\n',
    );
    expect([read, closed]).toEqual([
      { exitCode: 0, stderr: '' },
      { exitCode: 0, stderr: '' },
    ]);
  });

  // Its library is loaded for those alone who have such a proxy.
  it('goes through a SOCKS proxy', async () => {
    const world = await startWorld(aCompany().withRepository('PAY', 'api').build());
    const proxy = await startSocksProxy((host) =>
      Number(new URL(host.startsWith('port.') ? world.port.url : world.bitbucket.url).port),
    );
    const child = spawn(
      process.execPath,
      [path.join(installed, 'bin', 'bitbucket-port.js'), 'sync'],
      {
        env: {
          ...world.env,
          OCEAN__PORT__BASE_URL: 'http://port.example.com',
          OCEAN__INTEGRATION__CONFIG__BITBUCKET_BASE_URL: 'http://bitbucket.example.com',
          ALL_PROXY: `socks5h://me:secret@${proxy.host}`,
        },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    const [stderr] = await Promise.all([readText(child.stderr), once(child, 'close')]);
    proxy.close();

    expect({ exitCode: child.exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(world.identifiers('bitbucketRepository')).toHaveLength(1);
    await world.close();
  });

  it('leaves nothing behind where it was packed', async () => {
    expect(await readdir(packed.folder)).not.toContain('npm-shrinkwrap.json');
  });

  it('asks for no jq of its own: the download of one may fail', async () => {
    const { dependencies, optionalDependencies } = z
      .object({
        dependencies: z.record(z.string(), z.string()),
        optionalDependencies: z.record(z.string(), z.string()),
      })
      .parse(JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')));
    expect(Object.keys(optionalDependencies)).toEqual(['node-jq']);
    expect(dependencies['jq-web']).toMatch(/^\d/u);
  });
});
