import { Document, isMap, isScalar, isSeq, visit, type YAMLMap } from 'yaml';
import { type DistinctMapping, distinctMapping } from '../../defaults/distinct-mapping.js';
import { DEFAULTS } from '../../defaults/index.js';
import { OPT_IN } from '../../defaults/opt-in.js';
import { MAPPING_DESCRIPTIONS } from '../../mapping/descriptions.js';
import { isJsonArray, isJsonObject, type JsonValue } from '../../model/json.js';
import type { IntegrationType } from '../../settings/settings.js';

/** Keys whose own keys are those of a blueprint. */
const FIELDS = new Set(['properties', 'relations']);

/** The text of a mapping to begin with, with what each line is for. `schema`: where editors find its schema. */
export function mappingFile(
  type: IntegrationType,
  schema: string,
  kinds: readonly string[] = [],
): string {
  const { value, comments } = withKinds(type, kinds);
  const document = new Document(value);
  const resources = document.get('resources');
  visit(document, {
    Pair: (_key, { key, value }) => {
      const name = isScalar(key) ? String(key.value) : '';
      const [purpose] = (MAPPING_DESCRIPTIONS[name] ?? '').split(/(?<=\.)\s/u);
      if (purpose !== undefined && purpose !== '') say(value, purpose);
      // What stands below are names of the blueprint.
      return FIELDS.has(name) ? visit.SKIP : undefined;
    },
  });
  if (isSeq(resources)) {
    resources.items.forEach((resource, index) => {
      if (!isMap(resource)) return;
      commentFields(resource, type, kinds);
      resource.commentBefore = comments[index] ?? '';
      resource.spaceBefore = index > 0;
    });
  }
  const head = [
    `# yaml-language-server: $schema=${schema}`,
    '# What becomes of Bitbucket in Port: each resource says what is read, and which entities it makes.',
    '# Expressions are jq. To try one on live items: bitbucket-port preview --kind repository',
    '',
  ];
  // An expression reads best on one line.
  return `${head.join('\n')}\n${document.toString({ lineWidth: 0 })}`;
}

/** The usual mapping with more kinds, or with more of one that it has already. */
function withKinds(type: IntegrationType, kinds: readonly string[]): DistinctMapping {
  const { value, comments } = distinctMapping(type);
  const usual = isJsonArray(value.resources) ? value.resources : [];
  const resources = usual.map((resource, index) => ({ resource, comment: comments[index] ?? '' }));
  for (const kind of kinds) {
    const more = OPT_IN[type][kind];
    if (more === undefined) continue;
    const at = usual.findIndex((one) => isJsonObject(one) && one.kind === kind);
    resources.splice(at < 0 ? resources.length : at, at < 0 ? 0 : 1, more);
  }
  return {
    value: { ...value, resources: resources.map(({ resource }) => resource) },
    comments: resources.map(({ comment: text }) => text),
  };
}

/** Behind a value, or on the first line below a key. */
function say(value: unknown, text: string): void {
  if (isScalar(value)) value.comment = ` ${text}`;
  else if (isMap(value) || isSeq(value)) value.commentBefore = ` ${text}`;
}

/** Properties and relations by the titles that people see in Port. */
function commentFields(resource: YAMLMap, type: IntegrationType, kinds: readonly string[]): void {
  const mappings = ['port', 'entity', 'mappings'];
  const named = resource.getIn([...mappings, 'blueprint']);
  const more = kinds.flatMap((kind) => OPT_IN[type][kind]?.blueprint ?? []);
  const blueprint = [...more, ...DEFAULTS[type].blueprints].find(
    ({ identifier }) => JSON.stringify(identifier) === named,
  );
  if (blueprint === undefined) return;
  const fields = { properties: blueprint.schema.properties, relations: blueprint.relations };
  for (const [place, all] of Object.entries(fields)) {
    const written = resource.getIn([...mappings, place]);
    if (!isMap(written)) continue;
    for (const { key, value } of written.items) {
      const title = isScalar(key) ? titleOf(all, String(key.value)) : null;
      if (title !== null) say(value, title);
    }
  }
}

function titleOf(fields: JsonValue | undefined, name: string): string | null {
  const field = isJsonObject(fields) ? fields[name] : undefined;
  if (!isJsonObject(field) || typeof field.title !== 'string') return null;
  return typeof field.target === 'string' ? `${field.title}: a ${field.target}` : field.title;
}
