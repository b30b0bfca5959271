import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  commandGroups,
  commands,
  type CommandDescription,
  type CommandRun,
} from '../../src/cli/commands.js';
import { ProblemError } from '../../src/problems/problem.js';
import { run } from '../../src/run.js';
import type { Runtime } from '../../src/runtime.js';
import { allSettings } from '../../src/settings/declarations/index.js';
import type { FlagValues } from '../../src/settings/declaration.js';
import { readSettings, wholeSettings } from '../../src/settings/read-settings.js';
import { fakeRuntime } from './fake-runtime.js';

/** The real commands, with something else behind each. */
function commandsThat(run: CommandRun): readonly CommandDescription[] {
  return commands.map((command) => ({ ...command, load: () => Promise.resolve(run) }));
}

/** A command line's exit code and output, with a command that must not be reached. */
async function transcript(argv: readonly string[], given: Partial<Runtime> = {}) {
  const runtime = fakeRuntime(argv, given);
  const code = await run(
    runtime,
    commandsThat(() => Promise.reject(new Error('the command was run'))),
  );
  return { code, ...runtime.written };
}

describe('a command line', () => {
  it.each([
    [['snyc'], "error: unknown command 'snyc'\n  > Did you mean sync?\n"],
    [['sync', '--kind', 'a'], "error: unknown option '--kind'\n  > Did you mean --kinds?\n"],
    [['help', 'snyc'], "error: unknown command 'snyc'\n  > Did you mean sync?\n"],
    [['snyc', '--help'], "error: unknown command 'snyc'\n  > Did you mean sync?\n"],
    [['schema', 'confg', '--help'], "error: unknown command 'confg'\n  > Did you mean config?\n"],
    [['help', 'schema', 'confg'], "error: unknown command 'confg'\n  > Did you mean config?\n"],
    [
      ['sync', '--port-client-secret=hunter2'],
      "error: unknown option '--port-client-secret'\n  > Secrets come from the environment, a .env file or YAML, never from an option\n",
    ],
    [
      ['sync', '-phunter2'],
      "error: unknown option '-p'\n  > Run npx bitbucket-port sync --help for what it takes\n",
    ],
    [
      ['sync', '--config'],
      "error: option '--config <file>' argument missing\n  > Run npx bitbucket-port sync --help for what it takes\n",
    ],
    [
      ['sync', 'hunter2'],
      "error: too many arguments for 'sync'. Expected 0 arguments but got 1.\n  > Run npx bitbucket-port sync --help for what it takes\n",
    ],
    [
      ['--kinds', 'a', 'sync'],
      "error: unknown option '--kinds'\n  > Run npx bitbucket-port --help for the commands and options\n",
    ],
    [
      ['demo', '--kinds', 'a'],
      "error: unknown option '--kinds'\n  > Run npx bitbucket-port demo --help for what it takes\n",
    ],
    [
      ['schema', 'config', 'extra'],
      "error: too many arguments for 'config'. Expected 0 arguments but got 1.\n  > Run npx bitbucket-port schema config --help for what it takes\n",
    ],
    [
      ['mapping', '--foo'],
      "error: unknown option '--foo'\n  > Run npx bitbucket-port mapping --help for what it takes\n",
    ],
  ])('%j ends with 2 and says what is wrong', async (argv, stderr) => {
    const stdout =
      argv[0] === 'sync' ? 'Settings or mapping are wrong, nothing was loaded (exit 2)\n' : '';
    expect(await transcript(argv)).toEqual({ code: 2, stdout, stderr });
  });

  it('is told values that are wrong beside an option that is unknown', async () => {
    const argv = ['sync', '--kinds', 'repositry', '--timeout', '5x', '--bogus'];
    const { stderr } = await transcript(argv);
    expect(stderr.match(/^error: \S+ \S+ \S+/gmu)).toEqual([
      "error: unknown option '--bogus'",
      'error: --timeout must be',
      'error: --kinds may list',
    ]);
  });

  it('is told all of its unknown options at once, each with its value left out', async () => {
    const argv = [
      'sync',
      '--tmeout',
      '3',
      '--kinds',
      'a',
      '--lgo-level=x',
      '-phunter2',
      '--tmeout',
    ];
    expect((await transcript(argv)).stderr).toBe(
      [
        "error: unknown option '--tmeout'",
        '  > Did you mean --timeout?',
        "error: unknown option '--lgo-level'",
        '  > Did you mean --log-level?',
        "error: unknown option '-p'",
        '  > Run npx bitbucket-port sync --help for what it takes',
        '',
      ].join('\n'),
    );
  });

  it('is marked where the platform shows what went wrong', async () => {
    const { stderr } = await transcript(['snyc'], { env: { GITHUB_ACTIONS: 'true' } });
    expect(stderr).toBe(
      [
        "error: unknown command 'snyc'",
        '  > Did you mean sync?',
        '::group::bitbucket-port: the same problems, for the view of the platform',
        "::error title=bitbucket-port::unknown command 'snyc'. Did you mean sync?",
        '::endgroup::',
        '',
      ].join('\n'),
    );
  });

  it('hands what was given, and only that, to its command', async () => {
    const seen: FlagValues[] = [];
    const argv = ['sync', '--no-delete', '--kinds=project,user', '--quiet', '--config', 'a.yml'];
    const code = await run(
      fakeRuntime(argv),
      commandsThat((_runtime, flags) => {
        seen.push(flags);
        return Promise.resolve(4);
      }),
    );
    expect(code).toBe(4);
    expect(seen).toEqual([
      {
        '--no-delete': true,
        '--kinds': 'project,user',
        '--quiet': true,
        '--config': 'a.yml',
      },
    ]);
  });

  it('offers every flag that is declared, and none twice', () => {
    const sync = commands.find(({ name }) => name === 'sync');
    const offered = sync?.options.flatMap(({ options }) => options.map(({ flag }) => flag.name));
    const declared = allSettings.flatMap(({ flag }) => (flag === null ? [] : [flag.name]));
    expect([...(offered ?? [])].sort()).toEqual([...declared, '--config', '--env-file'].sort());
  });
});

describe('words of other programs', () => {
  /** Which command was reached, with which flags and surroundings. */
  async function reachedBy(argv: readonly string[]) {
    const reached: unknown[] = [];
    const runtime = fakeRuntime(argv);
    await run(
      runtime,
      commands.map((command) => ({
        ...command,
        load: () =>
          Promise.resolve(({ env }: Runtime, flags: FlagValues) => {
            reached.push([command.name, flags, env.NO_COLOR ?? null]);
            return Promise.resolve(0);
          }),
      })),
    );
    return [reached, runtime.written.stderr];
  }

  it.each<[readonly string[], unknown]>([
    [
      ['sync', '--dry-run'],
      ['plan', {}, null],
    ],
    [
      ['sync', '-n', '--kinds', 'user'],
      ['plan', { '--kinds': 'user' }, null],
    ],
    [
      ['sync', '--dotenv', 'x.env'],
      ['sync', { '--env-file': 'x.env' }, null],
    ],
    [
      ['check', '--dotenv=x.env'],
      ['check', { '--env-file': 'x.env' }, null],
    ],
    [
      ['--no-color', 'sync'],
      ['sync', {}, '1'],
    ],
    [
      ['plan', '--no-color'],
      ['plan', {}, '1'],
    ],
  ])('%j are understood', async (argv, reached) => {
    expect(await reachedBy(argv)).toEqual([[reached], '']);
  });

  it('does not take -n for anything where it has no meaning', async () => {
    expect(await reachedBy(['check', '-n'])).toEqual([[], expect.stringContaining("'-n'")]);
  });
});

describe('help', () => {
  it('shows the commands of the quick start when nothing is asked for', async () => {
    const { code, stdout, stderr } = await transcript([]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.match(/^ {2}npx bitbucket-port (\w+)/gmu)).toEqual([
      '  npx bitbucket-port init',
      '  npx bitbucket-port check',
      '  npx bitbucket-port plan',
      '  npx bitbucket-port sync',
    ]);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('names all commands, and what they need', async () => {
    const { stdout } = await transcript(['--help']);
    expect(stdout).toContain('bitbucket-port demo');
    expect(stdout).toContain('PORT_CLIENT_ID');
    for (const { name } of commands) {
      const [word = ''] = name.split(' ');
      expect(stdout).toMatch(new RegExp(`^  ${word} `, 'mu'));
    }
  });

  it.each([
    [['--help']],
    [['help']],
    [['sync', '--help']],
    [['help', 'sync']],
    [['demo', '-h']],
    [['help', 'schema']],
    [['schema', 'config', '--help']],
    ...commands.map(({ name }) => [[...name.split(' '), '--help']]),
  ])('%j ends with 0 and fits into 80 columns', async (argv) => {
    const { code, stdout, stderr } = await transcript(argv);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: bitbucket-port/u);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it.each(commands.map(({ name }) => name))(
    'of %s is the same asked for either way',
    async (name) => {
      const words = name.split(' ');
      const asked = await transcript(['help', ...words]);
      expect(asked).toEqual(await transcript([...words, '--help']));
      expect(asked.stdout).toContain(`Usage: bitbucket-port ${name} `);
    },
  );

  it.each(['', ...Object.keys(commandGroups), ...commands.map(({ name }) => name)])(
    'of "%s" shows command lines that work',
    async (name) => {
      const argv = [...name.split(' ').filter((word) => word !== ''), '--help'];
      const { stdout } = await transcript(argv);
      expect(stdout).toMatch(/^(?:Examples|Start here):\n {2}bitbucket-port /mu);
    },
  );

  it.each([60, 40])('wraps in %i columns, all but what is to be copied', async (columns) => {
    for (const name of ['', ...Object.keys(commandGroups), ...commands.map((one) => one.name)]) {
      const argv = [...name.split(' ').filter((word) => word !== ''), '--help'];
      const runtime = fakeRuntime(argv);
      const stdout = { ...runtime.stdout, columns };
      expect(await run({ ...runtime, stdout })).toBe(0);
      const wide = runtime.written.stdout
        .split('\n')
        .filter((line) => line.length > columns && !/^(?:Usage:| {2}bitbucket-port) /u.test(line));
      expect(wide).toEqual([]);
    }
  });

  it.each([
    ['pull', '--mapping <file> not used: what Port holds is printed'],
    ['push', '--mapping <file> the one to push (default: mapping in the settings file)'],
    ['diff', '--mapping <file> the local one (default: mapping in the settings file)'],
  ])('of mapping %s says what a local mapping is to it', async (name, words) => {
    const { stdout } = await transcript(['mapping', name, '--help']);
    expect(stdout.replace(/\s+/gu, ' ')).toContain(words);
  });

  it('groups the options of sync and closes with examples that parse', async () => {
    const { stdout } = await transcript(['sync', '--help']);
    const headings = stdout.match(/^[A-Z].*:$/gmu);
    expect(headings).toEqual([
      'Files and integration:',
      'Port:',
      'Bitbucket:',
      'Bitbucket Data Center:',
      'Bitbucket Cloud:',
      'This run:',
      'Network:',
      'Output:',
      'Reports:',
      'Options:',
      'Examples:',
    ]);
    const reached = commandsThat(() => Promise.resolve(0));
    for (const { examples } of [...commands, ...Object.values(commandGroups)]) {
      for (const { line } of examples) {
        const [program, ...argv] = line.split(' ');
        expect(program).toBe('bitbucket-port');
        expect(await run(fakeRuntime(argv), reached)).toBe(0);
      }
    }
  });
});

describe('the version', () => {
  it.each([[['--version']], [['-V']], [['-v']], [['version']]])(
    'is that of the package for %j',
    async (argv) => {
      const manifest: unknown = JSON.parse(readFileSync('package.json', 'utf8'));
      const { code, stdout } = await transcript(argv);
      expect(code).toBe(0);
      expect(manifest).toMatchObject({ version: stdout.trim() });
    },
  );
});

describe('what a command throws', () => {
  const withoutSettings = commandsThat(async (runtime, flags) => {
    wholeSettings(await readSettings({ flags, env: runtime.env, cwd: runtime.cwd }));
    return 0;
  });

  it('is told problem by problem, each with its remedy, then what may explain it', async () => {
    const runtime = fakeRuntime(['sync', '--concurrency', '0'], {
      env: { PORT_CLIENT_ID: 'id', PORT_CLIENT_SECRET: '', BITBUCKET_BASE_URL: 'http://b' },
    });
    expect(await run(runtime, withoutSettings)).toBe(2);
    expect(runtime.written).toEqual({
      stdout: 'Settings or mapping are wrong, nothing was loaded (exit 2)\n',
      stderr: `error: port.clientSecret is not set
  > Set PORT_CLIENT_SECRET, OCEAN__PORT__CLIENT_SECRET or port.clientSecret
    (YAML)
error: a credential for Bitbucket Data Center is not set
  > Set BITBUCKET_TOKEN or BITBUCKET_USERNAME with BITBUCKET_PASSWORD
error: --concurrency must be a whole number from 1 to 100
note: PORT_CLIENT_SECRET is empty
`,
    });
  });

  it('is one JSON object a line where JSON was asked for', async () => {
    const runtime = fakeRuntime(['sync', '--log-format=json'], { env: { PORT_CLIENT_ID: '' } });
    expect(await run(runtime, withoutSettings)).toBe(2);
    const { stdout, stderr } = runtime.written;
    const lines = stderr.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toContainEqual(
      expect.objectContaining({ level: 'error', time: '1970-01-01T00:00:00.000Z' }),
    );
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: 2 });
  });

  it.each([
    ['a refusal', { code: 'captcha-required', origin: 'http://b', reason: 'x' }, 3],
    [
      'a warning, which ended the command all the same',
      { code: 'taken-over', version: 'x', due: 0, isWhole: true },
      1,
    ],
  ] as const)('gives %s its exit code', async (_name, problem, code) => {
    const failing = commandsThat(() => Promise.reject(ProblemError.of(problem)));
    expect(await run(fakeRuntime(['sync']), failing)).toBe(code);
  });

  it('is a bug of ours if it is no problem: told without its stack', async () => {
    const runtime = fakeRuntime(['sync'], { env: { BITBUCKET_PASSWORD: 'hunter2' } });
    const failing = commandsThat(() => Promise.reject(new TypeError('no x of hunter2')));
    expect(await run(runtime, failing)).toBe(1);
    expect(runtime.written.stderr).toMatch(
      /^error: this is a bug in bitbucket-port: no x of \*\*\*\n {2}> Please report it/u,
    );
    expect(runtime.written.stderr).not.toContain('run.test');
  });

  it('is told without the secrets of settings files, and in the form that they ask for', async () => {
    const cwd = await mkdtemp(path.join(tmpdir(), 'failure-'));
    const failing = commandsThat(() =>
      Promise.reject(new TypeError('no x of hunter2 and hunter3')),
    );
    try {
      await writeFile(path.join(cwd, 'other.env'), 'BITBUCKET_TOKEN=hunter2\n');
      await writeFile(
        path.join(cwd, 'other.yml'),
        'port:\n  clientSecret: hunter3\nlogFormat: json\n',
      );
      const argv = ['check', '--env-file', 'other.env', '--config=other.yml'];
      const runtime = fakeRuntime(argv, { cwd });
      expect(await run(runtime, failing)).toBe(1);
      expect(JSON.parse(runtime.written.stderr)).toMatchObject({
        message: expect.stringContaining('no x of *** and ***'),
      });
    } finally {
      await rm(cwd, { recursive: true });
    }
  });

  it('shows the stack of a bug at debug level', async () => {
    const runtime = fakeRuntime(['sync', '--log-level', 'debug']);
    const failing = commandsThat(() => Promise.reject(new TypeError('no x')));
    expect(await run(runtime, failing)).toBe(1);
    expect(runtime.written.stderr).toContain('run.test');
  });
});

describe('a result that was lost', () => {
  const full = Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' });
  const onFullDisk = (argv: readonly string[]) => {
    const { stdout } = fakeRuntime([]);
    return fakeRuntime(argv, { stdout: { ...stdout, lost: () => Promise.resolve(full) } });
  };

  it.each([
    [0, 4],
    [10, 4],
    [3, 3],
    [130, 130],
  ])('makes of exit code %i %i, and is told once', async (came, ends) => {
    const runtime = onFullDisk(['plan']);
    const code = await run(
      runtime,
      commandsThat(() => Promise.resolve(came)),
    );
    expect(code).toBe(ends);
    expect(runtime.written.stderr).toBe(
      'error: the result could not be written to stdout: there is no space left\n' +
        '  > Free some space where stdout goes, and run again\n',
    );
  });

  it('is told as a line of JSON where all of the log is', async () => {
    const runtime = onFullDisk(['plan', '--log-format', 'json']);
    await run(
      runtime,
      commandsThat(() => Promise.resolve(0)),
    );
    expect(JSON.parse(runtime.written.stderr)).toMatchObject({
      level: 'error',
      event: { problem: { code: 'result-not-written' } },
    });
  });
});
