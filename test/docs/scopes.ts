import { code, table } from './markdown.js';

/** What a kind of Bitbucket Cloud takes to be read, as each sort of token spells it. */
export interface KindScopes {
  readonly kind: string;
  /** Scopes of an access token. */
  readonly accessToken: readonly string[];
  /** Scopes of a person's API token. */
  readonly apiToken: readonly string[];
}

const REPOSITORY = 'read:repository:bitbucket';
const files = { accessToken: ['repository'], apiToken: [REPOSITORY] };

/** Every kind; nothing less will do, and nothing more is needed. */
export const KIND_SCOPES: readonly KindScopes[] = [
  { kind: 'project', accessToken: ['project'], apiToken: ['read:project:bitbucket', REPOSITORY] },
  { kind: 'repository', ...files },
  {
    kind: 'pull-request',
    accessToken: ['pullrequest'],
    apiToken: ['read:pullrequest:bitbucket', REPOSITORY],
  },
  { kind: 'folder', ...files },
  { kind: 'file', ...files },
  {
    kind: 'user',
    accessToken: ['account', 'repository'],
    apiToken: ['read:workspace:bitbucket', REPOSITORY],
  },
  { kind: 'branch', ...files },
  { kind: 'tag', ...files },
];

/** The scopes, kind by kind. */
export function scopeTable(): string {
  const all = (scopes: readonly string[]): string => scopes.map(code).join(', ');
  return table(
    ['kind', 'access token', 'API token'],
    KIND_SCOPES.map(({ kind, accessToken, apiToken }) => [
      code(kind),
      all(accessToken),
      all(apiToken),
    ]),
  );
}
