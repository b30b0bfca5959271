import type { Problem } from '../problems/problem.js';
import type { SettingDeclaration } from './declaration.js';
import { allSettings } from './declarations/index.js';
import { type Origin, placedAt, spelledOut } from './spelling.js';
import type { SettingFacts } from './settings.js';

/** What is known of settings besides their values. */
type Facts = Pick<SettingFacts, 'origins' | 'oddLooks'>;

/**
 * The problem with settings called as the user wrote them: `OCEAN__PORT__CLIENT_ID in .env`, where a
 * client of a server knows `PORT_CLIENT_ID` only. Of credentials that were refused, what looks wrong
 * about the first such value is told as well.
 */
export function asSpelled(problem: Problem, { origins, oddLooks }: Facts): Problem {
  if (problem.code === 'credentials-refused') {
    const variables = problem.variables.map((variable) => spellingOf(variable, origins));
    const [look] = problem.variables.flatMap((variable) => {
      const words = oddLooks.get(settingOf(variable)?.name ?? '');
      return words === undefined ? [] : [`${spellingOf(variable, origins)} ${words}`];
    });
    return { ...problem, variables, ...(look === undefined ? {} : { look }) };
  }
  if (problem.code === 'server-unavailable') {
    return { ...problem, address: spellingOf(problem.address, origins) };
  }
  if (problem.code !== 'setting-invalid') return problem;
  const origin = origins.get(settingOf(problem.spelling)?.name ?? '');
  const spelling = spellingOf(problem.spelling, origins);
  return { ...problem, spelling, ...(origin === undefined ? {} : placedAt(origin)) };
}

function settingOf(variable: string): SettingDeclaration<unknown> | undefined {
  return allSettings.find(({ variables }) => variables.includes(variable));
}

function spellingOf(variable: string, origins: ReadonlyMap<string, Origin>): string {
  const origin = origins.get(settingOf(variable)?.name ?? '');
  return origin === undefined || origin.layer === 'default' ? variable : spelledOut(origin);
}
