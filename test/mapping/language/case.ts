import type { JsonObject, JsonValue } from '../../../src/model/json.js';

/** How jq 1.6, which is older than the dialect, departs from a case. */
export type Departure =
  /** It refuses to compile the expression. */
  | { readonly refused: RegExp }
  /** It gives another value, or null and a problem that matches. */
  | { readonly value: JsonValue; readonly problem?: RegExp };

/** An expression as the property `p` of an entity. */
export interface ExpressionCase {
  readonly expression: string;
  readonly raw: JsonObject;
  /** What the property comes to. */
  readonly value: JsonValue;
  /** jq's message, where the expression ends in an error. */
  readonly problem?: RegExp;
  readonly jq16?: Departure;
}

/** A mapping as its author writes it. */
export interface WholeCase {
  readonly name: string;
  /** YAML of a whole mapping. */
  readonly mapping: string;
  readonly raw: JsonObject;
  readonly status?: 'mapped' | 'unselected' | 'failed';
  readonly entities: readonly JsonObject[];
  /** Without where they happened. */
  readonly problems?: readonly JsonObject[];
}
