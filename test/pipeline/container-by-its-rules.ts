import { z } from 'zod';
import type { SandboxPort } from '../../src/sandbox/port/port.js';

/** A value of a raw item or an entity. */
type Json = z.output<ReturnType<typeof z.json>>;
type Fields = Readonly<Record<string, Json>>;

/** What the container makes of an item; null: it has no identifier, and is skipped. */
export interface ContainerEntity {
  readonly blueprint: string;
  readonly identifier: string;
  readonly title: string;
  readonly properties: Fields;
  readonly relations: Fields;
}

/** What the container has at hand: a Bitbucket that it may read, and a Port that it may write. */
export interface ContainerWorld {
  readonly bitbucket: { readonly root: string; readonly authorization: string };
  readonly workspace: string;
  readonly port: SandboxPort;
  readonly client: { readonly clientId: string; readonly clientSecret: string };
}

/** Lists of items in the order in which the container reads them: it writes each in bulks of 20. */
type Lists = AsyncGenerator<readonly ContainerEntity[], void, undefined>;

const ENTITIES_PER_BULK = 20;

const pageOfServer = z.object({
  values: z.array(z.json()),
  isLastPage: z.boolean(),
  nextPageStart: z.int().nullish(),
});
const pageOfCloud = z.object({ values: z.array(z.json()), next: z.string().optional() });
const token = z.object({ accessToken: z.string() });

/**
 * Loads a Bitbucket as the container does: with its requests, its default mapping and its writes, each
 * written down by hand. Nothing of it runs through the program under test.
 * @returns all that it made, also what Port did not take, in order
 */
export async function loadAsTheContainer(
  world: ContainerWorld,
  flavour: 'server' | 'cloud',
): Promise<readonly ContainerEntity[]> {
  const { port, client } = world;
  const { accessToken } = token.parse(
    await answerOf(`${port.url}/v1/auth/access_token`, {}, client),
  );
  const type = flavour === 'server' ? 'bitbucket-server' : 'bitbucket-cloud';
  const headers = {
    authorization: `Bearer ${accessToken}`,
    'user-agent': `port-ocean/${type}/0.48.12/my-${type}-integration/exporter`,
  };
  const made: ContainerEntity[] = [];
  for await (const list of flavour === 'server' ? serverLists(world) : cloudLists(world)) {
    made.push(...list);
    for (let start = 0; start < list.length; start += ENTITIES_PER_BULK) {
      const bulk = list.slice(start, start + ENTITIES_PER_BULK);
      const query = 'upsert=true&merge=true&create_missing_related_entities=true';
      const path = `/v1/blueprints/${bulk[0]?.blueprint ?? ''}/entities/bulk?${query}`;
      // One that is refused as a whole loses all of its entities.
      const entities = bulk.map(({ identifier, title, properties, relations }) => ({
        identifier,
        title,
        properties,
        relations,
      }));
      await answerOf(`${port.url}${path}&validation_only=false`, headers, { entities });
    }
  }
  return made;
}

async function* serverLists({ bitbucket }: ContainerWorld): Lists {
  const { root, authorization } = bitbucket;
  const pages = async (path: string): Promise<readonly (readonly Json[])[]> => {
    const all: (readonly Json[])[] = [];
    for (let start: number | null = 0; start !== null;) {
      const separator = path.includes('?') ? '&' : '?';
      const url = `${root}/rest/api/1.0/${path}${separator}start=${start}&limit=25`;
      const { values, isLastPage, nextPageStart } = pageOfServer.parse(
        await answerOf(url, { authorization }),
      );
      all.push(values);
      start = isLastPage ? null : (nextPageStart ?? null);
    }
    return all;
  };
  const repositories: Json[] = [];
  for (const page of await pages('projects')) yield page.flatMap(serverProject);
  for (const project of (await pages('projects')).flat()) {
    for (const page of await pages(`projects/${textAt(project, 'key')}/repos`)) {
      repositories.push(...page);
      yield page.flatMap(serverRepository);
    }
  }
  for (const repository of repositories) {
    const key = textAt(repository, 'project', 'key');
    const path = `projects/${key}/repos/${textAt(repository, 'slug')}/pull-requests?state=OPEN`;
    for (const page of await pages(path)) yield page.flatMap(serverPullRequest);
  }
  for (const page of await pages('users')) yield page.flatMap(serverUser);
}

function serverProject(raw: Json): readonly ContainerEntity[] {
  return entity('bitbucketProject', at(raw, 'key'), at(raw, 'name'), {
    public: at(raw, 'public'),
    type: at(raw, 'type'),
    description: at(raw, 'description'),
    link: at(raw, 'links', 'self', 0, 'href'),
  });
}

/** Nothing fills `.__readme` and `.__latestCommit` any more. */
function serverRepository(raw: Json): readonly ContainerEntity[] {
  const properties = {
    description: at(raw, 'description'),
    state: at(raw, 'state'),
    forkable: at(raw, 'forkable'),
    public: at(raw, 'public'),
    link: at(raw, 'links', 'self', 0, 'href'),
    documentation: null,
  };
  const relations = { project: at(raw, 'project', 'key'), latestCommitAuthor: null };
  return entity('bitbucketRepository', at(raw, 'slug'), at(raw, 'name'), properties, relations);
}

function serverPullRequest(raw: Json): readonly ContainerEntity[] {
  const slug = textAt(raw, 'toRef', 'repository', 'slug');
  const people = (list: string): Json[] =>
    members(at(raw, list)).map((member) => at(member, 'user', 'emailAddress'));
  const properties = {
    created_on: moment(at(raw, 'createdDate')),
    updated_on: moment(at(raw, 'updatedDate')),
    merge_commit: at(raw, 'fromRef', 'latestCommit'),
    state: at(raw, 'state'),
    owner: at(raw, 'author', 'user', 'emailAddress'),
    link: at(raw, 'links', 'self', 0, 'href'),
    destination: at(raw, 'toRef', 'displayId'),
    source: at(raw, 'fromRef', 'displayId'),
    mergedAt: moment(at(raw, 'closedDate')),
    reviewers: people('reviewers'),
  };
  // Nulls in a relation are taken out before it is sent.
  const participants = people('participants').filter((each) => each !== null);
  const identifier = `${slug}-${textAt(raw, 'id')}`;
  const relations = { repository: slug, participants };
  return entity('bitbucketPullRequest', identifier, at(raw, 'title'), properties, relations);
}

function serverUser(raw: Json): readonly ContainerEntity[] {
  return entity('bitbucketUser', at(raw, 'emailAddress'), at(raw, 'displayName'), {
    username: at(raw, 'name'),
    url: at(raw, 'links', 'self', 0, 'href'),
    portUser: at(raw, 'emailAddress'),
  });
}

async function* cloudLists({ bitbucket, workspace }: ContainerWorld): Lists {
  const { root, authorization } = bitbucket;
  const pages = async (path: string): Promise<readonly (readonly Json[])[]> => {
    const all: (readonly Json[])[] = [];
    for (let url: string | undefined = `${root}/${path}`; url !== undefined;) {
      const { values, next } = pageOfCloud.parse(await answerOf(url, { authorization }));
      all.push(values);
      url = next;
    }
    return all;
  };
  for (const page of await pages(`workspaces/${workspace}/projects`)) {
    yield page.flatMap(cloudProject);
  }
  const repositories = await pages(`repositories/${workspace}`);
  for (const page of repositories) {
    const list: ContainerEntity[] = [];
    for (const raw of page) {
      const branch = at(raw, 'mainbranch', 'name');
      const read = async (path: string): Promise<string | null> => {
        if (typeof branch !== 'string') return null;
        const file = `${root}/repositories/${textAt(raw, 'full_name')}/src/${branch}/${path}`;
        const answer = await fetch(file, { headers: { authorization } });
        return answer.ok ? await answer.text() : null;
      };
      list.push(...cloudRepository(raw, await read('README.md'), await read('CODEOWNERS')));
    }
    yield list;
  }
  for (const repository of repositories.flat()) {
    const query = `pagelen=50&q=${encodeURIComponent('state="OPEN"')}`;
    const path = `repositories/${textAt(repository, 'full_name')}/pullrequests?${query}`;
    for (const page of await pages(path)) yield page.flatMap(cloudPullRequest);
  }
}

function cloudProject(raw: Json): readonly ContainerEntity[] {
  return entity('bitbucketProject', withoutBraces(at(raw, 'uuid')), at(raw, 'name'), {
    private: at(raw, 'is_private'),
    description: at(raw, 'description'),
    type: at(raw, 'type'),
    url: at(raw, 'links', 'html', 'href'),
  });
}

function cloudRepository(
  raw: Json,
  readme: string | null,
  codeowners: string | null,
): readonly ContainerEntity[] {
  const properties = {
    url: at(raw, 'links', 'html', 'href'),
    defaultBranch: at(raw, 'mainbranch', 'name'),
    readme,
    codeowners,
  };
  const relations = { project: withoutBraces(at(raw, 'project', 'uuid')) };
  return entity('bitbucketRepository', at(raw, 'name'), at(raw, 'name'), properties, relations);
}

/** A list of pull requests has neither `reviewers` nor `participants`: the expressions end in an error. */
function cloudPullRequest(raw: Json): readonly ContainerEntity[] {
  const repository = at(raw, 'destination', 'repository', 'name');
  const properties = {
    creator: at(raw, 'author', 'display_name'),
    assignees: null,
    reviewers: null,
    status: at(raw, 'state'),
    createdAt: at(raw, 'created_on'),
    updatedAt: at(raw, 'updated_on'),
    link: at(raw, 'links', 'html', 'href'),
  };
  // In jq, null and a text are the text.
  const identifier = `${typeof repository === 'string' ? repository : ''}${textAt(raw, 'id')}`;
  const title = at(raw, 'title');
  return entity('bitbucketPullRequest', identifier, title, properties, { repository });
}

function entity(
  blueprint: string,
  identifier: Json,
  title: Json,
  properties: Fields,
  relations: Fields = {},
): readonly ContainerEntity[] {
  if (typeof identifier !== 'string' || identifier === '') return [];
  return [{ blueprint, identifier, title: asText(title), properties, relations }];
}

function at(value: Json, ...path: readonly (string | number)[]): Json {
  return path.reduce<Json>((inner, step) => {
    if (Array.isArray(inner)) return typeof step === 'number' ? (inner[step] ?? null) : null;
    return typeof inner === 'object' && inner !== null ? (inner[step] ?? null) : null;
  }, value);
}

function textAt(value: Json, ...path: readonly (string | number)[]): string {
  return asText(at(value, ...path));
}

function asText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function members(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function withoutBraces(value: Json): Json {
  return typeof value === 'string' ? value.replace(/[{}]/gu, '') : null;
}

/** Whole seconds in UTC. */
function moment(milliseconds: Json): Json {
  if (typeof milliseconds !== 'number') return null;
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

async function answerOf(
  url: string,
  headers: Readonly<Record<string, string>>,
  body?: unknown,
): Promise<unknown> {
  const answer = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return await answer.json();
}
