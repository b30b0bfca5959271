import type { JsonObject } from '../../model/json.js';
import { requireUser } from '../company/lookup.js';
import type { Happening } from '../happening.js';
import { requestUuid, type HookEvent } from '../hooks.js';
import { hookUuid } from './payloads/hook.js';
import { projectReference } from './payloads/project.js';
import { pullRequestPayloads } from './payloads/pull-request.js';
import { repositoryReference } from './payloads/repository.js';
import { userPayload } from './payloads/user.js';
import { ownerPayload, workspaceReference } from './payloads/workspace.js';
import type { Site } from './route.js';
import { workspacePlace } from './routes/hooks.js';
import type { HostedRepository } from './workspace.js';

/** An event, and the places whose webhooks may want it. */
export interface CloudEvent {
  readonly event: HookEvent;
  readonly places: readonly string[];
}

const pullRequestKeys = {
  opened: 'pullrequest:created',
  modified: 'pullrequest:updated',
  pushed: 'pullrequest:updated',
  approved: 'pullrequest:approved',
  merged: 'pullrequest:fulfilled',
  declined: 'pullrequest:rejected',
} as const;

/**
 * What Bitbucket Cloud posts about something that happened; undefined where it posts nothing.
 * @param number of the event since the start
 */
export function cloudEvent(
  site: Site,
  happening: Happening,
  number: number,
): CloudEvent | undefined {
  const told = tell(site, happening);
  if (told === undefined) return undefined;
  const { key, content, places } = told;
  const actor = userPayload(site, requireUser(site.company, happening.by));
  const headers: HookEvent['headers'] = (hook) => ({
    'User-Agent': 'Bitbucket-Webhooks/2.0',
    'X-Attempt-Number': '1',
    'X-Hook-UUID': hookUuid(hook).slice(1, -1),
    'X-Request-UUID': requestUuid(number, hook),
  });
  return { event: { key, body: { actor, ...content }, headers }, places };
}

interface Told {
  readonly key: string;
  readonly content: JsonObject;
  readonly places: readonly string[];
}

function tell(site: Site, happening: Happening): Told | undefined {
  if (happening.type === 'project') {
    const { before, project } = happening;
    const changes = { name: { old: before.name, new: project.name } };
    const content = { project: projectReference(site, project), changes };
    return { key: 'project:updated', content, places: [workspacePlace] };
  }
  const hosted = site.workspace.byId(happening.repository.id);
  if (hosted === undefined) return undefined;
  const repository = brief(site, hosted);
  const places = [workspacePlace, hosted.uuid];
  switch (happening.type) {
    case 'pull-request': {
      const { change, pullRequest } = happening;
      if (change === 'deleted') return undefined;
      const pullrequest = pullRequestPayloads(site, hosted)(pullRequest);
      return { key: pullRequestKeys[change], content: { repository, pullrequest }, places };
    }
    case 'push': {
      const { branch, from, to } = happening;
      const ref = (hash: string | null): JsonObject | null =>
        hash === null ? null : { type: 'branch', name: branch, target: { type: 'commit', hash } };
      const change = { old: ref(from), new: ref(to), created: from === null, closed: to === null };
      const changes = [{ ...change, forced: false, truncated: false, commits: [] }];
      return { key: 'repo:push', content: { repository, push: { changes } }, places };
    }
    case 'repository': {
      const { before } = happening;
      // A new one has no webhooks of its own yet that could tell.
      if (before === null)
        return { key: 'repo:created', content: { repository }, places: [workspacePlace] };
      const changes = { name: { old: before.name, new: hosted.name } };
      return { key: 'repo:updated', content: { repository, changes }, places };
    }
  }
}

/** As events tell a repository: without slug, description, main branch and dates. */
function brief(site: Site, hosted: HostedRepository): JsonObject {
  const { repository, project } = hosted;
  return {
    ...repositoryReference(site, hosted),
    website: repository.website ?? '',
    scm: 'git',
    is_private: !repository.public,
    project: projectReference(site, project),
    owner: ownerPayload(site),
    workspace: workspaceReference(site),
  };
}
