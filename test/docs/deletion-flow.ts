import {
  afterLooking,
  atTheEnd,
  beforeLooking,
  untilNextRun,
  type Objection,
} from '../../src/deletion/objections.js';

type Row = Pick<Objection<never>, 'reason' | 'asks'>;

/** What a step of the flow asks, by whom the rules of `afterLooking` have to ask. */
const QUESTIONS = {
  nobody: 'Does the entity itself, or what could not be read, object?',
  Bitbucket: 'Does Bitbucket, asked again, still have it<br>or not clearly say that it is gone?',
  Port: 'Does something that stays relate to it?',
} as const satisfies Readonly<Record<Row['asks'], string>>;

interface FlowStep {
  readonly question: string;
  readonly reasons: readonly string[];
}

/** One step for the rows that ask the same one. @throws Error where these do not stand together */
function byAsked(rows: readonly Row[]): readonly FlowStep[] {
  const asked = [...new Set(rows.map(({ asks }) => asks))];
  const steps = asked.map((one) => ({
    question: QUESTIONS[one],
    reasons: rows.filter(({ asks }) => asks === one).map(({ reason }) => reason),
  }));
  const inOrder = steps.flatMap(({ reasons }) => reasons);
  if (inOrder.some((reason, index) => reason !== rows[index]?.reason)) {
    throw new Error('the rules do not stand in the order in which they ask');
  }
  return steps;
}

const reasonsOf = (rows: readonly Row[]): readonly string[] => rows.map(({ reason }) => reason);

const BEFORE_GUARDS: readonly FlowStep[] = [
  {
    question: 'Do settings, mapping or an incomplete run object?',
    reasons: reasonsOf(beforeLooking),
  },
  ...byAsked(afterLooking),
  {
    question: 'Is it the first run, or is somebody else writing?',
    reasons: reasonsOf(untilNextRun),
  },
];

const AT_THE_END: FlowStep = {
  question: 'Right before: did anything change meanwhile?',
  reasons: reasonsOf(atTheEnd),
};

/** The way of an entity through all rules, in their order. */
export function deletionFlow(): string {
  const steps = BEFORE_GUARDS.map((step, index) => lines(step, index, `s${index + 1}`));
  const guards = BEFORE_GUARDS.length;
  return [
    '```mermaid',
    'flowchart TD',
    '  start["Loaded by this integration,<br>not produced by this run"] --> s0',
    ...steps.flat(),
    `  s${guards}{"Would too much go at once?"}`,
    `  s${guards} -- yes --> stop["Exit 5: nothing is deleted<br>until somebody approves"]`,
    `  s${guards} -- no, or approved --> s${guards + 1}`,
    ...lines(AT_THE_END, guards + 1, 'gone'),
    '  gone(["Deleted"])',
    '```',
  ].join('\n');
}

/** A question, where its answers lead, and what keeps the entity. */
function lines({ question, reasons }: FlowStep, index: number, next: string): readonly string[] {
  return [
    `  s${index}{"${question}"}`,
    `  s${index} -- yes --> k${index}["<b>Kept:</b><br>${reasons.join('<br>')}"]`,
    `  s${index} -- no --> ${next}`,
  ];
}
