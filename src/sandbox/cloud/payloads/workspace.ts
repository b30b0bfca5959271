import type { JsonObject } from '../../../model/json.js';
import { timestamp } from '../identifiers.js';
import type { Site } from '../route.js';
import { links } from './links.js';

/** 1 October 2024: when the workspace was made. */
const createdAt = 1_727_740_800_000;

/** A workspace inside of another thing. */
export function workspaceReference(site: Site): JsonObject {
  const { slug, name, uuid } = site.identity;
  return { type: 'workspace', uuid, name, slug, links: workspaceLinks(site) };
}

/** A workspace. */
export function workspacePayload(site: Site): JsonObject {
  return {
    ...workspaceReference(site),
    is_private: true,
    is_personal: false,
    is_privacy_enforced: false,
    forking_mode: 'allow_forks',
    created_on: timestamp(createdAt),
    updated_on: timestamp(createdAt),
  };
}

/** A workspace as its caller may use it. */
export function workspaceAccess(site: Site, administrator: boolean): JsonObject {
  const { slug, uuid } = site.identity;
  return {
    type: 'workspace_access',
    administrator,
    workspace: { type: 'workspace_base', uuid, slug, links: workspaceLinks(site) },
  };
}

/** A workspace as the owner of a project or a repository. */
export function ownerPayload(site: Site): JsonObject {
  const { slug, name, uuid } = site.identity;
  return { type: 'team', display_name: name, uuid, username: slug, links: workspaceLinks(site) };
}

function workspaceLinks({ api, url, identity: { slug } }: Site): JsonObject {
  return links({
    self: `${api}/workspaces/${slug}`,
    html: `${url}/${slug}/`,
    avatar: `${url}/workspaces/${slug}/avatar/`,
  });
}
