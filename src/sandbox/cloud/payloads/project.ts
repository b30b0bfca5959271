import type { JsonObject } from '../../../model/json.js';
import type { Project } from '../../company/company.js';
import { timestamp, uuidOf } from '../identifiers.js';
import type { Site } from '../route.js';
import { links } from './links.js';
import { ownerPayload, workspaceReference } from './workspace.js';

/** 7 October 2024: when the first project was made; one more on every day after it. */
const firstCreatedAt = 1_728_259_200_000;
const day = 86_400_000;

/** A project inside of a repository. */
export function projectReference(site: Site, project: Project): JsonObject {
  const { api, url, identity } = site;
  return {
    type: 'project',
    uuid: projectUuid(project),
    key: project.key,
    name: project.name,
    links: links({
      self: `${api}/workspaces/${identity.slug}/projects/${project.key}`,
      html: `${url}/${identity.slug}/workspace/projects/${project.key}`,
      avatar: `${url}/${identity.slug}/workspace/projects/${project.key}/avatar/`,
    }),
  };
}

/** A project. */
export function projectPayload(site: Site, project: Project): JsonObject {
  const { repositories } = site.workspace;
  return {
    ...projectReference(site, project),
    description: project.description ?? null,
    is_private: !project.public,
    has_publicly_visible_repos: repositories.some(
      (hosted) => hosted.project === project && hosted.repository.public,
    ),
    owner: ownerPayload(site),
    workspace: workspaceReference(site),
    created_on: timestamp(createdAt(project)),
    updated_on: timestamp(createdAt(project)),
  };
}

export function projectUuid({ id }: Project): string {
  return uuidOf(`project ${id}`);
}

/** In milliseconds. */
export function createdAt({ id }: Project): number {
  return firstCreatedAt + id * day;
}
