import { ciPlatforms } from '../../ci/index.js';
import type { CiPlatform } from '../../ci/platform.js';
import { nearest } from '../../problems/nearest.js';
import { ProblemError, type Problem } from '../../problems/problem.js';
import type { FlagDeclaration, FlagValues } from '../../settings/declaration.js';
import { bitbucketSettings } from '../../settings/declarations/bitbucket.js';
import type { Settings } from '../../settings/settings.js';

/** Which Bitbucket an integration reads. */
export type IntegrationType = Settings['integration']['type'];

/** What `--ci` takes. */
export const CI_NAMES = [...ciPlatforms.map(({ name }) => name), 'none'];

/** What `--type` is told as; the long names are understood, too. */
export const TYPE_NAMES = ['cloud', 'server'] as const;

/** What is wrong with a word that is none of these, continuing a sentence that begins with its place. */
export function whyUnknown(word: string, words: readonly string[]): string {
  const text = word.trim().toLowerCase();
  const begun = words.filter((one) => text.length > 1 && one.startsWith(text));
  const meant = begun.length === 0 ? [nearest(text, words) ?? ''].filter(Boolean) : begun;
  const guess = meant.length === 0 ? '' : ` (did you mean ${meant.join(' or ')}?)`;
  return `must be one of ${words.join(', ')}${guess}`;
}

/** The options of `init` that are no settings. */
export const initFlags: readonly FlagDeclaration[] = [
  { name: '--type', argument: '<type>', description: 'cloud, or server (Data Center)' },
  { name: '--ci', argument: '<platform>', description: CI_NAMES.join(', ') },
  {
    name: '--dir',
    argument: '<folder>',
    description: 'where to write (default: the current folder)',
  },
  {
    name: '--with-mapping',
    argument: null,
    description: 'write a mapping with unique identifiers, even if Port holds a mapping',
  },
  { name: '--force', argument: null, description: 'replace existing files' },
  { name: '--yes', argument: null, description: 'ask nothing and use defaults' },
];

/** What was told on the command line; null: to be asked for. */
export interface InitOptions {
  readonly type: IntegrationType | null;
  /** `none`: no pipeline. */
  readonly ci: CiPlatform | 'none' | null;
  /** As the user named it. */
  readonly folder: string;
  readonly replaces: boolean;
  /** A mapping is written even where Port keeps one. */
  readonly wantsMapping: boolean;
  readonly asksNothing: boolean;
}

/** The type that a word names; null for another word. */
export function typeNamed(word: string): IntegrationType | null {
  return bitbucketSettings.type.schema.safeParse(word).data ?? null;
}

/** The platform that a word names; null for another word. */
export function ciNamed(word: string): CiPlatform | 'none' | null {
  const name = word.trim().toLowerCase();
  if (name === 'none') return 'none';
  return ciPlatforms.find((platform) => platform.name === name) ?? null;
}

/**
 * Understands the options.
 * @throws ProblemError setting-invalid for each that cannot be used
 */
export function initOptions(flags: FlagValues): InitOptions {
  const problems: Problem[] = [];
  const read = <Value>(
    spelling: string,
    named: (word: string) => Value | null,
    words: readonly string[],
  ): Value | null => {
    const word = flags[spelling];
    if (typeof word !== 'string') return null;
    const value = named(word);
    if (value === null) {
      problems.push({ code: 'setting-invalid', spelling, reason: whyUnknown(word, words) });
    }
    return value;
  };
  const { '--dir': folder } = flags;
  const options = {
    type: read('--type', typeNamed, TYPE_NAMES),
    ci: read('--ci', ciNamed, CI_NAMES),
    folder: typeof folder === 'string' && folder !== '' ? folder : '.',
    replaces: flags['--force'] === true,
    wantsMapping: flags['--with-mapping'] === true,
    asksNothing: flags['--yes'] === true,
  };
  const [first, ...others] = problems;
  if (first !== undefined) throw new ProblemError([first, ...others]);
  return options;
}
