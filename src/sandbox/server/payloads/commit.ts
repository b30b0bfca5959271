import type { JsonObject } from '../../../model/json.js';
import type { Commit } from '../../company/company.js';
import type { Site } from '../route.js';
import { userPayload } from './user.js';

/** Digits of a commit id that Data Center shows to people. */
const shownDigits = 11;

/** A commit as far as another thing names it. */
export function commitReference(id: string): JsonObject {
  return { id, displayId: id.slice(0, shownDigits) };
}

/** A commit. Its author is a user where the address is one's, else what git wrote down. */
export function commitPayload(site: Site, commit: Commit): JsonObject {
  const user = site.company.users.find(
    ({ emailAddress }) => emailAddress === commit.author.emailAddress,
  );
  const author: JsonObject =
    user === undefined
      ? { name: commit.author.name, emailAddress: commit.author.emailAddress }
      : userPayload(site, user);
  return {
    ...commitReference(commit.id),
    author,
    authorTimestamp: commit.at,
    committer: author,
    committerTimestamp: commit.at,
    message: commit.message,
    parents: commit.parents.map((parent) => commitReference(parent)),
  };
}
