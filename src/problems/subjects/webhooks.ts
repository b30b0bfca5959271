import type { WithRequest } from '../../model/request-facts.js';
import { type ResourceReference, resourceName } from '../../model/resource.js';
import { counted, shortened, withRequest } from '../phrases.js';
import { incomplete, refused, settings, warning, type WordsFor } from '../severity.js';

/** What keeps events of Bitbucket from reaching Port. */
export interface WebhookProblems {
  /** The credentials may not manage webhooks anywhere. `reason`: that of the first place. */
  'hooks-refused': { readonly places: number; readonly reason: string } & WithRequest;
  /** One place refused. The others went on. */
  'hook-refused': { readonly place: string; readonly reason: string } & WithRequest;
  /** There is no project or repository to make a webhook in. */
  'hooks-nowhere': { readonly level: string };
  /** Nothing in the mapping can be filled by events. */
  'webhook-empty': { readonly origin: string };
  /** An expression without which nothing can be made fails on a sample event. */
  'webhook-expression-failed': {
    readonly resource: ResourceReference;
    readonly event: string;
    readonly expression: string;
    readonly message: string;
  };
  /** The webhook in Port makes other entities than the mapping. */
  'webhook-outdated': { readonly webhook: string; readonly blueprints: readonly string[] };
  /** Port runs the integration, so that there is no place to remember the webhook in. */
  'webhook-unnoted': { readonly identifier: string };
}

/** What it takes, wherever the webhooks stand. */
const PERMISSIONS =
  'PROJECT_ADMIN of the project or REPO_ADMIN of the repository on Data Center; on Cloud, an admin of the workspace or repository and the scopes read, write and delete of webhook';

/** Each of them in words. */
export const webhookWords: WordsFor<WebhookProblems> = {
  'hooks-refused': ({ places, reason, request }) =>
    refused(
      `Bitbucket does not let these credentials manage webhooks in any of ${counted(places, 'place', 'places')}; the first: ${withRequest(reason, request)}`,
      `Nothing was written. Needed: ${PERMISSIONS}. If the answer is 404, the server may have no webhooks there: try --level repository`,
    ),
  'hook-refused': ({ place, reason, request }) =>
    incomplete(
      `webhooks of ${place} could not be managed: ${withRequest(reason, request)}`,
      `Run again afterwards; the others went on. Needed: ${PERMISSIONS}`,
    ),
  'hooks-nowhere': ({ level }) =>
    incomplete(
      `there is no ${level} to make a webhook in`,
      'Check --projects, the selectors of the mapping, and what the credentials may see',
    ),
  'webhook-empty': ({ origin }) =>
    settings(
      `events can fill nothing of ${origin}`,
      'Webhooks tell of pull requests, repositories and projects; sync reads all kinds',
    ),
  'webhook-expression-failed': ({ resource, event, expression, message }) =>
    settings(
      `${resourceName(resource)} fails on a sample of the event ${event}: ${message}; the expression is: ${shortened(expression)}`,
      'Nothing was written. Correct the expression in the mapping; see it with bitbucket-port preview',
    ),
  'webhook-outdated': ({ webhook, blueprints }) =>
    warning(
      `webhook ${webhook} in Port maps otherwise than the mapping, for ${blueprints.join(', ')}; events go on making entities in the old way`,
      'Run: bitbucket-port webhooks apply',
    ),
  'webhook-unnoted': ({ identifier }) =>
    warning(
      `integration ${identifier} is hosted by Port, which keeps no note of the webhook`,
      'Set WEBHOOK_SECRET for sync as well: it tells sync that what the webhook writes is its own',
    ),
};
