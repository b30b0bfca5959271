import { ciPlatforms } from '../../ci/index.js';
import type { CiPlatform } from '../../ci/platform.js';
import { OPT_IN } from '../../defaults/opt-in.js';
import { nearest } from '../../problems/nearest.js';
import { type Problem, ProblemError } from '../../problems/problem.js';
import type { Runtime } from '../../runtime.js';
import type { FlagDeclaration, FlagValues } from '../../settings/declaration.js';
import { bitbucketSettings } from '../../settings/declarations/bitbucket.js';
import type { IntegrationType } from '../../settings/settings.js';

/** What `--ci` takes. */
const CI_NAMES = [...ciPlatforms.map(({ name }) => name), 'none'];

/** What `--type` is told as; the long names are understood, too. */
const TYPE_NAMES = ['cloud', 'server'] as const;

/** What is wrong with a word that is none of these, continuing a sentence that begins with its place. */
function whyUnknown(word: string, words: readonly string[]): string {
  const text = word.trim().toLowerCase();
  if (words === OPT_IN_KINDS && text === 'request') {
    return 'does not write a request, as it depends on its path; examples/any-request shows some';
  }
  const begun = words.filter((one) => text.length > 1 && one.startsWith(text));
  const meant = begun.length === 0 ? [nearest(text, words) ?? ''].filter(Boolean) : begun;
  const guess = meant.length === 0 ? '' : ` (did you mean ${meant.join(' or ')}?)`;
  return `must be one of ${words.join(', ')}${guess}`;
}

/** What `--with` takes, of either Bitbucket. */
const OPT_IN_KINDS = [...new Set(Object.values(OPT_IN).flatMap((kinds) => Object.keys(kinds)))];

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
  {
    name: '--with',
    argument: '<kinds>',
    description: `write a mapping that reads more, and its blueprints: ${OPT_IN_KINDS.join(', ')}`,
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
  /** Kinds that the mapping reads besides the usual ones, or more of. */
  readonly kinds: readonly string[];
  readonly asksNothing: boolean;
}

/** The type that a word names; null for another word. */
function typeNamed(word: string): IntegrationType | null {
  return bitbucketSettings.type.schema.safeParse(word).data ?? null;
}

/** The platform that a word names; null for another word. */
function ciNamed(word: string): CiPlatform | 'none' | null {
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
  const { '--dir': folder, '--with': more } = flags;
  const named = typeof more === 'string' ? more.split(/[\s,]+/u) : [];
  const kinds = [...new Set(named)].filter((kind) => kind !== '');
  for (const kind of kinds.filter((one) => !OPT_IN_KINDS.includes(one))) {
    const reason = whyUnknown(kind, OPT_IN_KINDS);
    problems.push({ code: 'setting-invalid', spelling: '--with', reason });
  }
  const options = {
    type: read('--type', typeNamed, TYPE_NAMES),
    ci: read('--ci', ciNamed, CI_NAMES),
    folder: typeof folder === 'string' && folder !== '' ? folder : '.',
    replaces: flags['--force'] === true,
    wantsMapping: flags['--with-mapping'] === true || kinds.length > 0,
    kinds,
    asksNothing: flags['--yes'] === true,
  };
  const [first, ...others] = problems;
  if (first !== undefined) throw new ProblemError([first, ...others]);
  return options;
}

/** What is going to be written for. */
export interface Choices {
  readonly type: IntegrationType;
  /** Null: no pipeline. */
  readonly ci: CiPlatform | null;
}

/** The pipeline that options or the lack of a terminal decide; null: it is asked for. */
export function ciToldBy(
  options: Pick<InitOptions, 'ci' | 'asksNothing'>,
  ask: Runtime['ask'],
): CiPlatform | 'none' | null {
  return options.ci ?? (options.asksNothing || ask === undefined ? 'none' : null);
}

/**
 * What the options leave open is asked for at a terminal, and taken as usual elsewhere.
 * @param present the type of a settings file that stays: there is nothing to ask; null if none
 * @param known the type that variables or files tell; null if none
 * @throws ProblemError setting-missing when nothing tells the type, setting-invalid when there is no
 *   pipeline for it
 */
export async function choose(
  { ask }: Pick<Runtime, 'ask'>,
  options: InitOptions,
  present: IntegrationType | null,
  known: IntegrationType | null,
): Promise<Choices> {
  const asked = options.asksNothing ? undefined : ask;
  const type = options.type ?? present ?? (await chooseType(asked, known));
  const ci = ciToldBy(options, ask) ?? (await chooseCi(asked, type));
  if (ci === 'none') return { type, ci: null };
  if (type === 'bitbucket-server' && !ci.template.hasServer) {
    throw ProblemError.of({
      code: 'setting-invalid',
      spelling: '--ci',
      reason: `is ${ci.name}, and ${ci.title} cannot reach a Bitbucket Data Center of yours`,
    });
  }
  return { type, ci };
}

async function chooseType(
  ask: Runtime['ask'],
  known: IntegrationType | null,
): Promise<IntegrationType> {
  if (ask === undefined) {
    if (known !== null) return known;
    const spellings = ['--type cloud', '--type server'];
    throw ProblemError.of({ code: 'setting-missing', setting: 'which Bitbucket', spellings });
  }
  const usual = known === 'bitbucket-server' ? 'server' : 'cloud';
  return question(
    ask,
    'Which Bitbucket: cloud, or server (Data Center)?',
    usual,
    typeNamed,
    TYPE_NAMES,
  );
}

/** Offers what there is a pipeline for. */
async function chooseCi(ask: Runtime['ask'], type: IntegrationType): Promise<CiPlatform | 'none'> {
  if (ask === undefined) return 'none';
  const offered = ciPlatforms.filter(
    ({ template }) => type === 'bitbucket-cloud' || template.hasServer,
  );
  const names = [...offered.map(({ name }) => name), 'none'];
  const named = (answer: string): CiPlatform | 'none' | null => {
    const platform = ciNamed(answer);
    return platform === 'none' || names.includes(platform?.name ?? '') ? platform : null;
  };
  return question(ask, `Which CI: one of\n  ${names.join(', ')}\n`, 'none', named, names);
}

/** Asks until the answer is one, and says what is wrong with another. An empty answer means the usual one. */
async function question<Value>(
  ask: NonNullable<Runtime['ask']>,
  text: string,
  usual: string,
  understand: (answer: string) => Value | null,
  words: readonly string[],
): Promise<Value> {
  let complaint = '';
  for (;;) {
    const answer = await ask(`${complaint}${text}${text.endsWith('\n') ? '' : ' '}[${usual}] `);
    if (answer === null) {
      throw ProblemError.of({
        code: 'usage-invalid',
        reason: 'nothing was written: the questions were not answered',
        suggestion: 'Answer with options: bitbucket-port init --help',
      });
    }
    const value = understand(answer.trim() === '' ? usual : answer);
    if (value !== null) return value;
    complaint = `The answer ${whyUnknown(answer, words)}.\n`;
  }
}

/**
 * Refuses kinds that this Bitbucket does not have.
 * @throws ProblemError setting-invalid
 */
export function refuseOtherKinds(kinds: readonly string[], type: IntegrationType): void {
  const known = Object.keys(OPT_IN[type]);
  const other = kinds.find((kind) => !known.includes(kind));
  if (other === undefined) return;
  throw ProblemError.of({
    code: 'setting-invalid',
    spelling: '--with',
    reason: `names ${other}, which this Bitbucket does not have; there are ${known.join(', ')}`,
  });
}
