import { invalidQuery } from '../cloud-error.js';
import type { Field, Fields, Scalar } from './fields.js';
import { parse, type Condition, type Operator } from './parse.js';
import { milliseconds, type Literal } from './tokens.js';

/**
 * The rows that a `q` lets through; all of them without one.
 * @throws CloudError 400 when it is malformed, or names a field or an operator that cannot be
 */
export function filter<Row>(query: string | null, fields: Fields<Row>): (row: Row) => boolean {
  return query === null ? () => true : compile(parse(query), fields);
}

/**
 * How a `sort` orders two rows: a field, with `-` in front the other way round.
 * @throws CloudError 400 for a field that cannot be sorted by
 */
export function order<Row>(sort: string, fields: Fields<Row>): (one: Row, other: Row) => number {
  const isDescending = sort.startsWith('-');
  const field = fieldOf(isDescending ? sort.slice(1) : sort, fields);
  return (one, other) => {
    const result = compareScalars(first(field.read(one)), first(field.read(other)));
    return isDescending ? -result : result;
  };
}

function compile<Row>(condition: Condition, fields: Fields<Row>): (row: Row) => boolean {
  if (condition.type === 'comparison') {
    const { operator } = condition;
    const field = fieldOf(condition.field, fields);
    const wanted = condition.literals.map((literal) => scalar(literal, field, operator));
    return (row) => holds(operator, asList(field.read(row)), wanted);
  }
  const parts = condition.of.map((part) => compile(part, fields));
  return condition.type === 'all'
    ? (row) => parts.every((part) => part(row))
    : (row) => parts.some((part) => part(row));
}

function fieldOf<Row>(name: string, fields: Fields<Row>): Field<Row> {
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (field === undefined) throw invalidQuery(`the field ${name} cannot be filtered on`);
  return field;
}

/** The literal as a value to compare with. A date may stand in quotes. */
function scalar(literal: Literal, field: Field<never>, operator: Operator): Scalar {
  if (literal.type === 'null') {
    if (operator === '=' || operator === '!=') return null;
    throw invalidQuery(`null cannot be compared with ${operator}`);
  }
  if ((operator === '~' || operator === '!~') && field.type !== 'string') {
    throw invalidQuery(`${operator} is for text`);
  }
  if (field.type === 'date' && literal.type === 'string') return milliseconds(literal.value);
  if (literal.type !== field.type) {
    throw invalidQuery(`a ${field.type} cannot be compared with a ${literal.type}`);
  }
  return literal.value;
}

function holds(operator: Operator, found: readonly Scalar[], wanted: readonly Scalar[]): boolean {
  switch (operator) {
    case '=':
    case 'IN':
      return wanted.some((each) => found.includes(each));
    case '!=':
    case 'NOT IN':
      return !wanted.some((each) => found.includes(each));
    case '~':
      return found.some((each) => contains(each, wanted[0]));
    case '!~':
      return !found.some((each) => contains(each, wanted[0]));
    case '>':
    case '>=':
    case '<':
    case '<=':
      return found.some((each) => each !== null && isOrdered(operator, each, wanted[0] ?? null));
  }
}

function isOrdered(operator: '>' | '>=' | '<' | '<=', one: Scalar, other: Scalar): boolean {
  const result = compareScalars(one, other);
  if (operator === '>') return result > 0;
  if (operator === '>=') return result >= 0;
  return operator === '<' ? result < 0 : result <= 0;
}

/** Case does not count. */
function contains(value: Scalar, part: Scalar | undefined): boolean {
  return (
    typeof value === 'string' &&
    typeof part === 'string' &&
    value.toLowerCase().includes(part.toLowerCase())
  );
}

/** Null comes before everything. */
function compareScalars(one: Scalar, other: Scalar): number {
  if (one === other) return 0;
  if (one === null) return -1;
  if (other === null) return 1;
  return one < other ? -1 : 1;
}

/** Nobody at the end of a path is the same as null. */
function asList(value: Scalar | readonly Scalar[]): readonly Scalar[] {
  if (!isList(value)) return [value];
  return value.length === 0 ? [null] : value;
}

function first(value: Scalar | readonly Scalar[]): Scalar {
  return asList(value)[0] ?? null;
}

function isList(value: Scalar | readonly Scalar[]): value is readonly Scalar[] {
  return Array.isArray(value);
}
