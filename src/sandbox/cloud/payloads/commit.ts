import type { JsonObject } from '../../../model/json.js';
import type { Commit } from '../../company/company.js';
import { timestamp } from '../identifiers.js';
import type { Site } from '../route.js';
import type { HostedRepository } from '../workspace.js';
import { links, repositoryApi, repositoryPage } from './links.js';
import { repositoryReference } from './repository.js';
import { userPayload } from './user.js';

/** A commit as far as another thing names it. */
export function commitReference(site: Site, slug: string, hash: string): JsonObject {
  return {
    type: 'commit',
    hash,
    links: links({
      self: `${repositoryApi(site, slug)}/commit/${hash}`,
      html: `${repositoryPage(site, slug)}/commits/${hash}`,
    }),
  };
}

/** A commit. Its author is a user where the address is one's, else only what git wrote down. */
export function commitPayload(site: Site, hosted: HostedRepository, commit: Commit): JsonObject {
  const { name, emailAddress } = commit.author;
  const user = site.company.users.find((each) => each.emailAddress === emailAddress && each.active);
  return {
    ...commitReference(site, hosted.slug, commit.id),
    date: timestamp(commit.at),
    author: {
      type: 'author',
      raw: `${name} <${emailAddress}>`,
      ...(user === undefined ? {} : { user: userPayload(site, user) }),
    },
    message: commit.message,
    parents: commit.parents.map((parent) => commitReference(site, hosted.slug, parent)),
    repository: repositoryReference(site, hosted),
  };
}
