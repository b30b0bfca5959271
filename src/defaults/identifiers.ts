import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../model/json.js';
import { distinctMapping } from './distinct-mapping.js';
import { DEFAULTS } from './index.js';

type SourceType = keyof typeof DEFAULTS;

/**
 * Whose identifiers a mapping gives: those of the container, which may collide, those that `init`
 * writes, which cannot, or others.
 */
export type IdentifierStyle = 'container' | 'unique' | 'own';

/** Repositories tell: what is below them is named after them. */
const TELLING_KIND = 'repository';

/** @param identifierOf the expression for the identifier of a kind; null where the mapping has none */
export function identifierStyle(
  type: SourceType,
  identifierOf: (kind: string) => unknown,
): IdentifierStyle {
  const own = identifierOf(TELLING_KIND);
  if (own === identifierIn(DEFAULTS[type].mapping)) return 'container';
  return own === identifierIn(distinctMapping(type).value) ? 'unique' : 'own';
}

/** Which identifiers a mapping gives, and what else there is; null of a mapping of the user's own. */
export function identifierWords(type: SourceType, style: IdentifierStyle): string | null {
  const isCloud = type === 'bitbucket-cloud';
  const [by, unique] = isCloud ? ['name', 'acme/api'] : ['slug', 'PAY/api'];
  switch (style) {
    case 'container':
      return `identifiers are those of the container: repositories by ${by}, such as api. Repositories of two projects may share one; then only the first is loaded. For unique ones, such as ${unique}, run npx bitbucket-port init --with-mapping before the first sync: to change them later replaces every entity`;
    case 'unique':
      return `identifiers are unique: repositories by ${isCloud ? 'workspace' : 'project'} and slug, such as ${unique}. If the container loaded this catalog, use its mapping to keep its identifiers, such as api`;
    case 'own':
      return null;
  }
}

function identifierIn({ resources = [] }: JsonObject): JsonValue | undefined {
  const [found] = (isJsonArray(resources) ? resources : [])
    .filter(isJsonObject)
    .filter(({ kind }) => kind === TELLING_KIND);
  return ['port', 'entity', 'mappings', 'identifier'].reduce<JsonValue | undefined>(
    (value, key) => (isJsonObject(value) ? value[key] : undefined),
    found,
  );
}
