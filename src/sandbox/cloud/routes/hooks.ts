import { z } from 'zod';
import type { Hook, HookSettings } from '../../hooks.js';
import { CloudError, unknownToContract } from '../cloud-error.js';
import { pageParameters } from '../paging.js';
import { hookPayload, hookUuid } from '../payloads/hook.js';
import { document, page, repositoryOf, type Call, type Route } from '../route.js';
import type { HostedRepository } from '../workspace.js';

/** Webhooks of the workspace and of its repositories. */
export const hookRoutes: readonly Route[] = [
  ...routesBelow('/workspaces/{workspace}', () => null),
  ...routesBelow('/repositories/{workspace}/{repo_slug}', (call) => {
    const hosted = repositoryOf(call);
    const role = call.caller.role(hosted);
    if (role !== 'admin' && role !== 'owner') throw hooksRefused();
    return hosted;
  }),
];

/** The place of a workspace's webhooks; a repository's is its UUID. */
export const workspacePlace = 'workspace';

const pullRequestEvents = [
  ...['created', 'updated', 'push', 'approved', 'unapproved', 'fulfilled', 'rejected'],
  ...['changes_request_created', 'changes_request_removed', 'comment_created', 'comment_updated'],
  ...['comment_deleted', 'comment_resolved', 'comment_reopened'],
].map((happened) => `pullrequest:${happened}`);

const otherEvents = [
  ...['push', 'fork', 'updated', 'created', 'deleted', 'imported', 'transfer'],
  ...['commit_comment_created', 'commit_status_created', 'commit_status_updated'],
].map((happened) => `repo:${happened}`);

const events: readonly string[] = [
  ...pullRequestEvents,
  ...otherEvents,
  ...['issue:created', 'issue:updated', 'issue:comment_created'],
  ...['pipeline:span_created', 'project:updated'],
];

const change = z.looseObject({
  url: z.url({ protocol: /^https?$/ }).optional(),
  description: z.string().optional(),
  active: z.boolean().optional(),
  events: z
    .array(z.string())
    .min(1)
    .refine((given) => new Set(given).size === given.length, 'an event comes twice')
    .refine((given) => given.every((event) => events.includes(event)), 'an event is not known')
    .optional(),
  secret: z.string().max(128).nullable().optional(),
});

/** Listing, making, reading, changing and deleting webhooks; null: those of the workspace. */
function routesBelow(
  path: string,
  ownerOf: (call: Call) => HostedRepository | null,
): readonly Route[] {
  const placeOf = (call: Call): string => {
    const owner = ownerOf(call);
    if (call.behaviour.refusesHooks(owner?.slug ?? null)) throw hooksRefused();
    return owner?.uuid ?? workspacePlace;
  };
  const existing = (call: Call): Hook => {
    const uuid = call.parameter('uid');
    const hook = call.hooks
      .list(placeOf(call))
      .find((each) => [hookUuid(each), hookUuid(each).slice(1, -1)].includes(uuid));
    if (hook === undefined) throw new CloudError(404, `The webhook ${uuid} does not exist.`);
    return hook;
  };
  return [
    {
      path: `${path}/hooks`,
      query: pageParameters,
      needs: 'webhook',
      answer: (call) => page(call, call.hooks.list(placeOf(call)), hookPayload),
      writes: {
        POST: {
          needs: ['webhook', 'webhook:write'],
          answer: (call, body) => {
            const place = placeOf(call);
            const { url, events: wanted, description = '', active = true, secret } = read(body);
            if (url === undefined || wanted === undefined) {
              throw unknownToContract('a webhook needs a url and events');
            }
            const settings = { name: description, url, active, events: wanted };
            const made = call.hooks.add(place, { ...settings, secret: secretOf(secret) });
            return { type: 'made', document: hookPayload(made) };
          },
        },
      },
    },
    {
      path: `${path}/hooks/{uid}`,
      query: [],
      needs: 'webhook',
      answer: (call) => document(hookPayload(existing(call))),
      writes: {
        PUT: {
          needs: ['webhook', 'webhook:write'],
          answer: (call, body) => {
            const hook = existing(call);
            return document(hookPayload(call.hooks.change(hook, changed(hook, read(body)))));
          },
        },
        DELETE: {
          needs: ['webhook:delete'],
          answer: (call) => {
            call.hooks.remove(existing(call));
            return { type: 'deleted' };
          },
        },
      },
    },
  ];
}

/** What is not sent stays; an empty secret takes the one before away. */
function changed(hook: Hook, sent: z.output<typeof change>): HookSettings {
  return {
    name: sent.description ?? hook.name,
    url: sent.url ?? hook.url,
    active: sent.active ?? hook.active,
    events: sent.events ?? hook.events,
    secret: sent.secret === undefined ? hook.secret : secretOf(sent.secret),
  };
}

function secretOf(sent: string | null | undefined): string | null {
  return sent === undefined || sent === '' ? null : sent;
}

function read(body: unknown): z.output<typeof change> {
  const result = change.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw unknownToContract(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not allowed'}`);
}

function hooksRefused(): CloudError {
  return new CloudError(403, 'You do not have permission to manage webhooks here.');
}
