import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isExecutable } from '../../../src/mapping/engine/command-line.js';
import type { JqEngine } from '../../../src/mapping/engine/engine.js';
import { type EngineSearch, findEngine } from '../../../src/mapping/engine/find-engine.js';
import { type Problem, ProblemError } from '../../../src/problems/problem.js';

let folder: string;
let problems: Problem[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jq-'));
  problems = [];
});

afterEach(() => rm(folder, { recursive: true }));

/** A file that answers to `--version`, and lists no builtins. */
async function aJq(file: string, version: string): Promise<string> {
  const path = join(folder, file);
  const script = `#!/bin/sh\ncase "$1" in --version) echo '${version}';; *) echo '[]';; esac\n`;
  await writeFile(path, script, { mode: 0o755 });
  return path;
}

async function describeFound(search: Partial<EngineSearch>, bundled?: string): Promise<string> {
  const engine: JqEngine = await findEngine(
    {
      jqPath: undefined,
      searchPath: undefined,
      onProblem: (problem) => {
        problems.push(problem);
      },
      ...search,
    },
    () => bundled,
  );
  await engine.close();
  return engine.description;
}

/** What needs a shell is not there to be tested on a system without one. */
function describeWithShell(name: string, tests: () => void): void {
  if (isExecutable('/bin/sh')) describe(name, tests);
}

describeWithShell('findEngine', () => {
  it('takes JQ_PATH before all others, whatever its version, and says when it is old', async () => {
    const old = await aJq('old-jq', 'jq-1.6');
    const bundled = await aJq('bundled', 'jq-1.7.1');
    expect(await describeFound({ jqPath: old }, bundled)).toBe(`jq 1.6 (${old})`);
    expect(problems).toEqual([{ code: 'jq-outdated', path: old, version: '1.6' }]);
  });

  it.each(['jq-1.7', 'jq-1.8.2', 'jq-1.10', 'jq-2.0', 'jq-1.7.1-3ubuntu1', 'jq-master-89f84c3'])(
    'finds nothing wrong with %s',
    async (version) => {
      await describeFound({ jqPath: await aJq('jq', version) });
      expect(problems).toEqual([]);
    },
  );

  it('looks up a JQ_PATH without folder on the PATH', async () => {
    const path = await aJq('jq-next', 'jq-1.8');
    const found = await describeFound({ jqPath: 'jq-next', searchPath: folder });
    expect(found).toBe(`jq 1.8 (${path})`);
  });

  it('takes the jq of node-jq before that of the PATH', async () => {
    await aJq('jq', 'jq-1.8');
    const bundled = await aJq('bundled', 'jq-1.7.1');
    expect(await describeFound({ searchPath: folder }, bundled)).toBe('jq 1.7.1 (node-jq)');
  });

  it('takes the jq of the PATH when there is no other', async () => {
    const path = await aJq('jq', 'jq-1.7');
    const searchPath = ['', 'relative', join(folder, 'missing'), folder].join(delimiter);
    expect(await describeFound({ searchPath })).toBe(`jq 1.7 (${path})`);
  });

  it.each(['jq-1.6', 'jq-1.5-dfsg', 'gojq 0.12.17 (rev: abc)'])(
    'falls back to jq-web when the PATH has %s',
    async (version) => {
      await aJq('jq', version);
      expect(await describeFound({ searchPath: folder, jqPath: '' })).toBe('jq 1.7 (jq-web)');
      expect(problems).toEqual([]);
    },
  );

  it('passes over a broken binary of node-jq', async () => {
    const bundled = join(folder, 'bundled');
    await writeFile(bundled, 'not a program', { mode: 0o755 });
    expect(await describeFound({}, bundled)).toBe('jq 1.7 (jq-web)');
  });

  it.each([
    ['does not exist', 'missing', undefined],
    ['is another program', 'other', 'gojq 0.12.17'],
    ['says nothing', 'mute', ''],
  ])('refuses a JQ_PATH that %s', async (_, file, version) => {
    const jqPath = version === undefined ? join(folder, file) : await aJq(file, version);
    const found = describeFound({ jqPath });
    await expect(found).rejects.toBeInstanceOf(ProblemError);
    await expect(found).rejects.toMatchObject({
      problems: [
        { code: 'setting-invalid', spelling: 'JQ_PATH', reason: expect.stringContaining(jqPath) },
      ],
    });
  });
});
