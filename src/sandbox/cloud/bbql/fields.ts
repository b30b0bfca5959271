/** A value that is compared. Dates are milliseconds since the epoch. */
export type Scalar = string | number | boolean | null;

/** What one may filter and sort by. */
export interface Field<Row> {
  readonly type: 'string' | 'number' | 'boolean' | 'date';
  /** Several where the path leads through a list. */
  readonly read: (row: Row) => Scalar | readonly Scalar[];
}

/** By the path that a query writes. */
export type Fields<Row> = Readonly<Record<string, Field<Row>>>;

export function text<Row>(
  read: (row: Row) => string | null | readonly (string | null)[],
): Field<Row> {
  return { type: 'string', read };
}

export function count<Row>(read: (row: Row) => number | null): Field<Row> {
  return { type: 'number', read };
}

export function flag<Row>(read: (row: Row) => boolean): Field<Row> {
  return { type: 'boolean', read };
}

export function moment<Row>(read: (row: Row) => number | null): Field<Row> {
  return { type: 'date', read };
}
