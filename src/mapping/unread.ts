import type { RawItem } from '../model/page.js';
import { fieldsOf } from './feed-fields.js';
import type { Expression, MappingResource } from './mapping.js';

/** A field of the item that could not be read and that the expression mentions. */
export function unreadIn(expression: Expression, item: RawItem): string | undefined {
  return item.unread?.find((field) => expression.includes(field));
}

/** Why an expression that mentions it was not trusted. */
export function unreadMessage(field: string): string {
  return `${field} could not be read`;
}

/** A field that could not be read and that decides whether, and as which entity, the item is mapped. */
export function unreadForIdentity(
  { selector, itemsToParse, feeds }: MappingResource,
  item: RawItem,
): string | undefined {
  const identities = feeds
    .flatMap(fieldsOf)
    .filter(({ field }) => /^(?:identifier|blueprint)\b/u.test(field));
  return [selector.query, itemsToParse ?? '', ...identities.map(({ expression }) => expression)]
    .map((expression) => unreadIn(expression, item))
    .find((field) => field !== undefined);
}
