import type { CiPlatform } from '../../ci/platform.js';
import { OPT_IN } from '../../defaults/opt-in.js';
import type { DefaultBlueprint } from '../../model/blueprint.js';
import { DEFAULT_CONFIG_FILE } from '../../settings/declarations/files.js';
import type { IntegrationType } from '../../settings/settings.js';
import { schemas, schemaText } from '../schema/schema.js';
import { configFile } from './config-file.js';
import { mappingFile } from './mapping-file.js';
import type { InRepository } from './repository.js';
import type { NewFile } from './write-files.js';

export const MAPPING_FILE = 'mapping.yml';
const CONFIG_SCHEMA = 'schemas/bitbucket-port.json';
const MAPPING_SCHEMA = 'schemas/mapping.json';

function blueprintFile(identifier: string): string {
  return `blueprints/${identifier}.json`;
}

/** What kinds that are not read by default fill. */
export function blueprintsOf(
  type: IntegrationType,
  kinds: readonly string[],
): readonly DefaultBlueprint[] {
  return kinds.flatMap((kind) => OPT_IN[type][kind]?.blueprint ?? []);
}

/** A file that belongs to what was asked for, and what it is for. */
export interface Place {
  readonly name: string;
  readonly purpose: string;
}

/** The same with its text. */
export type Planned = NewFile & Place;

/** What decides the texts. */
export interface TextFacts {
  readonly type: IntegrationType;
  /** Where the user chose one; null: the usual one. */
  readonly identifier: string | null;
  /** Settings that are known already, by name. */
  readonly known: ReadonlyMap<string, string>;
  /** Of the pipeline; empty where there is none. */
  readonly pipeline: string;
  /** Kinds that the mapping reads besides the usual ones, or more of. */
  readonly kinds: readonly string[];
}

/** Where the files go that were asked for: enough to see which of them are there already. */
export function places(
  hasMapping: boolean,
  ci: CiPlatform | null,
  { fromRoot }: InRepository,
  blueprints: readonly DefaultBlueprint[],
): readonly Place[] {
  const mapping: readonly Place[] = [
    { name: MAPPING_FILE, purpose: 'the mapping' },
    { name: MAPPING_SCHEMA, purpose: 'for editors' },
    ...blueprints.map(({ identifier }) => ({
      name: blueprintFile(identifier),
      purpose: 'a blueprint, which a first run creates',
    })),
  ];
  return [
    { name: DEFAULT_CONFIG_FILE, purpose: 'the settings' },
    { name: CONFIG_SCHEMA, purpose: 'for editors' },
    ...(hasMapping ? mapping : []),
    ...(ci === null
      ? []
      : [{ name: fromRoot(ci.template.target), purpose: `the pipeline for ${ci.title}` }]),
  ];
}

/** The texts that belong there. */
export function withTexts(
  wanted: readonly Place[],
  { type, identifier, known, pipeline, kinds }: TextFacts,
): readonly Planned[] {
  const hasMapping = wanted.some(({ name }) => name === MAPPING_FILE);
  const texts: Readonly<Record<string, () => string>> = {
    [DEFAULT_CONFIG_FILE]: () =>
      configFile({
        type,
        identifier,
        known,
        mapping: hasMapping ? MAPPING_FILE : null,
        schema: `./${CONFIG_SCHEMA}`,
      }),
    [CONFIG_SCHEMA]: () => schemaText(schemas.config()),
    [MAPPING_FILE]: () => mappingFile(type, `./${MAPPING_SCHEMA}`, kinds),
    [MAPPING_SCHEMA]: () => schemaText(schemas.mapping()),
    ...Object.fromEntries(
      blueprintsOf(type, kinds).map((blueprint) => [
        blueprintFile(blueprint.identifier),
        () => `${JSON.stringify(blueprint, null, 2)}\n`,
      ]),
    ),
  };
  return wanted.map((place) => ({ ...place, text: texts[place.name]?.() ?? pipeline }));
}
