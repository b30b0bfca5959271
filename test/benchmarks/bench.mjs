// What `sync` takes beside the floor (`floor.mjs`), the least that any program could take for the same
// work: processor, wall and memory of a first load and of a run that changes nothing, in turns.
//   npm run bench                          all scenarios, 5 rounds
//   npm run bench -- small --rounds 1      some of them
// BENCH_ROOT names another checkout that is built, whose `sync` is measured in place of this one's.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DEFAULTS } from '../../dist/defaults/index.js';

const server = { flavour: 'server', projects: 10, repositories: 400, pullRequests: 10_000 };
const SCENARIOS = {
  usual: { words: '10,000 pull requests in 400 repositories', ...server },
  far: {
    words: 'the same, 50 ms away, 16 requests at a time',
    ...server,
    latency: 50,
    concurrency: 16,
  },
  large: { words: '100,000 pull requests in 400 repositories', ...server, pullRequests: 100_000 },
  many: {
    words: '4,000 repositories with 1 pull request',
    ...server,
    repositories: 4000,
    pullRequests: 4000,
  },
  huge: {
    words: '40,000 pull requests in one repository',
    ...server,
    repositories: 1,
    pullRequests: 40_000,
  },
  small: {
    words: 'one repository with 10 pull requests',
    ...server,
    projects: 1,
    repositories: 1,
    pullRequests: 10,
  },
  cloud: {
    words: 'Cloud: 400 repositories with their files, 1,000 open pull requests',
    ...server,
    flavour: 'cloud',
  },
};

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, help: { type: 'boolean' } },
  allowPositionals: true,
});
if (values.help) {
  process.stdout.write('npm run bench -- [scenario ...] [--rounds 5]\n\n');
  for (const [name, { words }] of Object.entries(SCENARIOS)) {
    process.stdout.write(`  ${name.padEnd(8)}${words}\n`);
  }
  process.exit(0);
}
const names = positionals.length > 0 ? positionals : Object.keys(SCENARIOS);
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const root = resolve(process.env.BENCH_ROOT ?? here('../..'));
const folder = mkdtempSync(join(tmpdir(), 'bench-'));

/** The default mapping, with all pull requests of Data Center rather than the open ones. */
const mappingFile = join(folder, 'mapping.json');
writeFileSync(
  mappingFile,
  JSON.stringify(DEFAULTS['bitbucket-server'].mapping).replace('"state":"OPEN"', '"state":"ALL"'),
);

/** The two programs, as arguments of Node.js. */
const PROGRAMS = {
  floor: () => [here('floor.mjs')],
  sync: ({ flavour, concurrency }) => [
    join(root, 'bin/bitbucket-port.js'),
    'sync',
    ...(flavour === 'server' ? ['--mapping', mappingFile] : []),
    ...(concurrency === undefined ? [] : ['--concurrency', String(concurrency)]),
  ],
};

async function run(program, scenario, variables) {
  const usage = join(folder, 'usage.json');
  const child = spawn(
    process.execPath,
    ['--import', here('report-usage.mjs'), ...PROGRAMS[program](scenario)],
    {
      env: {
        // No jq on the path: the one that every machine has is measured, jq-web.
        PATH: '',
        ...(process.env.BENCH_JQ ? { JQ_PATH: process.env.BENCH_JQ } : {}),
        ...variables,
        OCEAN__INTEGRATION__IDENTIFIER: 'bench',
        BENCH_USAGE: usage,
        ...(scenario.concurrency === undefined
          ? {}
          : { CONCURRENCY: String(scenario.concurrency) }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const startedAt = performance.now();
  let output = '';
  child.stdout.on('data', (text) => (output += text));
  child.stderr.on('data', (text) => (output += text));
  const [exitCode] = await once(child, 'close');
  const wall = (performance.now() - startedAt) / 1000;
  if (exitCode !== 0) throw new Error(`${program} ended with ${exitCode}\n${output}`);
  return { wall, ...JSON.parse(readFileSync(usage, 'utf8')) };
}

/** What each program took, cold and unchanged, in each round. */
async function measure(scenario, rounds) {
  const servers = spawn(
    process.execPath,
    ['--max-old-space-size=8192', here('servers.mjs'), JSON.stringify(scenario)],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const answers = createInterface({ input: servers.stdout })[Symbol.asyncIterator]();
  const ask = async (line) => {
    servers.stdin.write(`${line}\n`);
    return JSON.parse((await answers.next()).value);
  };
  const taken = { floor: { cold: [], unchanged: [] }, sync: { cold: [], unchanged: [] } };
  try {
    for (let round = 0; round < rounds; round += 1) {
      const order = round % 2 === 0 ? ['floor', 'sync'] : ['sync', 'floor'];
      for (const program of order) {
        const { variables } = await ask('new port');
        for (const state of ['cold', 'unchanged']) {
          const used = await run(program, scenario, variables);
          const { seen } = await ask('look');
          if (seen.violations.length > 0) throw new Error(seen.violations.join('\n'));
          taken[program][state].push({ ...used, ...seen });
        }
      }
    }
  } finally {
    servers.kill();
  }
  return taken;
}

function median(runs, measured) {
  const sorted = runs.map((each) => each[measured]).sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}

const COLUMNS = [
  ['cpu', 'CPU s', 2],
  ['wall', 'wall s', 2],
  ['megabytes', 'MB', 0],
  ['bitbucket', 'to Bitbucket', 0],
  ['port', 'to Port', 0],
  ['entities', 'entities', 0],
];

function row(name, cells) {
  return `${name.padEnd(20)}${cells.map((cell) => String(cell).padStart(14)).join('')}\n`;
}

function tell(scenario, taken) {
  process.stdout.write(`\n${row(scenario.words, []).trim()}\n`);
  process.stdout.write(
    row(
      '',
      COLUMNS.map(([, words]) => words),
    ),
  );
  for (const state of ['cold', 'unchanged']) {
    const medians = {};
    for (const program of ['floor', 'sync']) {
      medians[program] = COLUMNS.map(([measured]) => median(taken[program][state], measured));
      const cells = medians[program].map((value, index) => value.toFixed(COLUMNS[index][2]));
      process.stdout.write(row(`${program}, ${state}`, cells));
    }
    const ratios = medians.sync
      .slice(0, 3)
      .map((value, index) => `${(value / medians.floor[index]).toFixed(2)} x`);
    process.stdout.write(row('', ratios));
  }
}

try {
  for (const name of names) {
    const scenario = SCENARIOS[name];
    if (scenario === undefined) throw new Error(`no ${name}: ${Object.keys(SCENARIOS).join(', ')}`);
    tell(scenario, await measure(scenario, Number(values.rounds)));
  }
} finally {
  rmSync(folder, { recursive: true });
}
