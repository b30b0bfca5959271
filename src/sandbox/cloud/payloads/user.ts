import type { JsonObject } from '../../../model/json.js';
import type { User } from '../../company/company.js';
import { timestamp, uuidOf } from '../identifiers.js';
import type { Site } from '../route.js';
import { links } from './links.js';

/** 1 October 2024, in milliseconds. */
const appsSince = 1_727_740_800_000;

/** A person, or an app. Bitbucket Cloud tells neither login nor e-mail address. */
export function userPayload(site: Site, user: User): JsonObject {
  const { uuid, accountId } = identityOf(user);
  const encoded = encodeURIComponent(uuid);
  if (user.isApp === true) {
    return {
      type: 'app_user',
      display_name: user.displayName,
      uuid,
      account_id: accountId,
      account_status: 'active',
      kind: 'repository_access_token',
      created_on: timestamp(appsSince),
      links: links({ avatar: `${site.url}/${encoded}/avatar/` }),
    };
  }
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
