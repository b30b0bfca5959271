import type { EntityReference } from '../../model/entity.js';
import type { ResourceReference } from '../../model/resource.js';
import { counted, expressionWords, grouped, shortened } from '../phrases.js';
import type { AtItem, OfExpression } from '../file-location.js';
import { incomplete, warning, type WordsFor } from '../severity.js';

/** What the mapping makes of items, or cannot make. */
export interface ItemProblems {
  /** `selector.query` failed, or gave something that is neither true nor false. */
  'selector-failed': AtItem & OfExpression & { readonly message: string };
  /** The identifier or blueprint expression ended in an error. */
  'identity-failed': AtItem & OfExpression & { readonly field: string; readonly message: string };
  /** A field's expression ended in an error; the field is null. */
  'field-failed': AtItem & OfExpression & { readonly field: string; readonly message: string };
  /**
   * A field was null on every item, and looks like a mistake of the mapping. `seen`: the items;
   * `missing`: a key that none of them has; `nearest`: the one of theirs that resembles it.
   */
  'field-never-filled': OfExpression & {
    readonly resource: ResourceReference;
    readonly field: string;
    readonly seen: number;
    readonly missing?: string;
    readonly nearest?: string;
  };
  /** `itemsToParse` failed or gave no array. */
  'items-to-parse-failed': AtItem & OfExpression & { readonly message: string };
  /** The whole item: it ran too long, used too much memory, or crashed the engine. */
  'item-failed': AtItem & { readonly message: string };
  /** jq was not asked about the item: too many before it ran away, crashed, or took too much memory. */
  'item-given-up': AtItem & { readonly message: string };
  /** The identifier or blueprint is null or empty, so there is nothing to load. */
  'identifier-empty': AtItem & { readonly field: string };
  /** The identifier, or that of the blueprint, holds what Port refuses. */
  'identifier-refused': AtItem & {
    readonly field: string;
    readonly identifier: string;
    readonly character: string;
  };
  /** A relation target or list entry that Port would refuse, dropped before sending. */
  'target-refused': AtItem & { readonly field: string; readonly target: string };
  /** Two items of one resource, different content, one identifier: the first won. */
  'identifier-collision': {
    readonly resource: ResourceReference;
    readonly entity: EntityReference;
    readonly winner: string;
    readonly loser: string;
    /** Whether the identifiers are those of the built-in mapping. */
    readonly isBuiltIn: boolean;
    /** Whether nothing was loaded before this run, so that they can still be changed at no cost. */
    readonly isFirstLoad: boolean;
  };
  /** An item names a blueprint that its selector does not list. */
  'blueprint-unlisted': AtItem & {
    readonly field: string;
    readonly blueprint: string;
    readonly listed: readonly string[];
  };
  /** Nulls inside a list were dropped; with the key that no member has, and the path that has a value. */
  'nulls-dropped': AtItem & {
    readonly field: string;
    readonly dropped: number;
    readonly missing?: string;
    readonly instead?: string;
  };
}

/** Each of them in words. */
export const itemWords: WordsFor<ItemProblems> = {
  'selector-failed': ({ resource, item, message, ...of }) =>
    incomplete(
      `${resource.kind}: the selector failed on ${item}: ${message}`,
      `The ${expressionWords(of)}`,
    ),
  'identity-failed': ({ resource, item, field, message, ...of }) =>
    incomplete(
      `${resource.kind}: ${field} failed on ${item}: ${message}`,
      `The ${expressionWords(of)}`,
    ),
  'blueprint-unlisted': ({ resource, item, field, blueprint, listed }) =>
    incomplete(
      `${resource.kind}: ${item} names the blueprint ${blueprint} in its ${field}, which selector.blueprints does not list; nothing was loaded from there`,
      `It may name ${listed.join(', ')}; correct the file, or add the blueprint to the selector`,
    ),
  'field-failed': ({ resource, item, field, message, ...of }) =>
    warning(
      `${resource.kind}: ${field} is null on ${item}: ${message}`,
      `The ${expressionWords(of)}`,
    ),
  'field-never-filled': ({ resource, field, seen, missing, nearest, ...of }) =>
    warning(
      `${resource.kind}: ${field} is never filled: null on all ${grouped(seen)} items${missing === undefined ? '' : `, none of which has a key ${missing}`}`,
      `${nearest === undefined ? 'Correct it if it is a misspelling; the' : `Did you mean ${nearest}? The`} ${expressionWords(of)}`,
    ),
  'items-to-parse-failed': ({ resource, item, message, ...of }) =>
    warning(
      `${resource.kind}: itemsToParse gave no list on ${item}: ${message}`,
      `The ${expressionWords(of)}`,
    ),
  'item-failed': ({ resource, item, message }) =>
    incomplete(
      `${resource.kind}: ${item} could not be mapped: ${message}`,
      'Look for an expression that runs away on this item',
    ),
  'item-given-up': ({ resource, item, message }) =>
    incomplete(
      `${resource.kind}: the mapping was given up before ${item}: ${message}`,
      'Correct the expression that runs away; until then Port keeps what it holds of these items',
    ),
  'identifier-empty': ({ resource, item, field }) =>
    warning(
      `${resource.kind}: ${item} was skipped, its ${field} is null or empty`,
      `Add a default to the expression: ${field === 'identifier' ? '.emailAddress // .slug' : '.a // .b'}`,
    ),
  'identifier-refused': ({ resource, item, field, identifier, character }) =>
    warning(
      `${resource.kind}: ${item} was skipped, Port refuses ${character} in its ${field} ${shortened(identifier)}`,
      'Map the identifier to letters, digits and @ _ . + : \\ / = -',
    ),
  'target-refused': ({ resource, item, field, target }) =>
    warning(
      `${resource.kind}: ${field} of ${item} leaves out ${shortened(target)}, which cannot be an identifier in Port`,
      'Map the relation to the identifiers of the related entities',
    ),
  'identifier-collision': ({ resource, entity, winner, loser, ...state }) =>
    warning(
      `${resource.kind}: ${winner} and ${loser} both map to ${entity.blueprint} ${entity.identifier}; only the first counts`,
      collisionHint(state),
    ),
  'nulls-dropped': ({ resource, item, field, dropped, missing, instead }) =>
    warning(
      `${resource.kind}: ${counted(dropped, 'null', 'nulls')} left out of ${field} of ${item}${missing === undefined ? '' : `, as there is no key ${missing}`}`,
      instead === undefined ? null : `Use the path ${instead} in the mapping`,
    ),
};

/** What tells the items apart, and what that costs. */
function collisionHint({
  isBuiltIn,
  isFirstLoad,
}: Pick<ItemProblems['identifier-collision'], 'isBuiltIn' | 'isFirstLoad'>): string {
  if (!isBuiltIn) {
    const remedy = 'Make the identifier tell them apart, for example with the project key';
    return isFirstLoad
      ? `${remedy}, while nothing depends on it yet`
      : `${remedy}. That replaces every entity whose identifier changes; npx bitbucket-port plan shows them`;
  }
  return isFirstLoad
    ? 'Nothing depends on these identifiers yet. Start over with unique ones: npx bitbucket-port init --with-mapping, then npx bitbucket-port sync, which replaces what was loaded'
    : 'npx bitbucket-port init --with-mapping writes a mapping with unique identifiers. It replaces every entity that is there, with what people added to it in Port; npx bitbucket-port plan shows all of it';
}
