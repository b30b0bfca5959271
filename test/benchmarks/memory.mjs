// How the memory of `sync` grows with the number of pull requests. After `npm run build`:
//   node test/benchmarks/memory.mjs 2000 20000
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

async function measure(pullRequests) {
  const servers = spawn(process.execPath, [here('servers.mjs'), String(pullRequests)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: servers.stdout }), 'line');
  try {
    for (const run of ['first', 'second']) await sync(pullRequests, run, JSON.parse(line));
  } finally {
    servers.kill();
  }
}

async function sync(pullRequests, run, variables) {
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    [
      ...(process.env.BENCH_NODE_FLAGS ?? '').split(' ').filter(Boolean),
      '--import',
      here('report-peak.mjs'),
      here('../../bin/bitbucket-port.js'),
      'sync',
      '--pull-request-state',
      'ALL',
    ],
    { env: { ...process.env, ...variables }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  child.stdout.on('data', (text) => (output += text));
  child.stderr.on('data', (text) => (output += text));
  const [exitCode] = await once(child, 'close');
  const peak = /peak (\d+) MiB/u.exec(output)?.[1];
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(
    `${pullRequests} pull requests, ${run} run: exit ${exitCode}, peak ${peak} MiB, ${seconds} s\n`,
  );
  if (exitCode !== 0) process.stdout.write(output);
}

for (const count of process.argv.slice(2)) await measure(Number(count));
