import { isJsonArray, isJsonObject } from '../../model/json.js';
import type { SettingDeclaration } from '../../settings/declaration.js';
import { allSettings } from '../../settings/declarations/index.js';
import { meaninglessSettings } from '../../settings/declarations/meaningless.js';
import { defaultInWords } from '../../settings/shown-settings.js';
import { MAPPING_KEY } from '../../settings/yaml-tree.js';
import { DIALECT, type JsonSchema, jsonSchemaOf, withoutDialect } from './json-schema.js';
import { mappingSchema } from './mapping-schema.js';

/** A key of the tree, with what stands below it or in it. */
interface Branch {
  readonly leaves: Map<string, JsonSchema>;
  readonly branches: Map<string, Branch>;
}

const MAPPING = 'mapping';

const UNSET = 'unsetOrReference';

/** What a setting may always hold: nothing, which leaves it unset, or a reference to a variable. */
const UNSET_OR_REFERENCE: JsonSchema = {
  description: 'Nothing, or a reference to a variable: ${NAME}',
  anyOf: [{ type: 'null' }, { type: 'string', pattern: '^\\s*$|\\$\\{|^\\s*\\$\\(' }],
};

/**
 * JSON Schema of the settings file. Editors propose keys in camelCase, and take every spelling that
 * `sync` understands.
 */
export function configSchema(): JsonSchema {
  const root: Branch = { leaves: new Map(), branches: new Map() };
  for (const declaration of allSettings) {
    for (const key of declaration.keys) put(root, key, settingSchema(declaration));
    const [preferred = ''] = declaration.keys;
    for (const key of declaration.pastedKeys) {
      put(root, key, { ...settingSchema(declaration), deprecated: true, ...insteadOf(preferred) });
    }
  }
  for (const { keys, recognises } of meaninglessSettings) {
    const listsAreOthers = recognises === undefined ? {} : { not: { type: 'array' } };
    for (const key of keys) put(root, key, { ...MEANINGLESS, ...listsAreOthers });
  }
  const { $defs, ...mapping } = withoutDialect(mappingSchema());
  return {
    $schema: DIALECT,
    title: 'Settings of bitbucket-port',
    ...branchSchema(root, '#'),
    // What a mapping refers to is looked up from the root of the whole.
    $defs: {
      ...(isJsonObject($defs) ? $defs : {}),
      [UNSET]: UNSET_OR_REFERENCE,
      [MAPPING]: mapping,
    },
  };
}

const MEANINGLESS: JsonSchema = {
  description: 'Has no meaning for a single run; taken, and not used.',
  deprecated: true,
};

function insteadOf(key: string): JsonSchema {
  return { description: `The same as ${key}, which is better.` };
}

function put(root: Branch, key: string, schema: JsonSchema): void {
  const segments = key.split('.');
  const last = segments.pop() ?? key;
  const branch = segments.reduce((above, segment) => {
    const below = above.branches.get(segment) ?? { leaves: new Map(), branches: new Map() };
    above.branches.set(segment, below);
    return below;
  }, root);
  if (!branch.leaves.has(last)) branch.leaves.set(last, schema);
}

/** @param place where it stands in the whole, for references */
function branchSchema({ leaves, branches }: Branch, place: string): JsonSchema {
  const placeOf = (name: string): string => `${place}/properties/${name}`;
  const members = [
    ...[...branches].map(([name, branch]) => [name, nested(branch, placeOf(name))] as const),
    ...leaves,
  ];
  return {
    type: 'object',
    properties: Object.fromEntries(members),
    patternProperties: Object.fromEntries(
      members.map(([name]) => [otherSpellings(name), { $ref: placeOf(name) }]),
    ),
    additionalProperties: false,
  };
}

/** A branch may be empty, and a pipeline that was pasted may hold one as a text. */
function nested(branch: Branch, place: string): JsonSchema {
  return { ...branchSchema(branch, place), type: ['object', 'string', 'null'] };
}

function settingSchema(declaration: SettingDeclaration<unknown>): JsonSchema {
  const described = { description: describe(declaration) };
  if (declaration.name === MAPPING_KEY) {
    const file = { type: 'string', description: 'A file, relative to this one.' };
    return { ...described, anyOf: [file, { $ref: `#/$defs/${MAPPING}` }, { type: 'null' }] };
  }
  const written = inAnyCaseOf(jsonSchemaOf(declaration.schema));
  return { ...described, anyOf: [written, { $ref: `#/$defs/${UNSET}` }] };
}

function describe(declaration: SettingDeclaration<unknown>): string {
  const { description, variables, secret } = declaration;
  const words = defaultInWords(declaration);
  return [
    description,
    ...(words === null ? [] : [`Default: ${words}.`]),
    ...(variables.length === 0 ? [] : [`Variable: ${variables.join(' or ')}.`]),
    ...(secret === null ? [] : ['A secret: better kept in a variable.']),
  ].join(' ');
}

const SEPARATORS = '[_-]*';

/**
 * A pattern of every other spelling of a key that the reader takes for the same: any case, with or
 * without `_` and `-`. The key itself stands among the properties, where editors propose it from.
 */
function otherSpellings(key: string): string {
  const letters = Array.from(key, inAnyCase).join(SEPARATORS);
  return `^(?!${key}$)${SEPARATORS}${letters}${SEPARATORS}$`;
}

/** The same schema where words of a list may be in any case, as the reader takes them. */
function inAnyCaseOf(schema: JsonSchema): JsonSchema {
  const { enum: listed, ...rest } = schema;
  if (listed === undefined || !isJsonArray(listed)) return schema;
  const words = listed.flatMap((word) => (typeof word === 'string' ? [word] : []));
  const pattern = words.map((word) => Array.from(word, inAnyCase).join('')).join('|');
  return {
    ...rest,
    anyOf: [{ enum: listed }, { type: 'string', pattern: `^\\s*(?:${pattern})\\s*$` }],
  };
}

function inAnyCase(letter: string): string {
  const upper = letter.toUpperCase();
  const lower = letter.toLowerCase();
  return upper === lower ? letter : `[${lower}${upper}]`;
}
