import { describe, expect, it } from '@jest/globals';
import { type ReviewEvent, reviewOf } from '../../src/source/review.js';

const START = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;

/** `3 ann comment`: what somebody did so many hours after the start; `4 code abc`. */
function events(...lines: readonly string[]): readonly ReviewEvent[] {
  return lines.map((line) => {
    const [hours = '', who = '', what = ''] = line.split(' ');
    const at = START + Number(hours) * HOUR;
    if (who === 'code') return { type: 'code', at, commit: what };
    const by = who === '-' ? null : who;
    return { type: what === 'approval' || what === 'changes' ? what : 'comment', at, by };
  });
}

const at = (hours: number) => `2026-01-01T${String(hours).padStart(2, '0')}:00:00Z`;
const nothing = { firstReviewAt: null, approvedAt: null, rounds: 0, comments: 0 };

describe('the review of a pull request by tom', () => {
  it.each([
    ['nothing happened', [], nothing],
    ['it was opened', ['0 code a'], nothing],
    ['its author comments and approves', ['0 code a', '1 tom comment', '2 tom approval'], nothing],
    [
      'somebody approves it at once',
      ['0 code a', '2 ann approval'],
      { firstReviewAt: at(2), approvedAt: at(2), rounds: 1, comments: 0 },
    ],
    [
      'several look at the same code',
      ['0 code a', '1 ann comment', '2 bob changes', '3 ann comment', '4 bob approval'],
      { firstReviewAt: at(1), approvedAt: at(4), rounds: 1, comments: 2 },
    ],
    [
      'its code is changed after each look',
      [
        '0 code a',
        '1 ann changes',
        '2 code b',
        '3 code c',
        '4 ann comment',
        '5 code d',
        '6 bob approval',
      ],
      { firstReviewAt: at(1), approvedAt: at(6), rounds: 3, comments: 1 },
    ],
    [
      'its title or target is changed, its code stays',
      ['0 code a', '1 ann comment', '2 code a', '3 ann approval'],
      { firstReviewAt: at(1), approvedAt: at(3), rounds: 1, comments: 1 },
    ],
    [
      'a log begins with what is newest',
      ['5 ann approval', '3 code b', '2 ann comment', '0 code a'],
      { firstReviewAt: at(2), approvedAt: at(5), rounds: 2, comments: 1 },
    ],
    [
      'the first approval counts, not the last',
      ['0 code a', '1 ann approval', '2 code b', '3 bob approval'],
      { firstReviewAt: at(1), approvedAt: at(1), rounds: 2, comments: 0 },
    ],
    [
      'somebody who left commented on it',
      ['0 code a', '1 - comment'],
      { firstReviewAt: at(1), approvedAt: null, rounds: 1, comments: 1 },
    ],
  ])('where %s', (_, lines, review) => {
    expect(reviewOf(events(...lines), 'tom')).toEqual(review);
  });

  it('of an author who left is what anybody does', () => {
    expect(reviewOf(events('1 - comment', '2 ann approval'), null)).toEqual({
      firstReviewAt: at(1),
      approvedAt: at(2),
      rounds: 1,
      comments: 1,
    });
  });
});
