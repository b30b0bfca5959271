import type { JsonObject } from '../../../model/json.js';
import type { User } from '../../company/company.js';
import type { Site } from '../route.js';
import { selfLinks } from './links.js';

/** A user wherever one is named. Without an address there is no `emailAddress`, not a null. */
export function userPayload(site: Site, user: User): JsonObject {
  return {
    name: user.name,
    ...(user.emailAddress === undefined ? {} : { emailAddress: user.emailAddress }),
    active: user.active,
    displayName: user.displayName,
    id: user.id,
    slug: user.slug,
    type: 'NORMAL',
    links: selfLinks(`${site.url}/users/${user.slug}`),
  };
}

/** 20 May 2025, in milliseconds. */
const lastLogin = 1_747_699_200_000;

/** What administrators see in addition. */
export function detailedUserPayload(site: Site, user: User): JsonObject {
  return {
    ...userPayload(site, user),
    directoryName: 'Bitbucket Internal Directory',
    lastAuthenticationTimestamp: lastLogin,
    deletable: true,
    mutableDetails: true,
    mutableGroups: true,
  };
}
