import type { Company, Project, Repository } from '../company/company.js';
import { uuidOf } from './identifiers.js';

/** A repository as the workspace holds it. */
export interface HostedRepository {
  readonly repository: Repository;
  readonly project: Project;
  /** Unique in the workspace, unlike the company's own. */
  readonly slug: string;
  readonly name: string;
  readonly uuid: string;
}

/** A company as a workspace. */
export interface Workspace {
  readonly projects: readonly Project[];
  /** By their ids. */
  readonly repositories: readonly HostedRepository[];
  /** By slug, whatever its case, or by UUID. */
  find(identifier: string): HostedRepository | undefined;
  /** One that once had this slug, and has another one now. */
  moved(slug: string): HostedRepository | undefined;
  /** By the company's own id. */
  byId(id: number | undefined): HostedRepository | undefined;
}

/**
 * Shows a company as a workspace. Personal projects stay out, as the product has none. A slug
 * that an older repository has already gets its project's key in front, and so does the name.
 * The answer is made anew only after the company's repositories or projects changed.
 */
export function createWorkspace(company: Company): () => Workspace {
  let current = build(company);
  let seen: readonly unknown[] = parts(company);
  return () => {
    const now = parts(company);
    if (now.length !== seen.length || now.some((part, index) => part !== seen[index])) {
      seen = now;
      current = build(company);
    }
    return current;
  };
}

function parts(company: Company): readonly unknown[] {
  return [...company.projects, ...company.repositories];
}

function build(company: Company): Workspace {
  const projects = company.projects.filter(({ owner }) => owner === undefined);
  const byKey = new Map(projects.map((project) => [project.key, project]));
  const bySlug = new Map<string, HostedRepository>();
  for (const repository of [...company.repositories].sort((one, other) => one.id - other.id)) {
    const project = byKey.get(repository.project);
    if (project === undefined) continue;
    const isTaken = bySlug.has(repository.slug.toLowerCase());
    const slug = isTaken ? `${project.key.toLowerCase()}-${repository.slug}` : repository.slug;
    const name = isTaken ? `${project.key} ${repository.name}` : repository.name;
    const uuid = uuidOf(`repository ${repository.id}`);
    bySlug.set(slug.toLowerCase(), { repository, project, slug, name, uuid });
  }
  const repositories = [...bySlug.values()];
  const byUuid = new Map(repositories.map((hosted) => [hosted.uuid, hosted]));
  const byId = new Map(repositories.map((hosted) => [hosted.repository.id, hosted]));
  return {
    projects,
    repositories,
    find: (identifier) => byUuid.get(identifier) ?? bySlug.get(identifier.toLowerCase()),
    moved: (slug) =>
      repositories.find(({ repository: { formerly = [] } }) =>
        formerly.some((name) => name.slug.toLowerCase() === slug.toLowerCase()),
      ),
    byId: (id) => (id === undefined ? undefined : byId.get(id)),
  };
}
