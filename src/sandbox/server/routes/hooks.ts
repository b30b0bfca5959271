import { z } from 'zod';
import type { Project, Repository } from '../../company/company.js';
import type { Hook, HookSettings } from '../../hooks.js';
import { ApiError } from '../api-error.js';
import { hookPayload } from '../payloads/hook.js';
import { requireProject } from '../payloads/repository.js';
import { pageParameters } from '../paging.js';
import { noContent, ok, projectOf, repositoryOf, type Call, type Route } from '../route.js';

/** Webhooks of repositories and, from 8.8 on, of projects. */
export const hookRoutes: readonly Route[] = [
  ...routesBelow('/projects/{projectKey}', (call) => {
    if (!isSince(call.behaviour.version, 8, 8)) throw noSuchResource();
    return { project: projectOf(call) };
  }),
  ...routesBelow('/projects/{projectKey}/repos/{repositorySlug}', (call) => {
    const repository = repositoryOf(call);
    return { project: requireProject(call.site, repository), repository };
  }),
];

/** What a webhook is for: a repository, or all that is in a project. */
export interface HookOwner {
  readonly project: Project;
  readonly repository?: Repository;
}

/** Where such webhooks stand: `PAY`, `PAY/api`, and what the repository was called before. */
export function placesOf({ project, repository }: HookOwner): [string, ...string[]] {
  if (repository === undefined) return [project.key];
  const { slug, formerly = [] } = repository;
  return [`${project.key}/${slug}`, ...formerly.map((name) => `${name.project}/${name.slug}`)];
}

const pullRequestEvents = [
  ...['opened', 'modified', 'merged', 'declined', 'deleted', 'from_ref_updated'],
  ...['reviewer:updated', 'reviewer:approved', 'reviewer:unapproved', 'reviewer:needs_work'],
  ...['comment:added', 'comment:edited', 'comment:deleted'],
].map((happened) => `pr:${happened}`);

const codeEvents = ['refs_changed', 'modified', 'forked', 'comment:added'].map(
  (happened) => `repo:${happened}`,
);

/** Rows of a page, whatever `limit` asks for: a known fault of the product. */
const pageRows = 25;

const hookBody = z.looseObject({
  name: z.string().min(1),
  url: z.url({ protocol: /^https?$/ }),
  events: z.array(z.string()).min(1),
  active: z.boolean().default(true),
  configuration: z.looseObject({ secret: z.string().optional() }).default({}),
});

/** Listing, making, reading, changing and deleting the webhooks of a place. */
function routesBelow(path: string, ownerOf: (call: Call) => HookOwner): readonly Route[] {
  const managed = (call: Call): HookOwner => {
    const owner = ownerOf(call);
    const { project, repository } = owner;
    const slug = repository === undefined ? {} : { slug: repository.slug };
    const refusal = call.behaviour.refusesHooks({ project: project.key, ...slug });
    if (refusal !== null) throw insufficientPermission(refusal, owner);
    return owner;
  };
  const existing = (call: Call): Hook => {
    const places = placesOf(managed(call));
    const id = call.parameter('webhookId');
    const hook = call.hooks.list(...places).find((each) => String(each.id) === id);
    if (hook === undefined) throw noSuchHook(id);
    return hook;
  };
  return [
    {
      path: `${path}/webhooks`,
      query: ['event', 'statistics', ...pageParameters],
      answer: (call) => {
        const hooks = call.hooks.list(...placesOf(managed(call)));
        const start = Number(call.query.get('start') ?? 0);
        const values = hooks.slice(start, start + pageRows);
        const next = start + values.length;
        const isLastPage = next >= hooks.length;
        return ok({
          size: values.length,
          limit: pageRows,
          isLastPage,
          values: values.map((each) => hookPayload(each, call.behaviour)),
          start,
          nextPageStart: isLastPage ? null : next,
        });
      },
      writes: {
        POST: (call, body) => {
          const owner = managed(call);
          const made = call.hooks.add(placesOf(owner)[0], settingsOf(call, owner, body));
          return { status: call.behaviour.createdHook, body: hookPayload(made, call.behaviour) };
        },
      },
    },
    {
      path: `${path}/webhooks/{webhookId}`,
      query: ['statistics'],
      answer: (call) => ok(hookPayload(existing(call), call.behaviour)),
      writes: {
        PUT: (call, body) => {
          const hook = existing(call);
          const changed = call.hooks.change(hook, settingsOf(call, managed(call), body));
          return ok(hookPayload(changed, call.behaviour));
        },
        DELETE: (call) => {
          call.hooks.remove(existing(call));
          return noContent;
        },
      },
    },
  ];
}

/** @throws ApiError 400 for what is missing or wrong, and for an event that this version lacks */
function settingsOf({ behaviour }: Call, { repository }: HookOwner, body: unknown): HookSettings {
  const result = hookBody.safeParse(body);
  if (!result.success) {
    const [issue] = result.error.issues;
    const context = issue?.path.join('.') ?? '';
    throw new ApiError(400, issue?.message ?? 'not allowed', null, { context, violation: true });
  }
  const { name, url, active, events, configuration } = result.data;
  // A hook of a repository hears nothing of its project.
  const ofProjects =
    repository === undefined && isSince(behaviour.version, 8, 8) ? ['project:modified'] : [];
  const known = [...pullRequestEvents, ...codeEvents, 'mirror:repo_synchronized', ...ofProjects];
  const unknown = events.find((event) => !known.includes(event));
  if (unknown !== undefined) throw unknownEvent(unknown);
  return { name, url, active, events, secret: configuration.secret ?? null };
}

/** Whether `9.4.1` is of this version or a newer one. */
function isSince(version: string, major: number, minor: number): boolean {
  const [given = 0, below = 0] = version.split('.').map(Number);
  return given > major || (given === major && below >= minor);
}

/** What a version answers that lacks the whole resource: not an error of an item. */
function noSuchResource(): ApiError {
  return new ApiError(404, 'null for uri: there is no such resource in this version');
}

function noSuchHook(id: string): ApiError {
  return new ApiError(
    404,
    `A webhook with ID ${id} does not exist.`,
    'com.atlassian.webhooks.NoSuchWebhookException',
  );
}

function unknownEvent(event: string): ApiError {
  return new ApiError(
    400,
    `${event} is an unknown webhook event.`,
    'com.atlassian.bitbucket.validation.ArgumentValidationException',
    { context: 'events' },
  );
}

function insufficientPermission(status: 401 | 403, { repository }: HookOwner): ApiError {
  const permission = repository === undefined ? 'PROJECT_ADMIN' : 'REPO_ADMIN';
  return new ApiError(
    status,
    `You are not permitted to access this resource: ${permission} is required`,
    'com.atlassian.bitbucket.AuthorisationException',
  );
}
