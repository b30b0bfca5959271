import type { JsonObject } from '../../model/json.js';
import type { Project, Repository } from '../company/company.js';
import { requireUser } from '../company/lookup.js';
import type { Happening } from '../happening.js';
import { requestUuid, type HookEvent } from '../hooks.js';
import { isoText, pullRequestPayloads } from './payloads/pull-request.js';
import { repositoryPayload, requireProject } from './payloads/repository.js';
import { userPayload } from './payloads/user.js';
import type { Behaviour, Site } from './route.js';
import { buildNumber } from './routes/application.js';
import { placesOf } from './routes/hooks.js';
import { commitReference } from './payloads/commit.js';

/** An event, and the places whose webhooks may want it. */
export interface ServerEvent {
  readonly event: HookEvent;
  readonly places: readonly string[];
}

const pullRequestKeys = {
  opened: 'pr:opened',
  modified: 'pr:modified',
  pushed: 'pr:from_ref_updated',
  approved: 'pr:reviewer:approved',
  merged: 'pr:merged',
  declined: 'pr:declined',
  deleted: 'pr:deleted',
} as const;

/**
 * What Data Center posts about something that happened; undefined where it posts nothing.
 * @param number of the event since the start
 */
export function serverEvent(
  site: Site,
  behaviour: Behaviour,
  happening: Happening,
  number: number,
): ServerEvent | undefined {
  const told = tell(site, behaviour, happening);
  if (told === undefined) return undefined;
  const { key, content, places } = told;
  const { version } = behaviour;
  const actor = userPayload(site, requireUser(site.company, happening.by));
  const body = { eventKey: key, date: isoText(happening.at), actor, ...content };
  const agent = `Atlassian HttpClient 3.0.4 / Bitbucket-${version} (${buildNumber(version)}) / Default`;
  const headers: HookEvent['headers'] = (hook) => ({
    'User-Agent': agent,
    'X-Request-Id': requestUuid(number, hook),
  });
  return { event: { key, body, headers }, places };
}

interface Told {
  readonly key: string;
  readonly content: JsonObject;
  readonly places: readonly string[];
}

function tell(site: Site, { dates }: Behaviour, happening: Happening): Told | undefined {
  if (happening.type === 'project') {
    const { before, project } = happening;
    const content = { old: briefProject(before), new: briefProject(project) };
    return { key: 'project:modified', content, places: placesOf({ project }) };
  }
  const { repository } = happening;
  const project = requireProject(site, repository);
  const places = [...placesOf({ project }), ...placesOf({ project, repository })];
  switch (happening.type) {
    case 'pull-request': {
      const payload = pullRequestPayloads(site, repository, { withProperties: false, dates });
      const { mergeCommit } = happening.pullRequest;
      const properties =
        mergeCommit === undefined ? {} : { mergeCommit: commitReference(mergeCommit) };
      const pullRequest = { ...payload(happening.pullRequest), properties };
      return { key: pullRequestKeys[happening.change], content: { pullRequest }, places };
    }
    case 'push': {
      const { branch, from, to } = happening;
      const type = from === null ? 'ADD' : to === null ? 'DELETE' : 'UPDATE';
      const id = `refs/heads/${branch}`;
      const ref = { id, displayId: branch, type: 'BRANCH' };
      const none = '0'.repeat(40);
      const changes = [{ ref, refId: id, fromHash: from ?? none, toHash: to ?? none, type }];
      const content = { repository: repositoryPayload(site, repository), changes };
      return { key: 'repo:refs_changed', content, places };
    }
    case 'repository': {
      const { before } = happening;
      if (before === null) return undefined;
      const content = { old: brief(site, before), new: brief(site, repository) };
      return { key: 'repo:modified', content, places };
    }
  }
}

/** As `repo:modified` tells it: without its description, its address, and those of its project. */
function brief(site: Site, repository: Repository): JsonObject {
  const left = ['links', 'description'];
  const members = Object.entries(repositoryPayload(site, repository));
  const told = Object.fromEntries(members.filter(([name]) => !left.includes(name)));
  return { ...told, project: briefProject(requireProject(site, repository)) };
}

function briefProject({ key, id, name, public: isPublic, owner }: Project): JsonObject {
  return { key, id, name, public: isPublic, type: owner === undefined ? 'NORMAL' : 'PERSONAL' };
}
