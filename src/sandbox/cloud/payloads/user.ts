import type { JsonObject } from '../../../model/json.js';
import type { User } from '../../company/company.js';
import { uuidOf } from '../identifiers.js';
import type { Site } from '../route.js';
import { links } from './links.js';

/** A person. Bitbucket Cloud tells neither login nor e-mail address. */
export function userPayload(site: Site, user: User): JsonObject {
  const { uuid, accountId } = identityOf(user);
  const encoded = encodeURIComponent(uuid);
  return {
    type: 'user',
    display_name: user.displayName,
    uuid,
    account_id: accountId,
    nickname: user.name,
    links: links({
      self: `${site.api}/users/${encoded}`,
      html: `${site.url}/${encoded}/`,
      avatar: `${site.url}/${encoded}/avatar/`,
    }),
  };
}

/** How Bitbucket and Atlassian know a person, for good. */
export function identityOf(user: User): { readonly uuid: string; readonly accountId: string } {
  const uuid = uuidOf(`user ${user.id}`);
  return { uuid, accountId: `557058:${uuid.slice(1, -1)}` };
}

/** The user of this login, as long as the account exists: who left is deleted here. */
export function existingUser({ company }: Site, login: string): User | undefined {
  return company.users.find(({ name, active }) => name === login && active);
}
