import { z } from 'zod';

/** Longest identifier of an entity, in characters (reference: create-an-entity). */
const ENTITY_IDENTIFIER_LENGTH = 1000;
/** Longest identifier of a blueprint, title, property or relation, in characters. */
export const NAME_LENGTH = 100;

const ENTITY_PATTERN = /^(?!\.{1,2}$)[\p{L}0-9@_.+:\\/=-]+$/u;
const BLUEPRINT_PATTERN = /^(?!\.{1,2}$)[\p{L}0-9@_.+:\\/-]+$/u;
const KEY_PATTERN = /^[A-Za-z0-9@_=\\-]+$/;

/** Identifier of an entity. */
export const entityIdentifier = z.string().max(ENTITY_IDENTIFIER_LENGTH).regex(ENTITY_PATTERN);

/** Member of a relation's list: the contract bounds its characters, not its length. */
export const listedIdentifier = z.string().regex(ENTITY_PATTERN);

/** Identifier of a blueprint: like an entity's, without `=`. */
export const blueprintIdentifier = z.string().max(NAME_LENGTH).regex(BLUEPRINT_PATTERN);

/** Name of a property, relation, mirror, calculation or aggregation. */
export const fieldKey = z.string().max(NAME_LENGTH).regex(KEY_PATTERN);
