import type { z } from 'zod';

/** A place in a value that is not as a schema wants it. */
export interface Finding {
  readonly path: readonly PropertyKey[];
  readonly reason: string;
  /** With a key that the schema does not know: this one, below `path`. */
  readonly unknownKey?: string;
}

type Issue = z.core.$ZodIssue;

/** The issues of a schema, those inside of alternatives included, each at its full path. */
export function findings(issues: readonly Issue[]): readonly Finding[] {
  return issues.flatMap((issue) => findingsOf(issue, []));
}

function findingsOf(issue: Issue, above: readonly PropertyKey[]): readonly Finding[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'invalid_union') {
    const meant = alternativeMeant(issue.errors);
    if (meant !== undefined) return meant.flatMap((inner) => findingsOf(inner, path));
  }
  if (issue.code === 'unrecognized_keys') {
    return unknownKeyFindings(path, issue.keys, issue.message);
  }
  return [{ path, reason: reasonIn(issue) }];
}

const TYPES: Readonly<Record<string, string>> = {
  array: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
};

/** What is said of a place where nothing stands, before what has to be there. */
const MISSING = 'is missing: it ';

/** Zod's words of its own in ours, as the end of a sentence; those of a schema stay as they are. */
function reasonIn(issue: Issue): string {
  if (!/^(?:Invalid|Too) /u.test(issue.message)) return issue.message;
  const rule = ruleOf(issue);
  if (rule === null) return `is not valid: ${issue.message.replace(/^[^:]*: /u, '')}`;
  return issue.message.endsWith('received undefined') ? `${MISSING}${rule}` : rule;
}

/** `must be a list`; null for what has no words of ours. */
function ruleOf(issue: Issue): string | null {
  if (issue.code === 'invalid_type') return `must be ${TYPES[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_value') {
    const words = issue.values.map(String).join(', ');
    return `must be ${issue.values.length === 1 ? '' : 'one of '}${words}`;
  }
  if (issue.code === 'invalid_union') {
    const rules = issue.errors.flat().map((inner) => ruleOf(inner) ?? '');
    const types = rules.filter((rule) => rule.startsWith('must be ')).map((rule) => rule.slice(8));
    return types.length === 0 ? null : `must be ${[...new Set(types)].join(' or ')}`;
  }
  const isEmpty = issue.code === 'too_small' && issue.minimum === 1;
  return isEmpty && ['array', 'string'].includes(issue.origin) ? 'must not be empty' : null;
}

/** @param reasons a line for each key; those of zod are one for all keys */
export function unknownKeyFindings(
  path: readonly PropertyKey[],
  keys: readonly string[],
  reasons: string,
): readonly Finding[] {
  const lines = reasons.split('\n');
  const isPerKey = !reasons.startsWith('Unrecognized');
  return keys.map((unknownKey, index) => ({
    path,
    reason: (isPerKey ? lines[index] : undefined) ?? `has an unknown key ${unknownKey}`,
    unknownKey,
  }));
}

/**
 * Of several shapes that a value could have, the one that it comes nearest to: of the right type at
 * all, then with the fewest issues. Undefined when it is of none of these types.
 */
function alternativeMeant(errors: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  return errors.filter((issues) => !issues.some(isOfOtherType)).sort(byLength)[0];
}

function isOfOtherType(issue: Issue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_union') return alternativeMeant(issue.errors) === undefined;
  return issue.code === 'invalid_type' || issue.code === 'invalid_value';
}

function byLength(left: readonly Issue[], right: readonly Issue[]): number {
  return left.length - right.length;
}

/** `resources[0].port.entity.mappings`, with names that are no words in brackets and quotes. */
export function dotted(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      const name = String(step);
      if (!/^[\w@-]+$/u.test(name)) return `[${JSON.stringify(name)}]`;
      return index === 0 ? name : `.${name}`;
    })
    .join('');
}

/** A copy of the value without the keys that the findings name. */
export function withoutUnknownKeys(value: unknown, all: readonly Finding[]): unknown {
  const copy = structuredClone(value);
  for (const { path, unknownKey } of all) {
    const holder = path.reduce<unknown>(member, copy);
    if (unknownKey !== undefined && typeof holder === 'object' && holder !== null) {
      Reflect.deleteProperty(holder, unknownKey);
    }
  }
  return copy;
}

/** What stands at a step of a path; undefined: nothing. */
export function member(holder: unknown, step: PropertyKey): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, step) : undefined;
}
