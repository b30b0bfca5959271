import { z } from 'zod';
import { isJsonArray, type JsonObject, type JsonValue } from './json.js';
import type { EntityReference } from './entity.js';

/** What a property may hold. Null: the blueprint does not say. */
export interface BlueprintProperty {
  /** JSON Schema type: `string`, `number`, `boolean`, `array`, `object`. */
  readonly type: string | null;
  /** Such as `date-time`, `markdown`, `user`. */
  readonly format: string | null;
  /** With `type: 'array'`. */
  readonly itemsType: string | null;
  readonly itemsFormat: string | null;
  /** What Port puts where nothing stands; absent: nothing. */
  readonly default?: JsonValue;
  /** The only values that Port takes; absent: any of the type. */
  readonly allowed?: readonly JsonValue[];
}

/** How entities of a blueprint relate to others. */
export interface BlueprintRelation {
  /** Identifier of the blueprint that it leads to. */
  readonly target: string;
  readonly required: boolean;
  /** Whether it holds a list of identifiers. */
  readonly many: boolean;
}

/** A blueprint as a mapping has to know it. */
export interface Blueprint {
  readonly identifier: string;
  readonly title: string | null;
  readonly properties: ReadonlyMap<string, BlueprintProperty>;
  /** Names of properties without which Port refuses an entity. */
  readonly requiredProperties: ReadonlySet<string>;
  readonly relations: ReadonlyMap<string, BlueprintRelation>;
  /** Names of mirror, calculation and aggregation properties: Port fills them, nobody else can. */
  readonly computedProperties: ReadonlySet<string>;
  /** Who created it and who changed it last; absent where Port does not say. */
  readonly authors?: readonly [string, string];
}

const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;
const EMAIL = /^[^\s@]+@[^\s@]+$/;
const ABSOLUTE_URL = /^[a-z][a-z0-9+.-]*:\/\//i;

const ipv4 = z.ipv4();
const ipv6 = z.ipv6();

const isDateTime = (text: string): boolean => DATE_TIME.test(text) && !isNaN(Date.parse(text));
const isEmail = (text: string): boolean => EMAIL.test(text);

/** The formats that a text can fail; `markdown`, `user` and the rest only say how it is shown. */
const CHECKS: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['date-time', isDateTime],
  ['timer', isDateTime],
  ['url', (text: string): boolean => ABSOLUTE_URL.test(text) && URL.canParse(text)],
  ['email', isEmail],
  ['idn-email', isEmail],
  ['ipv4', (text: string): boolean => ipv4.safeParse(text).success],
  ['ipv6', (text: string): boolean => ipv6.safeParse(text).success],
]);

/** Whether `text` is in the format of a property. Any text is in a format that cannot be failed. */
export function hasFormat(text: string, format: string): boolean {
  return CHECKS.get(format)?.(text) ?? true;
}

/** The identifiers that a relation's value names; none for null and for a search query. */
export function targetsOf(value: JsonValue | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  if (isJsonArray(value)) return value.filter((entry) => typeof entry === 'string');
  return [];
}

/** All that an entity relates to, by the relations that its blueprint knows. */
export function* referencesOf(
  relations: JsonObject,
  blueprint: Pick<Blueprint, 'relations'>,
): Iterable<EntityReference> {
  for (const [name, relation] of blueprint.relations) {
    for (const identifier of targetsOf(relations[name])) {
      yield { blueprint: relation.target, identifier };
    }
  }
}

/** A blueprint in the shape in which Port takes it. */
export type DefaultBlueprint = JsonObject & {
  readonly identifier: string;
  readonly title: string;
  readonly schema: JsonObject;
};
