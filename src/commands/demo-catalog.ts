import { cutColumns, grouped, textTable } from '../report/text.js';
import type { CatalogEntity } from '../sandbox/port/entity.js';
import type { SandboxPort } from '../sandbox/port/port.js';

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

/** What the default mapping of Data Center fills. */
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
      Repository: ({ relations }) => relations.repository,
    },
  },
];

/** What the default mapping of Cloud fills. */
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
      `${blueprint}: ${grouped(entities.length)} entities`,
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
