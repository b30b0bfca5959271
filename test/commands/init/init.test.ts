import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { ciPlatforms } from '../../../src/ci/index.js';
import { ownVersion } from '../../../src/cli/version.js';
import { run as runProgram } from '../../../src/run.js';
import type { Runtime } from '../../../src/runtime.js';
import { writingRequests } from '../../pipeline/plan-world.js';
import { IDENTIFIER, mappingOf, putMapping, resource } from '../../pipeline/safety-world.js';
import { aCompany } from '../../world/a-company.js';
import { startCloudWorld } from '../../world/a-cloud-world.js';
import { aRuntime } from '../../world/a-runtime.js';
import { startWorld, type World } from '../../world/a-world.js';

const SCHEMAS = ['schemas/bitbucket-port.json', 'schemas/mapping.json'];
const PROJECTS = mappingOf([
  resource('project', { identifier: '.key', blueprint: '"bitbucketProject"' }),
]);

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'init-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

type Difference = Partial<Pick<Runtime, 'ask' | 'random'>>;

async function run(
  line: string,
  env: Readonly<Record<string, string | undefined>> = {},
  difference: Difference = {},
) {
  const runtime = aRuntime({ argv: line.split(' '), env, cwd: folder });
  const exitCode = await runProgram({ ...runtime, ...difference });
  const { stdout, stderr } = runtime.written;
  return { exitCode, stdout, stderr, result: stdout.replace(/\s+/gu, ' ') };
}

async function files(): Promise<readonly string[]> {
  const all = await readdir(folder, { recursive: true, withFileTypes: true });
  return all
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

const textOf = (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8');

/** Answers questions in turn; then nobody is there any more. */
function answering(...answers: readonly string[]): {
  readonly ask: NonNullable<Runtime['ask']>;
  readonly questions: readonly string[];
} {
  const questions: string[] = [];
  const left = [...answers];
  return {
    questions,
    ask: (question) => {
      questions.push(question);
      return Promise.resolve(left.shift() ?? null);
    },
  };
}

describe('init', () => {
  it('writes settings, a mapping, their schemas and nothing else', async () => {
    const { exitCode, result } = await run('init --type server --ci none');
    expect(exitCode).toBe(0);
    expect(await files()).toEqual(['bitbucket-port.yml', 'mapping.yml', ...SCHEMAS].sort());
    expect(await textOf('bitbucket-port.yml')).toMatch(
      /^# yaml-language-server: \$schema=\.\/schemas\/bitbucket-port\.json\n/u,
    );
    expect(await textOf('mapping.yml')).toMatch(
      /^# yaml-language-server: \$schema=\.\/schemas\/mapping\.json\n/u,
    );
    expect(result).toContain('was not looked up');
    expect(result).toMatch(
      /1\. Set these variables: PORT_CLIENT_ID .* 2\. npx bitbucket-port check:.* 3\. npx bitbucket-port plan:/u,
    );
  });

  it.each(ciPlatforms.map((platform) => [platform.name, platform] as const))(
    'puts the pipeline of %s in its place, at a minute of its own and for our version',
    async (name, { template }) => {
      const { exitCode, result } = await run(
        `init --type cloud --ci ${name}`,
        {},
        { random: () => 0.999 },
      );
      expect(exitCode).toBe(0);
      const pipeline = await textOf(template.target);
      const original = await readFile(
        new URL(
          `../../../ci-templates/${template.folder}/bitbucket-cloud${template.extension}`,
          import.meta.url,
        ),
        'utf8',
      );
      expect(pipeline).toBe(original.replaceAll('17 * * * *', '59 * * * *'));
      expect(pipeline).toMatch(new RegExp(`BITBUCKET_PORT_VERSION[ :=']+${ownVersion()}`, 'u'));
      const secrets = [...new Set(original.match(/OCEAN__\w+/gu))].filter((secret) =>
        new RegExp(`^(?:#|//) +${secret}`, 'mu').test(original),
      );
      expect(secrets.length).toBeGreaterThan(2);
      for (const secret of secrets) expect(result).toContain(secret);
      expect(result).toContain(template.secretsLocation);
    },
  );

  it.each(ciPlatforms.filter(({ template }) => template.hasServer).map(({ name }) => name))(
    'has a pipeline of %s for Data Center',
    async (name) => {
      const { exitCode, result } = await run(`init --type server --ci ${name}`);
      expect(exitCode).toBe(0);
      expect(result).toContain('OCEAN__INTEGRATION__CONFIG__BITBUCKET_BASE_URL');
    },
  );

  it.each(
    ciPlatforms.flatMap(({ name, template }) => [
      [name, template.target, { PORT_BASE_URL: 'https://api.us.getport.io/v1' }] as const,
      [name, template.target, { OCEAN__PORT__REGION: 'us' }] as const,
    ]),
  )('puts the address of Port that is known into the pipeline of %s', async (name, target, env) => {
    expect((await run(`init --type cloud --ci ${name}`, env)).exitCode).toBe(0);
    const lines = (await textOf(target)).split('\n').filter((line) => line.includes('getport'));
    expect(lines).not.toEqual([]);
    for (const line of lines) {
      expect(line).toMatch(/OCEAN__PORT__BASE_URL[:= ']+https:\/\/api\.us\.getport\.io'?$/u);
    }
  });

  it('leaves no sign in the address of Port that a shell or YAML takes for its own', async () => {
    const env = { PORT_BASE_URL: "https://port.example.com/a'b$(id)" };
    await run('init --type cloud --ci bitbucket-pipelines', env);
    expect(await textOf('bitbucket-pipelines.yml')).toContain(
      'OCEAN__PORT__BASE_URL=https://port.example.com/a%27b%24%28id%29\n',
    );
  });

  it.each(ciPlatforms.filter(({ template }) => template.hasServer))(
    'asks for a user and password in the pipeline of $name where these are set',
    async ({ name, template: { target } }) => {
      const env = { BITBUCKET_USERNAME: 'ada', BITBUCKET_PASSWORD: 's3cret' };
      const { result } = await run(`init --type server --ci ${name}`, env);
      await run(`init --type server --ci ${name} --dir usual`);
      const pipeline = await textOf(target);
      const usual = await textOf(`usual/${target}`);
      const count = (text: string, word: string): number => text.split(word).length - 1;
      for (const variable of ['BITBUCKET_USERNAME', 'BITBUCKET_PASSWORD']) {
        expect(result).toContain(`OCEAN__INTEGRATION__CONFIG__${variable} `);
        expect(count(pipeline, variable)).toBe(count(usual, 'BITBUCKET_TOKEN'));
      }
      expect(pipeline).toMatch(/ OCEAN__\w+_PASSWORD +that user's password\n/u);
      expect(pipeline + result).not.toMatch(/BITBUCKET_TOKEN|the token|s3cret/u);
      if (target.endsWith('.yml')) expect(parse(pipeline)).toBeDefined();
    },
  );

  it.each<[string, string, Readonly<Record<string, string>>, readonly string[], string]>([
    [
      'a user of Data Center',
      'server',
      { BITBUCKET_USERNAME: 'ada' },
      ['BITBUCKET_USERNAME', 'BITBUCKET_PASSWORD'],
      'BITBUCKET_TOKEN',
    ],
    [
      'a user of Cloud',
      'cloud',
      { BITBUCKET_USER_EMAIL: 'ada@example.com', BITBUCKET_USER_SCOPED_TOKEN: 's3cret' },
      ['BITBUCKET_USER_EMAIL', 'BITBUCKET_USER_SCOPED_TOKEN'],
      'BITBUCKET_WORKSPACE_TOKEN',
    ],
    [
      'a token beside a user',
      'server',
      { BITBUCKET_TOKEN: 's3cret', BITBUCKET_USERNAME: 'ada' },
      ['BITBUCKET_TOKEN'],
      'BITBUCKET_PASSWORD',
    ],
  ])('names the variables of %s', async (_what, type, env, told, untold) => {
    for (const ci of ['none', 'github']) {
      const { result } = await run(`init --type ${type} --ci ${ci} --dir ${ci}`, env);
      for (const name of told) expect(result).toContain(name);
      expect(result).not.toContain(untold);
    }
  });

  it('names the token that a pipeline which stays is for', async () => {
    await run('init --type server --ci github');
    await rm(path.join(folder, 'mapping.yml'));
    const { exitCode, result } = await run('init --type server --ci github', {
      BITBUCKET_USERNAME: 'ada',
    });
    expect(exitCode).toBe(0);
    expect(result).toContain('CONFIG__BITBUCKET_TOKEN');
  });

  it('never runs at the full hour', async () => {
    await run('init --type cloud --ci github', {}, { random: () => 0 });
    expect(await textOf('.github/workflows/bitbucket-to-port.yml')).toContain("cron: '1 * * * *'");
  });

  it('writes the address that it knows, and no secret', async () => {
    const env = {
      BITBUCKET_WORKSPACE: 'acme',
      BITBUCKET_WORKSPACE_TOKEN: 's3cret',
      PORT_BASE_URL: 'https://api.us.getport.io',
    };
    await run('init --type cloud --ci none', env);
    const text = await textOf('bitbucket-port.yml');
    expect(parse(text)).toMatchObject({
      integration: { config: { bitbucketWorkspace: 'acme' } },
      port: { baseUrl: 'https://api.us.getport.io' },
    });
    expect(text).not.toContain('s3cret');

    await run('init --type server --ci none --dir dc', {
      BITBUCKET_BASE_URL: 'https://bitbucket.example.com',
    });
    expect(parse(await textOf('dc/bitbucket-port.yml'))).toMatchObject({
      integration: { config: { bitbucketBaseUrl: 'https://bitbucket.example.com' } },
    });
  });

  it.each(['cloud', 'server'])(
    'says of each line of a mapping for %s what it is for',
    async (type) => {
      await run(`init --type ${type} --ci none`);
      const lines = (await textOf('mapping.yml')).split('\n').filter((line) => line.trim() !== '');
      const silent = lines.filter((line, index) => {
        const isBelowKey = line.endsWith(':') && /^ *#/u.test(lines[index + 1] ?? '');
        const isOfList = /^ +- [\w./]+$/u.test(line);
        return !line.includes('# ') && !isBelowKey && !isOfList;
      });
      expect(silent).toEqual([]);
    },
  );

  it('replaces nothing unless told to, and then everything', async () => {
    await writeFile(path.join(folder, 'mapping.yml'), 'mine');
    const { exitCode, result } = await run('init --type cloud --ci github');
    expect(exitCode).toBe(0);
    expect(result).toContain('Kept, as it was there already mapping.yml the mapping');
    expect(result).toContain('mapping.yml was there already: npx bitbucket-port check --offline');
    expect(await textOf('mapping.yml')).toBe('mine');
    expect(await textOf('bitbucket-port.yml')).toContain('mapping: mapping.yml');

    expect((await run('init --type cloud --ci github --force')).exitCode).toBe(0);
    expect(await textOf('mapping.yml')).toContain('.full_name');
    expect(await textOf('mapping.yml')).toContain('lead_time_days in Port is');
    expect(await textOf('mapping.yml')).toContain(
      `# pullRequestQuery: 'state="OPEN" OR state="MERGED"'`,
    );
  });

  it('names every file that is in the way', async () => {
    await run('init --type cloud --ci gitlab');
    const { stderr } = await run('init --type cloud --ci gitlab');
    for (const name of ['bitbucket-port.yml', 'mapping.yml', '.gitlab-ci.yml', ...SCHEMAS]) {
      expect(stderr).toContain(`${name} was not written`);
    }
  });

  it.each(['ops', 'ops/port/bitbucket'])('makes the folder %s', async (dir) => {
    const { exitCode, result } = await run(`init --type cloud --ci none --dir ${dir}`);
    expect(exitCode).toBe(0);
    expect(result).toContain(`npx bitbucket-port check --config ${dir}/bitbucket-port.yml: tests`);
    expect(await files()).toEqual(
      ['bitbucket-port.yml', 'mapping.yml', ...SCHEMAS].map((name) => `${dir}/${name}`).sort(),
    );
  });

  it.each([
    ['a file', 'taken', '--dir is taken: it is no folder'],
    ['a folder below a file', 'taken/ops', '/taken is no folder'],
  ])('says what is wrong with %s', async (_what, dir, message) => {
    await writeFile(path.join(folder, 'taken'), '');
    const { exitCode, stderr } = await run(`init --type cloud --ci none --dir ${dir}`);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  it('writes nothing where a file stands in place of a folder', async () => {
    await writeFile(path.join(folder, 'schemas'), '');
    const { exitCode, stderr } = await run('init --type cloud --ci none');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('schemas is no folder');
    expect(await files()).toEqual(['schemas']);
  });

  it('writes nothing into a folder that cannot be written to', async () => {
    const closed = path.join(folder, 'closed');
    await mkdir(closed);
    await chmod(closed, 0o500);
    const { exitCode, stderr } = await run('init --type cloud --ci none --dir closed');
    // The superuser may write everywhere.
    if (process.getuid?.() === 0) return;
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      'closed/bitbucket-port.yml was not written: writing there is not permitted',
    );
  });

  it.each([
    ['--type clod', 'did you mean cloud?'],
    ['--type cloud --ci gitlb', 'did you mean gitlab?'],
    ['--type server --ci bitbucket-pipelines', 'cannot reach a Bitbucket Data Center'],
    ['--ci none', 'Set --type cloud or --type server'],
  ])('refuses %s', async (options, message) => {
    const { exitCode, stderr } = await run(`init ${options}`);
    expect(exitCode).toBe(2);
    expect(stderr.replace(/\s+/gu, ' ')).toContain(message);
    expect(await files()).toEqual([]);
  });

  it('takes the type from variables', async () => {
    const { exitCode } = await run('init --ci none', { BITBUCKET_WORKSPACE: 'acme' });
    expect(exitCode).toBe(0);
    expect(await textOf('bitbucket-port.yml')).toContain('type: bitbucket-cloud');
  });
});

describe('init beside files that are there already', () => {
  const put = (name: string, text: string): Promise<void> =>
    writeFile(path.join(folder, name), text);

  it('adds a pipeline and leaves all else as it is', async () => {
    await run('init --type cloud --ci github');
    await put('mapping.yml', '# edited\n');
    const before = await files();
    const { exitCode, stdout } = await run('init --ci gitlab');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Wrote\n {2}\.gitlab-ci\.yml +the pipeline for GitLab CI\nKept/u);
    expect(stdout).toContain('The mapping is in mapping.yml, as bitbucket-port.yml says.');
    expect(await files()).toEqual([...before, '.gitlab-ci.yml'].sort());
    expect(await textOf('mapping.yml')).toBe('# edited\n');
    expect(await textOf('.gitlab-ci.yml')).toContain('BITBUCKET_TYPE: bitbucket-cloud');
  });

  it.each([
    ['a type', 'integration: { type: bitbucket-server }\n'],
    ['an address', 'config: { bitbucket_base_url: https://bitbucket.example.com }\n'],
  ])('writes nothing for another Bitbucket than %s of the settings tells', async (_what, text) => {
    await put('bitbucket-port.yml', text);
    const { ask, questions } = answering('gitlab');
    const { exitCode, stderr } = await run('init --type cloud', {}, { ask });
    expect(exitCode).toBe(2);
    expect(stderr.replace(/\s+/gu, ' ')).toContain(
      '--type cloud and bitbucket-port.yml do not go together: the file is there already, and for bitbucket-server; leave out --type to write what goes with it',
    );
    expect(questions).toEqual([]);
    expect(await files()).toEqual(['bitbucket-port.yml']);
  });

  it('writes nothing for another Bitbucket than the pipeline is for', async () => {
    await run('init --type server --ci github --dir old');
    const workflow = '.github/workflows/bitbucket-to-port.yml';
    await mkdir(path.join(folder, path.dirname(workflow)), { recursive: true });
    await put(workflow, await textOf(`old/${workflow}`));
    const before = await files();
    const { exitCode, stderr } = await run('init --type cloud --ci github');
    expect(exitCode).toBe(2);
    expect(stderr.replace(/\s+/gu, ' ')).toContain('sets BITBUCKET_TYPE to bitbucket-server');
    expect(await files()).toEqual(before);
  });

  it('writes nothing beside settings that cannot be read', async () => {
    await put('bitbucket-port.yml', 'port: [\n');
    const { exitCode, stderr } = await run('init --type cloud --ci gitlab');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('bitbucket-port.yml cannot be used');
    expect(await files()).toEqual(['bitbucket-port.yml']);
  });

  it('writes no mapping that the settings do not name', async () => {
    await put('bitbucket-port.yml', 'integration: { type: bitbucket-cloud }\n');
    const { exitCode, result } = await run('init --ci gitlab');
    expect(exitCode).toBe(0);
    expect(result).toContain('No mapping was written: bitbucket-port.yml names no file for one.');
    expect(await files()).toEqual(['.gitlab-ci.yml', 'bitbucket-port.yml', SCHEMAS[0]].sort());
  });

  it('says what to add to a pipeline of something else', async () => {
    await put('.gitlab-ci.yml', 'test: { script: [make] }\n');
    const { exitCode, result } = await run('init --type cloud --ci gitlab');
    expect(exitCode).toBe(0);
    expect(result).toContain(
      '.gitlab-ci.yml was there already and does not run bitbucket-port: add what ci-templates/gitlab/bitbucket-cloud.yml in the package bitbucket-port holds',
    );
    expect(await textOf('.gitlab-ci.yml')).toBe('test: { script: [make] }\n');
  });

  it('asks nothing where no answer changes that all is there', async () => {
    await run('init --type cloud --ci none');
    await put('bitbucket-port.yml', 'mapping: mapping.yml\n');
    const { ask, questions } = answering('cloud');
    const { exitCode, stderr } = await run('init --ci none', {}, { ask });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('bitbucket-port.yml was not written: it is there already');
    expect(questions).toEqual([]);
  });

  it('does not ask for the type that the settings tell', async () => {
    await run('init --type server --ci none');
    const { ask, questions } = answering('github');
    expect((await run('init', {}, { ask })).exitCode).toBe(0);
    expect(questions).toHaveLength(1);
    expect(questions[0]).toContain('Which CI');
  });

  it('offers no pipeline that it would refuse', async () => {
    const { ask, questions } = answering('server', 'bitbucket-pipelines', 'none');
    expect((await run('init', {}, { ask })).exitCode).toBe(0);
    expect(questions[1]).not.toContain('bitbucket-pipelines');
    expect(questions[2]).toContain('The answer must be one of');
  });

  it('asks nothing where the folder cannot be one', async () => {
    await put('taken', '');
    const { ask, questions } = answering('cloud', 'none');
    expect((await run('init --dir taken', {}, { ask })).exitCode).toBe(2);
    expect(questions).toEqual([]);
  });
});

describe('init in a git repository', () => {
  it.each<[string, string | null, string]>([
    ['where there is no .gitignore', null, '# Secrets of bitbucket-port\n.env\n'],
    ['behind what is there', 'dist', 'dist\n# Secrets of bitbucket-port\n.env\n'],
    ['once', 'dist\n.env*\n', 'dist\n.env*\n'],
  ])('keeps .env from git, %s', async (_, before, after) => {
    await mkdir(path.join(folder, '.git'));
    if (before !== null) await writeFile(path.join(folder, '.gitignore'), before);
    const { stdout } = await run('init --type cloud --ci none --dir ops');
    expect(await textOf('.gitignore')).toBe(after);
    expect(stdout.includes('Added .env to .gitignore')).toBe(before !== after);
  });

  it.each(ciPlatforms.map((platform) => [platform.name, platform] as const))(
    'writes the pipeline of %s to the root, for settings below it',
    async (name, { template }) => {
      await mkdir(path.join(folder, '.git'));
      const { exitCode, stdout } = await run(`init --type cloud --ci ${name} --dir ops/port`);
      expect(exitCode).toBe(0);
      expect(stdout).toContain(`\n  ${template.target} `);
      expect(stdout).toContain('\n  ops/port/bitbucket-port.yml ');
      const pipeline = await textOf(template.target);
      expect(
        pipeline.match(/ (?:sync|check|preview) --config ops\/port\/bitbucket-port\.yml\b/gu),
      ).toHaveLength(3);
      expect(pipeline).toContain('in ops/port/samples/*.json');
      // Jenkins watches no paths.
      const watched =
        name === 'jenkins' ? [] : ['ops/port/bitbucket-port.yml, ops/port/mapping.yml, '];
      for (const paths of watched) expect(pipeline).toContain(`[${paths}`);
      expect(pipeline).not.toMatch(/[[ ']samples/u);
    },
  );

  it.each([
    ['at its root', 'init --type cloud --ci gitlab'],
    ['that begins there', 'init --type cloud --ci gitlab --dir sub'],
  ])('leaves the pipeline as it is %s', async (_where, line) => {
    // In a worktree or a submodule it is a file.
    await mkdir(path.join(folder, 'sub'));
    for (const root of ['', 'sub']) {
      await writeFile(path.join(folder, root, '.git'), 'gitdir: elsewhere\n');
    }
    const { exitCode } = await run(line);
    expect(exitCode).toBe(0);
    const place = line.includes('--dir') ? 'sub/' : '';
    expect(await textOf(`${place}.gitlab-ci.yml`)).not.toContain('--config');
  });

  it('keeps a pipeline at the root, and says what it lacks', async () => {
    await mkdir(path.join(folder, '.git'));
    await run('init --type cloud --ci gitlab --dir one');
    const before = await textOf('.gitlab-ci.yml');
    const { exitCode, result } = await run('init --type cloud --ci gitlab --dir two');
    expect(exitCode).toBe(0);
    expect(result).toContain('does not run bitbucket-port, with --config two/bitbucket-port.yml');
    expect(await textOf('.gitlab-ci.yml')).toBe(before);
  });

  it('writes no pipeline for a folder whose name would have to be quoted', async () => {
    await mkdir(path.join(folder, '.git'));
    const { exitCode, stderr } = await run("init --type cloud --ci github --dir it's");
    expect(exitCode).toBe(2);
    expect(stderr.replace(/\s+/gu, ' ')).toContain('rename it, or take --ci none');
    expect(await files()).toEqual([]);
  });
});

describe('init at a terminal', () => {
  it('asks for what the options leave open, until the answer is one', async () => {
    const { ask, questions } = answering('clod', 'server', '');
    const { exitCode } = await run('init', {}, { ask });
    expect(exitCode).toBe(0);
    expect(questions.map((question) => question.split(':')[0])).toEqual([
      'Which Bitbucket',
      'The answer must be one of cloud, server (did you mean cloud?).\nWhich Bitbucket',
      'Which CI',
    ]);
    expect(await textOf('bitbucket-port.yml')).toContain('type: bitbucket-server');
  });

  it.each([
    [
      'git',
      'one of github, jenkins, gitlab, azure, bitbucket-pipelines, none (did you mean github or gitlab?).',
    ],
    ['githb', '(did you mean github?).'],
    ['3', 'one of github, jenkins, gitlab, azure, bitbucket-pipelines, none.'],
  ])('says why it asks again after %s', async (answer, words) => {
    const { ask, questions } = answering(answer, 'none');
    expect((await run('init --type cloud', {}, { ask })).exitCode).toBe(0);
    expect(questions[0]).not.toContain('The answer');
    expect(questions[1]).toMatch(/^The answer must be /u);
    expect(questions[1]).toContain(words);
  });

  it('asks nothing that is told, and nothing at all with --yes', async () => {
    const { ask, questions } = answering('none');
    await run('init --type cloud --ci none', {}, { ask });
    await run('init --type cloud --force --yes', {}, { ask });
    expect(questions).toEqual([]);
  });

  it('writes nothing when nobody answers any more', async () => {
    const { exitCode, stderr } = await run('init', {}, answering());
    expect(exitCode).toBe(2);
    expect(stderr).toContain('the questions were not answered');
    expect(await files()).toEqual([]);
  });
});

describe('init beside a Port', () => {
  let world: World;

  beforeEach(async () => {
    const company = aCompany()
      .withRepository('PAY', 'api')
      .withRepository('WEB', 'api')
      .withPullRequest('PAY', 'api', { reviewers: ['ann'] })
      .withPullRequest('WEB', 'api')
      .withUser({ name: 'silent', emailAddress: null })
      .build();
    world = await startWorld(company);
  });

  afterEach(async () => {
    await world.close();
  });

  it('writes no mapping when the integration has one, and says where it is', async () => {
    putMapping(world, PROJECTS);
    const { exitCode, result } = await run('init --type server --ci none', world.env);
    expect(exitCode).toBe(0);
    expect(result).toContain(`integration ${IDENTIFIER} has one in Port`);
    expect(await files()).toEqual(['bitbucket-port.yml', SCHEMAS[0]]);
    expect(parse(await textOf('bitbucket-port.yml'))).not.toHaveProperty('mapping');
    expect(writingRequests(world.port)).toEqual([]);
  });

  it('writes one when the integration has none', async () => {
    const { result } = await run('init --type server --ci none', world.env);
    expect(result).toContain(`Integration ${IDENTIFIER} has no mapping in Port`);
    expect(await files()).toContain('mapping.yml');
  });

  it('writes nothing when Port refuses the credentials', async () => {
    const env = { ...world.env, OCEAN__PORT__CLIENT_SECRET: 'wrong-secret' };
    const { exitCode } = await run('init --type server --ci none', env);
    expect(exitCode).toBe(3);
    expect(await files()).toEqual([]);
  });

  it('keeps the identifier that the user chose', async () => {
    await run('init --type server --ci none', {
      ...world.env,
      PORT_INTEGRATION_IDENTIFIER: 'ours',
    });
    expect(parse(await textOf('bitbucket-port.yml'))).toMatchObject({
      integration: { identifier: 'ours' },
    });
  });

  it('writes a mapping with which a run loads everything, apart from one another', async () => {
    await run('init --type server --ci none', world.env);
    const { exitCode, stdout } = await run('sync --strict', world.env);
    expect(stdout).not.toMatch(/collision|both map/u);
    expect(exitCode).toBe(0);
    expect(world.identifiers('bitbucketRepository')).toEqual(['PAY/api', 'WEB/api']);
    expect(world.identifiers('bitbucketPullRequest')).toEqual([
      'PAY/api/pull-requests/1',
      'WEB/api/pull-requests/1',
    ]);
    expect(world.identifiers('bitbucketUser')).toContain('silent');
  });
});

describe('init for Bitbucket Cloud', () => {
  it('writes a mapping with which a run loads everything', async () => {
    const company = aCompany().withRepository('PAY', 'api').withPullRequest('PAY', 'api').build();
    const cloud = await startCloudWorld(company);
    try {
      await run('init --type cloud --ci none', cloud.env);
      const { exitCode } = await run('sync', cloud.env);
      expect(exitCode).toBe(0);
      expect(cloud.identifiers('bitbucketProject')).toEqual(['fernlicht/PAY']);
      expect(cloud.identifiers('bitbucketRepository')).toEqual(['fernlicht/api']);
      expect(cloud.identifiers('bitbucketPullRequest')).toEqual(['fernlicht/api/pull-requests/1']);
    } finally {
      await cloud.close();
    }
  });
});
