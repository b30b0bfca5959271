import type { Problem } from '../problems/problem.js';
import { allSettings } from './declarations/index.js';
import { spelledOut, type Origin } from './origin.js';

/**
 * The problem with settings called as the user wrote them: `OCEAN__PORT__CLIENT_ID in .env`, where a
 * client of a server knows `PORT_CLIENT_ID` only.
 * @param origins of the settings, by name
 */
export function asSpelled(problem: Problem, origins: ReadonlyMap<string, Origin>): Problem {
  if (problem.code === 'credentials-refused') {
    const variables = problem.variables.map((variable) => spellingOf(variable, origins));
    return { ...problem, variables };
  }
  if (problem.code === 'server-unavailable') {
    return { ...problem, address: spellingOf(problem.address, origins) };
  }
  if (problem.code !== 'setting-invalid') return problem;
  return { ...problem, spelling: spellingOf(problem.spelling, origins) };
}

function spellingOf(variable: string, origins: ReadonlyMap<string, Origin>): string {
  const declaration = allSettings.find(({ variables }) => variables.includes(variable));
  const origin = declaration === undefined ? undefined : origins.get(declaration.name);
  return origin === undefined || origin.layer === 'default' ? variable : spelledOut(origin);
}
