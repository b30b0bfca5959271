import { isJsonArray, isJsonObject, type JsonValue } from '../model/json.js';
import type { Problem } from '../problems/problem.js';
import type { SettingDeclaration } from './declaration.js';
import { allSettings } from './declarations/index.js';
import type { Layer } from './layers/layer.js';
import { SettingReader } from './reader.js';
import { DEFAULT_ORIGIN, type Origin, locatedAt, spelledOut } from './spelling.js';

/** A setting as a person is shown it. */
export interface ShownSetting {
  readonly name: string;
  /** As it was written, never a secret; null: not set, and without a default. */
  readonly value: string | null;
  readonly origin: Origin;
  /** Whether these settings came to look at it: of two credentials, one is used. */
  readonly isUsed: boolean;
}

/** What stands for a secret. */
const MASK = '***';

/**
 * Every setting with its value and where it comes from.
 * @param used where the settings that were looked at come from, by name
 */
export function shownSettings(
  layers: readonly Layer[],
  used: ReadonlyMap<string, Origin>,
): readonly ShownSetting[] {
  const reader = new SettingReader(layers);
  return allSettings.map((declaration) => {
    const given = reader.given(declaration);
    return {
      name: declaration.name,
      value: given === null ? defaultInWords(declaration) : written(declaration, given.raw),
      origin: given?.origin ?? DEFAULT_ORIGIN,
      isUsed: used.has(declaration.name),
    };
  });
}

/** `sync.concurrency = 4 (--concurrency)`; null: nobody set it. */
export function setInWords({ name, value, origin, isUsed }: ShownSetting): string | null {
  if (value === null || origin.layer === 'default') return null;
  const unused = isUsed ? '' : ', which this run does not use';
  return `${name} = ${value} (${spelledOut(origin)})${unused}`;
}

/** A setting's default for a person; null: it has none. */
export function defaultInWords({
  default: value,
  defaultWords,
}: SettingDeclaration<unknown>): string | null {
  if (defaultWords !== null || value === null) return defaultWords;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function written({ secret }: SettingDeclaration<unknown>, raw: JsonValue): string {
  if (isJsonObject(raw)) return 'written in place';
  const text = isJsonArray(raw) ? raw.map(inOneLine).join(', ') : String(raw).trim();
  // Of a proxy's address, only the password is secret: what prints it masks that.
  return secret?.(text).includes(text) === true ? MASK : text;
}

function inOneLine(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Where settings come from, and what looks wrong about their values, by name. */
interface Facts {
  readonly origins: ReadonlyMap<string, Origin>;
  readonly oddLooks: ReadonlyMap<string, string>;
}

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
  return { ...problem, spelling, ...(origin === undefined ? {} : locatedAt(origin)) };
}

function settingOf(variable: string): SettingDeclaration<unknown> | undefined {
  return allSettings.find(({ variables }) => variables.includes(variable));
}

function spellingOf(variable: string, origins: ReadonlyMap<string, Origin>): string {
  const origin = origins.get(settingOf(variable)?.name ?? '');
  return origin === undefined || origin.layer === 'default' ? variable : spelledOut(origin);
}
