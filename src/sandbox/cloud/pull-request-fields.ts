import type { PullRequest } from '../company/company.js';
import { count, flag, moment, text, type Field, type Fields } from './bbql/fields.js';
import { closedBy, stateOf } from './payloads/pull-request.js';
import { existingUser, identityOf } from './payloads/user.js';
import type { Site } from './route.js';

/** What `q` and `sort` know of a pull request. Participants are not among it. */
export function pullRequestFields(site: Site): Fields<PullRequest> {
  return {
    id: count(({ id }) => id),
    title: text(({ title }) => title),
    description: text(({ description }) => description ?? ''),
    state: text(stateOf),
    draft: flag(({ draft }) => draft),
    created_on: moment(({ createdDate }) => createdDate),
    updated_on: moment(({ updatedDate }) => updatedDate),
    comment_count: count(({ commentCount }) => commentCount),
    'source.branch.name': text(({ from }) => from.branch),
    'destination.branch.name': text(({ to }) => to.branch),
    ...personFields(site, 'author', ({ author }) => [author]),
    ...personFields(site, 'reviewers', ({ reviewers }) => reviewers.map(({ user }) => user)),
    ...personFields(site, 'closed_by', (pullRequest) =>
      pullRequest.state === 'OPEN' ? [] : [closedBy(pullRequest)],
    ),
  };
}

/** A person, or all in a list, by whatever names them; the bare path tells whether there is one. */
function personFields(
  site: Site,
  path: string,
  logins: (pullRequest: PullRequest) => readonly string[],
): Fields<PullRequest> {
  const read =
    (part: (user: NonNullable<ReturnType<typeof existingUser>>) => string) =>
    (pullRequest: PullRequest): readonly string[] =>
      logins(pullRequest)
        .map((login) => existingUser(site, login))
        .filter((user) => user !== undefined)
        .map(part);
  const uuids: Field<PullRequest> = text(read((user) => identityOf(user).uuid));
  return {
    [path]: uuids,
    [`${path}.uuid`]: uuids,
    [`${path}.account_id`]: text(read((user) => identityOf(user).accountId)),
    [`${path}.display_name`]: text(read(({ displayName }) => displayName)),
    [`${path}.nickname`]: text(read(({ name }) => name)),
  };
}
