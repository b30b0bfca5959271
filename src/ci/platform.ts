import type { FileLocation } from '../problems/file-location.js';
import type { Severity } from '../problems/severity.js';

/** Environment variables as the platform sets them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** How a platform folds a part of a log. The lines are written as they are, not masked or escaped. */
export interface LogFolding {
  /** @param seconds since the epoch */
  readonly open: (title: string, seconds: number) => string;
  readonly close: (seconds: number) => string;
}

/** The pipeline that we bring along for a platform, and what a user does for it. */
export interface CiTemplate {
  /** Below `ci-templates`. */
  readonly folder: string;
  /** Of the template's file name, with its dot. */
  readonly extension: string;
  /** Where the platform looks for a pipeline, from the root of a repository. */
  readonly target: string;
  /** Whether it reads Bitbucket Data Center too. */
  readonly hasServer: boolean;
  /** Where its secrets are created: the end of a sentence. */
  readonly secretsLocation: string;
  /** What else has to be done by hand; null where the file says all. */
  readonly schedule: string | null;
}

/** A CI system: how to recognise it, and what its logs can do beyond plain lines. */
export interface CiPlatform {
  readonly name: string;
  /** As people call it. */
  readonly title: string;
  /** Whether the process runs there, by the variables that the platform documents. */
  readonly isHere: (env: Environment) => boolean;
  /** Null where logs do not fold. */
  readonly folding: LogFolding | null;
  /** The line that marks a problem in the platform's own view; null where there is none. */
  readonly annotation:
    ((severity: Severity, message: string, place?: FileLocation | null) => string | null) | null;
  /** The folder of the repository, from which the platform names files; null: it does not tell. */
  readonly repository: (env: Environment) => string | null;
  /** Where the platform wants a summary in Markdown; null where it names no file. */
  readonly summaryFile: (env: Environment) => string | null;
  /** The line that hands a written summary over; null where writing it is enough. */
  readonly summaryUpload: ((file: string) => string) | null;
  readonly template: CiTemplate;
}

/** What a platform without any of these has. */
export const plainLogs = {
  folding: null,
  annotation: null,
  repository: () => null,
  summaryFile: () => null,
  summaryUpload: null,
} as const satisfies Partial<CiPlatform>;

/** Characters that a platform's log commands take for their own, each with what stands for it. */
export function escaped(text: string, escapes: Readonly<Record<string, string>>): string {
  return Array.from(text, (letter) => escapes[letter] ?? letter).join('');
}
