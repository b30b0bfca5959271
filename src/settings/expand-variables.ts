import { isJsonArray, isJsonObject, type JsonValue } from '../model/json.js';
import type { Variables } from './layers/environment.js';

/** A value with its variables put in, or why that cannot be done. */
export type Expansion = { readonly value: JsonValue } | { readonly failure: string };

const REFERENCE = /\$(\$?)\{([^}]*)\}/gu;
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/u;

/** Puts variables in for `${NAME}` in every text of `value`. `$${` stands for a plain `${`. */
export function expandVariables(value: JsonValue, variables: Variables): Expansion {
  const failures: string[] = [];
  const lookUp = (reference: string, escaped: string, name: string): string => {
    if (escaped !== '') return reference.slice(1);
    if (!VARIABLE_NAME.test(name))
      failures.push('holds a ${…} that names no variable; write $${ for a plain ${');
    else if (variables[name] === undefined)
      failures.push(`refers to \${${name}}, which is not set`);
    return variables[name] ?? '';
  };
  const expanded = mapTexts(value, (text) => text.replace(REFERENCE, lookUp));
  const [failure] = failures;
  return failure === undefined ? { value: expanded } : { failure };
}

/** Whether the text is a reference and nothing else: it holds no part of what it stands for. */
export function isReference(text: string): boolean {
  return /^\s*\$\{[^}]*\}\s*$/u.test(text);
}

/** Whether any text of `value` refers to a variable. */
export function refersToVariable(value: JsonValue): boolean {
  return refersTo(value, () => true);
}

/** Whether any text of `value` refers to a variable that nothing defines. */
export function refersToUndefined(value: JsonValue, variables: Variables): boolean {
  return refersTo(value, (name) => variables[name] === undefined);
}

function refersTo(value: JsonValue, isMeant: (name: string) => boolean): boolean {
  if (typeof value === 'string') {
    const references = [...value.matchAll(REFERENCE)];
    return references.some(
      ([, escaped, name = '']) => escaped === '' && VARIABLE_NAME.test(name) && isMeant(name),
    );
  }
  const members = typeof value === 'object' && value !== null ? Object.values(value) : [];
  return members.some((member: JsonValue) => refersTo(member, isMeant));
}

function mapTexts(value: JsonValue, change: (text: string) => string): JsonValue {
  if (typeof value === 'string') return change(value);
  if (isJsonArray(value)) return value.map((entry) => mapTexts(entry, change));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, mapTexts(entry, change)]),
  );
}
