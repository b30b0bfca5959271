import { describe, expect, it } from '@jest/globals';
import {
  afterLooking,
  atTheEnd,
  beforeLooking,
  objections,
  untilNextRun,
} from '../../src/deletion/objections.js';

describe('the objections to a deletion', () => {
  it('come in this order', () => {
    const reasons = (rows: readonly { readonly reason: string }[]): readonly string[] =>
      rows.map(({ reason }) => reason);
    expect({
      beforeLooking: reasons(beforeLooking),
      afterLooking: reasons(afterLooking),
      untilNextRun: reasons(untilNextRun),
      atTheEnd: reasons(atTheEnd),
    }).toMatchInlineSnapshot(`
      {
        "afterLooking": [
          "made by others",
          "clock unknown",
          "changed by others",
          "named and absent",
          "repository not read",
          "outdated",
          "repository unknown",
          "seen again",
          "confirmation failed",
          "hidden",
          "still there",
          "moved",
          "outdated elsewhere",
          "unanswered",
          "no request left",
          "not asked",
          "credentials uncertain",
          "credentials refused",
          "dependents unreadable",
          "related to",
        ],
        "atTheEnd": [
          "stopped before",
          "changed meanwhile",
          "related to what changed",
          "another run began",
          "not remembered",
        ],
        "beforeLooking": [
          "interrupted",
          "deletions off",
          "system blueprint",
          "not named",
          "enableDelete false",
          "unknown key",
          "record unreadable",
          "identity unknown",
          "narrowed run",
          "search identifier",
          "blueprint missing",
          "root listing incomplete",
          "resource failed",
          "item failed",
        ],
        "untilNextRun": [
          "first run",
          "taken over",
          "two writers",
          "another run",
        ],
      }
    `);
  });

  it.each(objections.map((row) => [row.reason, row] as const))(
    '%s: ends a sentence, has a remedy and a name of its own',
    (reason, { words, remedy }) => {
      expect(words).toMatch(/^[a-zA-Z].*[a-z]$/u);
      expect(remedy).toMatch(/^[A-Z].*\.$/u);
      const same = objections.filter((row) => row.words === words || row.reason === reason);
      expect(same).toHaveLength(1);
    },
  );

  it('ask nobody before Bitbucket or Port is asked for an entity', () => {
    for (const { asks } of beforeLooking) expect(asks).toBe('nobody');
  });
});
