import type { CheckFinding, CheckSection } from '../model/check.js';
import type { ExitCode } from '../problems/exit-code.js';
import { type CheckStatus, checkWords } from './check-text.js';

/** What `check --output json` prints. Members may be added; those that are here stay. */
export interface CheckDocument {
  /** Of this format; a change that breaks readers raises it. */
  readonly version: 1;
  readonly exitCode: ExitCode;
  readonly findings: readonly {
    readonly section: CheckSection;
    readonly status: CheckStatus;
    /** The code of a problem; null where there is none. */
    readonly code: string | null;
    readonly message: string;
    readonly remedy: string | null;
  }[];
}

/** All findings for a program. */
export function checkDocument(
  findings: readonly CheckFinding[],
  exitCode: ExitCode,
): CheckDocument {
  return {
    version: 1,
    exitCode,
    findings: findings.map((finding) => ({
      section: finding.section,
      code: finding.status === 'problem' ? finding.problem.code : null,
      ...checkWords(finding),
    })),
  };
}
