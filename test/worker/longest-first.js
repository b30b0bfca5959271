import Sequencer from '@jest/test-sequencer';

/**
 * What takes longest, by name. On a machine that has not run them before, Jest goes by the size of
 * files, and one of these might be left for the end, when the other workers have nothing to do.
 */
const LONGEST = [
  'chaos/sequences',
  'ci-templates/executed',
  'pipeline/real-stops',
  'mapping/engine/hostile',
  'deletion/days-limited',
  'mapping/engine/engine-limits',
  'pipeline/stops',
  'robustness/any-json.property',
  'deletion/mark',
  'golden/listing-faults',
  'deletion/mapping-says',
  'pipeline/safety',
];

/** Jest's order, after the longest. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const place = LONGEST.findIndex((name) => path.endsWith(`/test/${name}.test.ts`));
      return place === -1 ? LONGEST.length : place;
    };
    return super.sort(tests).sort((one, other) => rank(one) - rank(other));
  }
}
