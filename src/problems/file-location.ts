import type { ResourceReference } from '../model/resource.js';

/** The two systems that a run talks to. */
export type Side = 'bitbucket' | 'port';

/** Where an item problem happened: which resource, which item, which field. */
export interface AtItem {
  readonly resource: ResourceReference;
  /** A person's way to the item: its link, or its key where there is none. */
  readonly item: string;
}

/** A place in a file that a user wrote. */
export interface FileLocation {
  /** As the user named it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** A line of a text that a user wrote, and the place in it that a problem is about. */
export interface Excerpt {
  /** From 1. Null where nobody wrote these lines: what Port keeps has been written out for this. */
  readonly line: number | null;
  /** From 1; null as the line is. */
  readonly column: number | null;
  /** The line, or its part around the caret. It holds no control characters. */
  readonly text: string;
  /** Where the caret points, in characters of `text`. */
  readonly caret: number;
}

/** Where in a mapping: `path` is dotted, such as `resources[0].selector.query`, or empty. */
export interface AtMapping {
  /** The mapping in words: its file, or where else it is kept. */
  readonly origin: string;
  readonly path: string;
  readonly excerpt?: Excerpt;
  /** Absent where the mapping is in no file. */
  readonly at?: FileLocation;
}

/** An expression of a mapping. */
export interface OfExpression {
  readonly expression: string;
  /** Where it stands; absent where the mapping is in no file. */
  readonly at?: FileLocation;
}
