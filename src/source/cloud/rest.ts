import type { HttpClient } from '../../http/client.js';
import { Rest } from '../listing/rest.js';
import { CredentialsGone, toldFailure } from './describe-failure.js';

/**
 * Asks Bitbucket Cloud, and asks no more once the credentials were refused. Failures come back in
 * Bitbucket Cloud's words.
 */
export function cloudRest(http: HttpClient): Rest {
  return new Rest(http, {
    told: toldFailure,
    isLast: (failure) => failure instanceof CredentialsGone,
    again: (gone) => gone,
  });
}
