import type { CiPlatform } from '../../ci/platform.js';
import { ProblemError } from '../../problems/problem.js';
import type { Runtime } from '../../runtime.js';
import {
  CI_NAMES,
  ciNamed,
  TYPE_NAMES,
  typeNamed,
  whyUnknown,
  type InitOptions,
  type IntegrationType,
} from './init-options.js';

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
  const names = CI_NAMES.filter((name) => {
    const platform = ciNamed(name);
    return type === 'bitbucket-cloud' || platform === null || platform === 'none'
      ? true
      : platform.template.hasServer;
  });
  const named = (answer: string): CiPlatform | 'none' | null => {
    const platform = ciNamed(answer);
    const isOffered = platform === 'none' || names.includes(platform?.name ?? '');
    return isOffered ? platform : null;
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
