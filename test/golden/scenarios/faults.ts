import type { Fault, RecordedRequest } from '../../../src/sandbox/loopback.js';
import type { StepFault } from '../scenario.js';

type When = StepFault['when'];

/** A status and nothing that helps. */
export function answers(status: number, headers: Readonly<Record<string, string>> = {}): Fault {
  return { type: 'answer', answer: { status, headers, body: { message: 'no' } } };
}

/** How a listing goes wrong. */
export const LISTING_FAULTS: readonly (readonly [string, Fault])[] = [
  ['answers 500', answers(500)],
  ['answers 403', answers(403)],
  ['answers 404', answers(404)],
  ['is cut off', { type: 'cut-off' }],
  [
    'is no JSON',
    {
      type: 'changed',
      change: (answer) => ({ ...answer, body: JSON.stringify(answer.body).slice(0, -20) }),
    },
  ],
];

/** Requests whose path ends so, the small question that a run begins with left out. */
export function ending(end: string): When {
  return ({ path, query }) => path.endsWith(end) && query.get('limit') !== '1' && !isProbe(query);
}

/** Bitbucket Cloud is first asked for a few repositories by their UUIDs alone. */
function isProbe(query: URLSearchParams): boolean {
  return query.get('fields') === 'size,values.uuid';
}

export const isBulk: When = ({ path }: RecordedRequest) => path.endsWith('/entities/bulk');

/** The search of what Port holds of a blueprint. */
export function searchOf(blueprint: string): When {
  return ({ path }) => path.endsWith(`/blueprints/${blueprint}/entities/search`);
}

export function atBitbucket(when: When, fault: Fault, times?: number): readonly StepFault[] {
  return [{ at: 'bitbucket', when, fault, ...(times === undefined ? {} : { times }) }];
}

export function atPort(when: When, fault: Fault, times?: number): readonly StepFault[] {
  return [{ at: 'port', when, fault, ...(times === undefined ? {} : { times }) }];
}
