/**
 * How much a problem weighs: a `failure` shows in the exit code, a `warning` only with `--strict`,
 * a `notice` never.
 */
export type Severity = 'failure' | 'warning' | 'notice';

/** A problem in words. */
export interface Words {
  readonly severity: Severity;
  /** The exit code that a failure asks for; 0 for warnings and notices. */
  readonly exitCode: 0 | 1 | 2 | 3 | 4 | 5 | 129 | 130 | 143;
  /** What happened, to what, and why. One sentence without a full stop. */
  readonly message: string;
  /** What to do now. Null when there is nothing to do. */
  readonly hint: string | null;
  /** What it happened to: enough to say of one more of the same sort with the same reason. */
  readonly brief?: string;
}

/** The words for each of some problems, made of what there is to know about it. */
export type WordsFor<Details> = {
  readonly [Code in keyof Details]: (details: Details[Code]) => Words;
};

/** Settings or mapping are wrong: nothing was sent. */
export function settings(message: string, hint: string | null): Words {
  return { severity: 'failure', exitCode: 2, message, hint };
}

/** A refusal before the first write. */
export function refused(message: string, hint: string): Words {
  return { severity: 'failure', exitCode: 3, message, hint };
}

/** Something could not be read or loaded. */
export function incomplete(message: string, hint: string | null): Words {
  return { severity: 'failure', exitCode: 4, message, hint };
}

/** Counts with `--strict` alone. */
export function warning(message: string, hint: string | null): Words {
  return { severity: 'warning', exitCode: 0, message, hint };
}
