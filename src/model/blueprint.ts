import type { JsonValue } from './json.js';

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
