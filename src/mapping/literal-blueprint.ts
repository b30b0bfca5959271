import { readBlueprintIdentifier, type IdentifierReading } from './identifier.js';
import { jqText } from './jq-text.js';
import type { Expression } from './mapping.js';

const JQ_STRING = /^\s*("(?:[^"\\]|\\.)*")\s*$/u;

/** The blueprint that an expression names when it is a text and nothing else; null otherwise. */
export function literalBlueprint(expression: Expression): IdentifierReading | null {
  const literal = JQ_STRING.exec(jqText(expression))?.[1];
  if (literal === undefined) return null;
  try {
    const value: unknown = JSON.parse(literal);
    return typeof value === 'string' ? readBlueprintIdentifier(value) : null;
  } catch {
    // Interpolation (`"\(.kind)"`): a jq string, but not a JSON one.
    return null;
  }
}
