import type { JsonObject } from '../../../model/json.js';
import type { Project, Repository } from '../../company/company.js';
import { findUser } from '../../company/lookup.js';
import type { Site } from '../route.js';

/** The port that Data Center's own git over SSH listens on. */
const sshPort = 7999;

/** `links` with a single way to the thing itself. */
export function selfLinks(href: string): { readonly self: readonly JsonObject[] } {
  return { self: [{ href }] };
}

/** A project's page; a personal project is its owner's profile. */
export function projectHref(site: Site, project: Project): string {
  const slug =
    project.owner === undefined ? undefined : findUser(site.company, project.owner)?.slug;
  return slug === undefined ? `${site.url}/projects/${project.key}` : `${site.url}/users/${slug}`;
}

/** A repository's page, without a trailing `/browse`. */
export function repositoryHref(site: Site, project: Project, repository: Repository): string {
  return `${projectHref(site, project)}/repos/${repository.slug}`;
}

/** Where to clone from, over SSH and HTTP. */
export function cloneLinks(site: Site, project: Project, repository: Repository): JsonObject[] {
  const path = `${project.key.toLowerCase()}/${repository.slug}.git`;
  const { hostname } = new URL(site.url);
  return [
    { href: `ssh://git@${hostname}:${sshPort}/${path}`, name: 'ssh' },
    { href: `${site.url}/scm/${path}`, name: 'http' },
  ];
}
