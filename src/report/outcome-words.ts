import type { ExitCode } from '../problems/exit-code.js';

/** How a run ended, in a word for programs and in words for people. */
export const OUTCOMES = {
  0: { name: 'complete', words: 'Complete' },
  1: { name: 'bug', words: 'Failed by a bug' },
  2: { name: 'settings-wrong', words: 'Settings or mapping are wrong' },
  3: { name: 'refused', words: 'Credentials or a permission were refused' },
  4: { name: 'incomplete', words: 'Incomplete' },
  5: { name: 'stopped-before-deleting', words: 'Stopped before deleting' },
  6: { name: 'nothing-done', words: 'Failed, nothing was loaded' },
  130: { name: 'interrupted', words: 'Interrupted' },
  143: { name: 'terminated', words: 'Terminated' },
  129: { name: 'hung-up', words: 'Terminated' },
} as const satisfies Record<ExitCode, { readonly name: string; readonly words: string }>;
