import { describe, expect, it } from '@jest/globals';
import { jqOfWorker } from '../worker/shared-jq.js';
import { rememberJq } from './remembered-jq.js';
import { playNumber } from './search.js';

/** CHAOS_SEED=1 looks elsewhere; `npm run chaos` looks at many more. */
const SEED = Number(process.env.CHAOS_SEED ?? 7);
const GROUPS = 8;
const GROUP_SIZE = 10;

const findJq = rememberJq(jqOfWorker.find);
const numbers = Array.from({ length: GROUPS }, (_, group) =>
  Array.from({ length: GROUP_SIZE }, (_one, index) => group * GROUP_SIZE + index + 1),
);

describe(`random sequences of runs, seed ${SEED}`, () => {
  it.each(numbers.map((group) => [group[0], group.at(-1), group] as const))(
    'delete nothing that must stay, from %d to %d',
    async (_first, _last, group) => {
      for (const number of group) {
        const { rules, told } = await playNumber(SEED, number, findJq);
        expect({ number, rules, told: rules.length === 0 ? [] : told }).toEqual({
          number,
          rules: [],
          told: [],
        });
      }
    },
  );
});
