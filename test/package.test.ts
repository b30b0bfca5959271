import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

const root = fileURLToPath(new URL('..', import.meta.url));

describe('the package', () => {
  it('ships what runs and what a user reads, and nothing else', () => {
    const [packed] = z.tuple([z.object({ files: z.array(z.object({ path: z.string() })) })]).parse(
      JSON.parse(
        execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
          cwd: root,
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        }),
      ),
    );
    const paths = packed.files.map(({ path }) => path);

    expect(paths.filter((path) => !/^(?:dist\/.+\.js|bin\/.+\.js)$/u.test(path)).sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'package.json',
    ]);
    expect(paths).toContain('bin/bitbucket-port.js');
  });

  it('asks for no jq of its own: the download of one may fail', () => {
    const { dependencies, optionalDependencies } = z
      .object({
        dependencies: z.record(z.string(), z.string()),
        optionalDependencies: z.record(z.string(), z.string()),
      })
      .parse(JSON.parse(readFileSync(`${root}/package.json`, 'utf8')));
    expect(Object.keys(optionalDependencies)).toEqual(['node-jq']);
    expect(dependencies['jq-web']).toMatch(/^\d/u);
  });
});
