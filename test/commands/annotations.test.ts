import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run as runProgram } from '../../src/run.js';
import { aRuntime } from '../world/a-runtime.js';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'annotations-'));
  await mkdir(path.join(root, 'ops'));
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

type Files = Readonly<Record<string, string>>;

/** Runs below the root of a repository, as a job of a pull request does. */
async function marked(line: string, files: Files, env: Files = {}): Promise<readonly string[]> {
  for (const [name, text] of Object.entries(files)) {
    await writeFile(path.join(root, 'ops', name), text);
  }
  const runtime = aRuntime({
    argv: line.split(' '),
    cwd: path.join(root, 'ops'),
    env: { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: root, ...env },
  });
  await runProgram(runtime);
  const { stdout, stderr } = runtime.written;
  return `${stdout}\n${stderr}`.split('\n').filter((text) => /^(?:::|##vso)/u.test(text));
}

const TYPE = 'integration:\n  type: bitbucket-server\n';
const MAPPING = `resources:
  - kind: project
    selector:
      query: 'true'
    port:
      entity:
        mappings:
          identifier: .key | (
          blueprint: '"project"'
`;

describe('what is wrong is marked on its line, from the root of the repository', () => {
  it.each<[string, Files, string]>([
    [
      'an expression',
      { 'bitbucket-port.yml': `${TYPE}mapping: m.yml\n`, 'm.yml': MAPPING },
      '::error file=ops/m.yml,line=8,col=',
    ],
    [
      'the shape of a mapping',
      { 'bitbucket-port.yml': `${TYPE}mapping: m.yml\n`, 'm.yml': 'resources:\n  - kind: x\n' },
      '::error file=ops/m.yml,line=2,col=',
    ],
    [
      'a mapping inside of the settings',
      { 'bitbucket-port.yml': `${TYPE}mapping:\n  resources:\n    - kind: x\n` },
      '::error file=ops/bitbucket-port.yml,line=5,col=',
    ],
    [
      'a wrong setting',
      { 'bitbucket-port.yml': `${TYPE}sync:\n  timeout: soon\n` },
      '::error file=ops/bitbucket-port.yml,line=4,col=12,title=bitbucket-port::bitbucket-port.yml:4:12: sync.timeout must be',
    ],
    [
      'an unknown key',
      { 'bitbucket-port.yml': `${TYPE}sync:\n  timeuot: 25m\n` },
      '::error file=ops/bitbucket-port.yml,line=4,col=3,title=bitbucket-port::bitbucket-port.yml:4:3: unknown key sync.timeuot',
    ],
    [
      'settings that are no YAML',
      { 'bitbucket-port.yml': 'a: [' },
      '::error file=ops/bitbucket-port.yml,line=1,col=',
    ],
    [
      'a wrong variable of .env',
      { '.env': '# ours\n\n  export OCEAN__LOG_LEVEL=loud\n', 'bitbucket-port.yml': TYPE },
      '::error file=ops/.env,line=3,col=3,title=bitbucket-port::.env:3:3: OCEAN__LOG_LEVEL must be',
    ],
  ])('%s', async (_, files, expected) => {
    const lines = await marked('check --offline', files);
    expect(lines.map((line) => line.slice(0, expected.length))).toContain(expected);
  });

  it('in Azure as well', async () => {
    const files = { 'bitbucket-port.yml': `${TYPE}sync:\n  timeout: soon\n` };
    const azure = {
      GITHUB_ACTIONS: '',
      TF_BUILD: 'True',
      BUILD_SOURCESDIRECTORY: root,
    };
    const [line] = await marked('check --offline', files, azure);
    expect(line).toContain(
      '##vso[task.logissue type=error;sourcepath=ops/bitbucket-port.yml;linenumber=4;columnnumber=12;]',
    );
  });

  it('by sync too, and not on a file outside of the repository', async () => {
    const files = { 'bitbucket-port.yml': `${TYPE}sync:\n  timeout: soon\n` };
    const lines = await marked('sync', files);
    expect(lines.join('\n')).toContain('::error file=ops/bitbucket-port.yml,line=4,col=12');
    const elsewhere = { GITHUB_WORKSPACE: path.join(root, 'other') };
    expect((await marked('sync', files, elsewhere)).join('\n')).not.toContain('file=');
  });
});
