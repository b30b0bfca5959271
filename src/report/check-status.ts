import type { CheckFinding } from '../model/check.js';
import type { Severity } from '../problems/severity.js';
import { wordsOf } from '../problems/words.js';

/** How a finding is called, in text and in JSON. */
export type CheckStatus = 'ok' | 'note' | 'warning' | 'failure';

const STATUSES = {
  failure: 'failure',
  warning: 'warning',
  notice: 'note',
} as const satisfies Record<Severity, CheckStatus>;

/** A finding in words. */
export interface CheckWords {
  readonly status: CheckStatus;
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string | null;
}

/** The words for a finding. */
export function checkWords(finding: CheckFinding): CheckWords {
  if (finding.status !== 'problem') {
    return { status: finding.status, message: finding.message, remedy: null };
  }
  const { severity, message, hint } = wordsOf(finding.problem);
  return { status: STATUSES[severity], message, remedy: hint };
}
