import type { Problem } from '../problems/problem.js';

/** What a check is about, in the order of its headings. */
export const CHECK_SECTIONS = {
  settings: 'Settings',
  jq: 'jq',
  network: 'Network',
  port: 'Port',
  mapping: 'Mapping',
  bitbucket: 'Bitbucket',
  catalog: 'Blueprints',
  check: 'This check',
} as const;

/** The name of a part of a check. */
export type CheckSection = keyof typeof CHECK_SECTIONS;

/** How one thing was found to be. */
export type CheckFinding =
  | {
      readonly section: CheckSection;
      /** `note`: neither good nor bad, such as what was not looked at. */
      readonly status: 'ok' | 'note';
      readonly message: string;
    }
  | {
      readonly section: CheckSection;
      /** Its severity is that of the problem. */
      readonly status: 'problem';
      readonly problem: Problem;
    };
