import type { JsonObject } from '../../../model/json.js';
import type { Project } from '../../company/company.js';
import { findUser } from '../../company/lookup.js';
import type { Site } from '../route.js';
import { projectHref, selfLinks } from './links.js';
import { userPayload } from './user.js';

/** A project, alone or inside a repository. */
export function projectPayload(site: Site, project: Project): JsonObject {
  const owner = project.owner === undefined ? undefined : findUser(site.company, project.owner);
  return {
    key: project.key,
    id: project.id,
    name: project.name,
    ...(project.description === undefined ? {} : { description: project.description }),
    public: project.public,
    type: project.owner === undefined ? 'NORMAL' : 'PERSONAL',
    ...(owner === undefined ? {} : { owner: userPayload(site, owner) }),
    links: selfLinks(projectHref(site, project)),
  };
}
