import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { shareJq } from '../worker/shared-jq.js';
import { rememberJq } from './remembered-jq.js';
import { explain, numbersIn, playNumber, type Played } from './search.js';

const USAGE = `Plays random sequences of runs and looks for a deletion that must not be.

  npm run chaos -- --sequences 10000 --seed 7          the long run
  npm run chaos -- --seed 7 --replay 12 [--without …]  one of them again, told in full

  --sequences <number>  how many (default: 200)
  --first <number>      the number of the first (default: 1)
  --seed <number>       what they are made from (default: 1)
  --processes <number>  how many at a time (default: one for each core)
  --explain <number>    how many violations of each rule are made short (default: 1)
`;

const { values: options } = parseArgs({
  options: {
    sequences: { type: 'string', default: '200' },
    first: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    processes: { type: 'string', default: String(availableParallelism()) },
    explain: { type: 'string', default: '1' },
    replay: { type: 'string' },
    without: { type: 'string' },
    /** Of a process that another one started: which part of the numbers is its own. */
    part: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const seed = Number(options.seed);
const first = Number(options.first);
const last = first + Number(options.sequences) - 1;
const processes = Number(options.processes);

const playedSchema = z.object({
  number: z.number(),
  exitCodes: z.array(z.number()),
  deletions: z.number(),
  ambiguousRoots: z.number(),
  rules: z.array(z.string()),
});

/** One jq for all runs of a process. */
const jq = shareJq();
const findJq = rememberJq(jq.find);

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** One sequence again, told in full. */
async function replay(number: number): Promise<void> {
  const out = options.without === undefined ? [] : numbersIn(options.without);
  const { told, rules } = await playNumber(seed, number, findJq, out);
  print(told.join('\n'));
  print(rules.length === 0 ? 'no violation' : `violations: ${rules.join('; ')}`);
  process.exitCode = rules.length === 0 ? 0 : 1;
}

/** Every so many of the sequences, told to the process that started this one. */
async function playPart(part: number): Promise<void> {
  for (let number = first + part; number <= last; number += processes) {
    const played = await playNumber(seed, number, findJq);
    // What was told is long, and nobody asks for it yet.
    process.send?.(playedSchema.parse(played));
  }
}

/** All sequences, by several processes. */
async function playAll(): Promise<void> {
  const begunAt = performance.now();
  const played: Played[] = [];
  const parts = Array.from({ length: processes }, (_, part) => part).map(
    (part) =>
      new Promise<void>((resolve, reject) => {
        const child = fork(fileURLToPath(import.meta.url), [
          ...process.argv.slice(2),
          ...['--part', String(part)],
        ]);
        child.on('message', (message) => {
          const one = playedSchema.parse(message);
          played.push(one);
          if (one.rules.length > 0) print(`sequence ${one.number}: ${one.rules.join('; ')}`);
          if (played.length % 500 === 0) print(`${played.length} played`);
        });
        child.on('exit', (code) => {
          if (code === 0) resolve();
          else reject(new Error(`a process ended with ${String(code)}`));
        });
      }),
  );
  await Promise.all(parts);
  const seconds = (performance.now() - begunAt) / 1000;
  await explainAll(played);
  print(summaryOf(played, seconds));
  process.exitCode = played.some(({ rules }) => rules.length > 0) ? 1 : 0;
}

async function explainAll(played: readonly Played[]): Promise<void> {
  for (const [rule, numbers] of byRule(played)) {
    for (const number of numbers.slice(0, Number(options.explain))) {
      print(`\n${await explain(seed, number, rule, findJq)}`);
    }
  }
}

function byRule(played: readonly Played[]): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const { number, rules } of [...played].sort((one, other) => one.number - other.number)) {
    for (const rule of rules) found.set(rule, [...(found.get(rule) ?? []), number]);
  }
  return found;
}

function summaryOf(played: readonly Played[], seconds: number): string {
  const sum = (of: (one: Played) => number): number =>
    played.reduce((total, one) => total + of(one), 0);
  const codes = new Map<number, number>();
  for (const code of played.flatMap(({ exitCodes }) => exitCodes)) {
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  const inOrder = [...codes].sort(([one], [other]) => one - other);
  const rules = [...byRule(played)];
  return [
    '',
    `seed ${seed}: ${played.length} sequences, ${sum(({ exitCodes }) => exitCodes.length)} runs, ` +
      `${seconds.toFixed(0)} s`,
    `exit codes: ${inOrder.map(([code, count]) => `${code} ${count} times`).join(', ')}`,
    `deletions: ${sum(({ deletions }) => deletions)}`,
    `living roots deleted behind an answer that may mean anything: ${sum((one) => one.ambiguousRoots)}`,
    `violations: ${played.filter((one) => one.rules.length > 0).length} sequences`,
    ...rules.map(([rule, of]) => `  ${rule}: ${of.length} (${of.slice(0, 8).join(', ')})`),
  ].join('\n');
}

if (options.help) print(USAGE);
else if (options.part !== undefined) await playPart(Number(options.part));
else if (options.replay !== undefined) await replay(Number(options.replay));
else await playAll();
await jq.close();
if (process.connected) process.disconnect();
