// Loaded before a command (`node --import`): writes what it used to the file that BENCH_USAGE names.
import { readFileSync, writeFileSync } from 'node:fs';

/** Ticks of /proc in a second. */
const TICKS = 100;

/** Of processes that it started, such as jq. */
function childrenSeconds() {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ');
    return (Number(fields[13]) + Number(fields[14])) / TICKS;
  } catch {
    return 0;
  }
}

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const cpu = (userCPUTime + systemCPUTime) / 1e6 + childrenSeconds();
  writeFileSync(process.env.BENCH_USAGE, JSON.stringify({ cpu, megabytes: maxRSS / 1024 }));
});
