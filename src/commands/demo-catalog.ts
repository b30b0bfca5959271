import { DEFAULTS } from '../defaults/index.js';
import { OPT_IN } from '../defaults/opt-in.js';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../model/json.js';
import { counted, cutColumns, grouped, textTable } from '../report/text.js';
import type { CatalogEntity } from '../sandbox/port/entity.js';
import type { SandboxPort } from '../sandbox/port/port.js';

/** What else a company may want to see: an identifier of what each relates to stands in for that of `init`. */
const MORE: Readonly<Record<string, (identifierOf: (kind: string) => string) => JsonObject>> = {
  branch: (of) => ({ repository: `.__repository | ${of('repository')}` }),
  tag: (of) => ({ repository: `.__repository | ${of('repository')}` }),
  file: (of) => ({ repository: `.repo | ${of('repository')}` }),
  group: (of) => ({ members: `[.__members[] | ${of('user')}]` }),
};

/** The built-in mapping, and after it branches, tags, files and groups as far as the Bitbucket has them. */
export function demoMapping(type: keyof typeof DEFAULTS): JsonObject {
  const { mapping } = DEFAULTS[type];
  const usual = isJsonArray(mapping.resources) ? mapping.resources : [];
  const mappingsOf = (resource: JsonValue | undefined): JsonObject =>
    objectIn(objectIn(objectIn(resource, 'port'), 'entity'), 'mappings');
  const identifierOf = (kind: string): string => {
    const found = usual.find((resource) => isJsonObject(resource) && resource.kind === kind);
    const { identifier: expression } = mappingsOf(found);
    return typeof expression === 'string' ? expression : '';
  };
  const more = Object.entries(MORE).flatMap(([kind, relationsTo]) => {
    const resource = OPT_IN[type][kind]?.resource;
    if (resource === undefined) return [];
    const mappings = { ...mappingsOf(resource), relations: relationsTo(identifierOf) };
    return { ...resource, port: { ...objectIn(resource, 'port'), entity: { mappings } } };
  });
  return { ...mapping, resources: [...usual, ...more] };
}

function objectIn(value: JsonValue | undefined, field: string): JsonObject {
  const inner = isJsonObject(value) ? value[field] : undefined;
  return isJsonObject(inner) ? inner : {};
}

/** A blueprint with the columns that are worth a look. */
export interface CatalogView {
  readonly blueprint: string;
  readonly columns: Readonly<Record<string, (entity: CatalogEntity) => unknown>>;
}

/** Rows of a table that show what it is like; the rest is counted. */
const ROWS_SHOWN = 10;

/** Letters of a cell: of a longer text its first line shows, as far as it goes. */
const WIDEST_CELL = 36;

const identifier = (entity: CatalogEntity): unknown => entity.identifier;
const title = (entity: CatalogEntity): unknown => entity.title;

const repository = ({ relations }: CatalogEntity): unknown => relations.repository;

/** What else is read of either. */
const MORE_VIEWS: readonly CatalogView[] = [
  {
    blueprint: 'bitbucketService',
    columns: {
      Identifier: identifier,
      Title: title,
      Description: ({ properties }) => properties.description,
      Repository: repository,
    },
  },
  {
    blueprint: 'bitbucketBranch',
    columns: {
      Title: title,
      'Last commit at': ({ properties }) => properties.lastCommitAt,
      Repository: repository,
    },
  },
  {
    blueprint: 'bitbucketTag',
    columns: {
      Title: title,
      'Tagged at': ({ properties }) => properties.taggedAt,
      Repository: repository,
    },
  },
];

/** What the demo fills from Data Center. */
export const SERVER_VIEWS: readonly CatalogView[] = [
  {
    blueprint: 'bitbucketProject',
    columns: {
      Identifier: identifier,
      Title: title,
      Description: ({ properties }) => properties.description,
    },
  },
  {
    blueprint: 'bitbucketRepository',
    columns: {
      Identifier: identifier,
      Project: ({ relations }) => relations.project,
      README: ({ properties }) => properties.documentation,
      'Latest commit by': ({ relations }) => relations.latestCommitAuthor,
    },
  },
  {
    blueprint: 'bitbucketPullRequest',
    columns: {
      Identifier: identifier,
      Title: title,
      State: ({ properties }) => properties.state,
      Repository: repository,
    },
  },
  {
    blueprint: 'bitbucketGroup',
    columns: { Title: title, Members: ({ relations }) => relations.members },
  },
  ...MORE_VIEWS,
];

/** What it fills from Cloud. */
export const CLOUD_VIEWS: readonly CatalogView[] = [
  {
    blueprint: 'bitbucketProject',
    columns: {
      Identifier: identifier,
      Title: title,
    },
  },
  {
    blueprint: 'bitbucketRepository',
    columns: {
      Identifier: identifier,
      Title: title,
      README: ({ properties }) => properties.readme,
      CODEOWNERS: ({ properties }) => properties.codeowners,
    },
  },
  {
    blueprint: 'bitbucketPullRequest',
    columns: {
      Identifier: identifier,
      Title: title,
      Reviewers: ({ properties }) => properties.reviewers,
    },
  },
  ...MORE_VIEWS,
];

/** What is in the catalog, as tables. */
export function catalogTables(
  port: Pick<SandboxPort, 'entities'>,
  views: readonly CatalogView[],
): readonly string[] {
  return views.flatMap(({ blueprint, columns }) => {
    const entities = [...port.entities(blueprint)].sort((one, other) =>
      one.identifier < other.identifier ? -1 : 1,
    );
    const table = textTable(
      Object.keys(columns).map((heading) => ({ title: heading, align: 'left' })),
      entities
        .slice(0, ROWS_SHOWN)
        .map((entity) => Object.values(columns).map((cell) => cellText(cell(entity)))),
    );
    const unseen = entities.length - ROWS_SHOWN;
    return [
      '',
      `${blueprint}: ${counted(entities.length, 'entity', 'entities')}`,
      ...table.map((line) => `  ${line}`),
      ...(unseen > 0 ? [`  ... and ${grouped(unseen)} more`] : []),
    ];
  });
}

function cellText(value: unknown): string {
  const text = Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : '';
  const [line = ''] = text.split('\n');
  return cutColumns(line, WIDEST_CELL);
}
