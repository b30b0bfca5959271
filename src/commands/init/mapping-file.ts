import { Document, isMap, isScalar, isSeq, visit, type Pair, type YAMLMap } from 'yaml';
import { type DistinctMapping, distinctMapping } from '../../defaults/distinct-mapping.js';
import { DEFAULTS } from '../../defaults/index.js';
import { OPT_IN } from '../../defaults/opt-in.js';
import { isJsonArray, isJsonObject, type JsonValue } from '../../model/json.js';
import type { IntegrationType } from '../../settings/settings.js';

/** What a key is for. For properties and relations, their blueprint says it. */
const PURPOSES: Readonly<Record<string, string>> = {
  createMissingRelatedEntities:
    'Where a relation leads to an entity that is not there, Port makes one with nothing but its name.',
  deleteDependentEntities:
    'What relates to an entity that is gone goes with it, as far as it is ours.',
  enableMergeEntity: 'Fields that are not mapped keep their values in Port.',
  resources: 'One for each kind of thing that is read.',
  kind: 'What is read.',
  selector: 'Which of them are taken.',
  query: 'jq: those for which it gives true.',
  includedFiles: 'Files that are read, too; see .__includedFiles below.',
  state: 'OPEN, MERGED, DECLINED or ALL.',
  states: 'Of which states.',
  updatedWithin: 'What changed in so much time before the run.',
  source: 'admin: as administrators see them.',
  port: 'What becomes of each in Port.',
  entity: 'The entity that is made of it.',
  mappings: 'Its fields, in jq over what Bitbucket gave.',
  identifier: 'Its name for Port. To change this later replaces every entity.',
  title: 'Its name for people.',
  blueprint: 'The blueprint in Port that it belongs to: a text of jq, so with quotes of its own.',
  properties: 'Properties of the blueprint.',
  relations: 'Relations of the blueprint: the identifiers of what they lead to.',
};

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
    Pair: (_key, pair) => {
      comment(pair);
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

function comment({ key, value }: Pair): void {
  const purpose = isScalar(key) ? PURPOSES[String(key.value)] : undefined;
  if (purpose !== undefined) say(value, purpose);
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
