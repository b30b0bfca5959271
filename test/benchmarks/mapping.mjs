// How many pull requests the mapping stage alone maps in a second, by each engine that is here, next
// to one jq run by hand over the same items with the same program. After
// `npm run build:modules`:
//   node test/benchmarks/mapping.mjs 20000
// JQ_PATH names the native jq; without it jq-web runs alone. BENCH_DIST names another build,
// BENCH_PAGE the items of a page, BENCH_ROUNDS how often to measure.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';

const repository = new URL('../../', import.meta.url);
const built = process.env.BENCH_DIST
  ? pathToFileURL(`${process.env.BENCH_DIST}/`)
  : new URL('dist/', repository);
const load = (path) => import(new URL(path, built).href);
const { findEngine } = await load('mapping/engine/find-engine.js');
const { createMapper } = await load('mapping/mapper.js');
const { parseMapping } = await load('mapping/parse-mapping.js');
const { resourceProgram } = await load('mapping/resource-program.js');
const { DEFAULTS } = await load('defaults/index.js');

/** Items of a call, as a page of a listing holds them. */
const pageSize = Number(process.env.BENCH_PAGE ?? 100);
const count = Number(process.argv[2] ?? 20_000);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);

const sample = JSON.parse(
  readFileSync(new URL('test/mapping/fixtures/pull-request.json', repository), 'utf8'),
).payload;
const items = Array.from({ length: count }, (_, index) => ({
  key: String(index),
  link: null,
  value: { ...JSON.parse(JSON.stringify(sample)), id: index + 1 },
}));

const kinds = ['project', 'repository', 'pull-request', 'user'].map((name) => ({
  name,
  selector: z.strictObject({ state: z.string().optional() }),
}));
const { mapping } = parseMapping(DEFAULTS['bitbucket-server'].mapping, {
  origin: 'the default mapping',
  unknownKeys: 'error',
  kinds,
});
const resource = mapping.resources.find(({ kind }) => kind === 'pull-request');

async function seconds(work) {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** The best of several rounds, in turns: what else the machine does only ever slows one down. */
async function best(...works) {
  const times = works.map(() => Infinity);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, work] of works.entries()) {
      times[index] = Math.min(times[index], await seconds(work));
    }
  }
  return times;
}

async function mapAll(engine) {
  const mapper = await createMapper(engine, resource);
  let entities = 0;
  let ahead = Promise.resolve([]);
  for (let at = 0; at < items.length; at += pageSize) {
    const page = mapper.map(items.slice(at, at + pageSize));
    for (const mapped of await ahead) entities += mapped.entities.length;
    ahead = page;
  }
  for (const mapped of await ahead) entities += mapped.entities.length;
  await mapper.close();
  if (entities !== count) throw new Error(`${entities} entities of ${count} items`);
}

const tell = (name, time, byHand) => {
  const ratio = byHand === undefined ? '' : `, ${(byHand / time).toFixed(2)} of jq by hand`;
  const rate = Math.round(count / time).toLocaleString('en');
  process.stdout.write(`${name}: ${time.toFixed(2)} s, ${rate} items/s${ratio}\n`);
};

const folder = mkdtempSync(join(tmpdir(), 'mapping-'));
const file = join(folder, 'items.ndjson');
writeFileSync(file, items.map(({ value }) => `${JSON.stringify(value)}\n`).join(''));
const program = resourceProgram(resource).text;

async function byHand(jqPath) {
  const input = openSync(file, 'r');
  const jq = spawn(jqPath, ['-c', program], { stdio: [input, 'ignore', 'inherit'] });
  const [code] = await once(jq, 'close');
  closeSync(input);
  if (code !== 0) throw new Error(`jq ended with ${code}`);
}

const find = (jqPath, searchPath) => findEngine({ jqPath, searchPath, onProblem: () => undefined });

const size = JSON.stringify(items[0].value).length;
process.stdout.write(`${count} pull requests of ${size} characters, pages of ${pageSize}\n`);
if (process.env.JQ_PATH) {
  const engine = await find(process.env.JQ_PATH, process.env.PATH);
  const [hand, native] = await best(
    () => byHand(process.env.JQ_PATH),
    () => mapAll(engine),
  );
  tell(`${process.env.JQ_PATH} by hand`, hand);
  tell(engine.description, native, hand);
  await engine.close();
}
const web = await find(undefined, '');
const [time] = await best(() => mapAll(web));
tell(web.description, time);
await web.close();
rmSync(folder, { recursive: true });
