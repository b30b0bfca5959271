import type { RawItem } from '../model/page.js';
import type { Expression } from './mapping.js';

/** A field of the item that could not be read and that the expression mentions. */
export function unreadIn(expression: Expression, item: RawItem): string | undefined {
  return item.unread?.find((field) => expression.includes(field));
}

/** Why an expression that mentions it was not trusted. */
export function unreadMessage(field: string): string {
  return `${field} could not be read`;
}
