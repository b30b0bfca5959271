import type { HttpClient } from '../../http/client.js';
import { HttpError } from '../../http/http-error.js';
import type { PageSizes } from '../listing/page-sizes.js';
import { Rest, type FailureRules } from '../listing/rest.js';
import { isCaptcha } from './describe-failure.js';

/** Asks a Data Center, and asks no more once it has locked the account. */
export function serverRest(http: HttpClient, sizes?: PageSizes): Rest {
  const rules: FailureRules = {
    told: (failure) => failure,
    isLast: isCaptcha,
    again: (locked, subject) =>
      new HttpError(locked.failure, subject, locked.reason, locked.details, { cause: locked }),
  };
  return new Rest(http, rules, sizes);
}
