import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../../model/json.js';
import type { RawItem } from '../../../model/page.js';
import { activityKey, reviewField } from '../../review.js';
import { repositorySelectorKeys } from '../repository-filter.js';
import { cloudKind } from './kind.js';

/** What is asked for when the selector does not say, as in today's integration. */
const openOnes = 'state="OPEN"';

const states = ['OPEN', 'MERGED', 'DECLINED', 'SUPERSEDED'] as const;

/** Beside `q` no state counts but those that it names. */
const inStates = (some: readonly string[]): string =>
  some.map((state) => `state="${state}"`).join(' OR ');

/** What a listing leaves out unless it is asked for. */
const fields = '+values.reviewers,+values.participants';

/** Oldest first: what is opened meanwhile comes last. */
const sort = 'created_on';

/** What is said of a repository inside of another thing. */
const referenceFields = ['type', 'uuid', 'name', 'full_name', 'links'];

/** A person in Bitbucket, by the keys that may be told of one. */
const account = {
  type: 'user',
  display_name: '',
  links: {},
  uuid: '',
  account_id: '',
  nickname: '',
};

/** What is told of a participant besides who it is. */
const participation = {
  type: 'participant',
  role: 'REVIEWER',
  approved: false,
  state: null,
  participated_on: null,
};

const destination = z.object({ repository: z.object({ full_name: z.string() }) });

/**
 * Pull requests into each repository that the selector takes; open ones by default. `includedFiles` is
 * taken as it is by today's integration, and like there attaches nothing to a pull request.
 */
export const pullRequest = cloudKind({
  name: 'pull-request',
  plural: 'pull requests',
  under: 'repository',
  selector: {
    ...repositorySelectorKeys,
    /** A filter in Bitbucket's query language. */
    pullRequestQuery: z.string().nullish(),
    /** Besides the filter: of which states. None at all leaves it to the filter, or takes open ones. */
    states: z.array(z.enum(states)).nullish(),
    ...activityKey,
  },
  filterKey: 'pullRequestQuery',
  path: ['pullrequests'],
  extras: ['reviewers', 'participants', reviewField],
  members: { reviewers: account, participants: { ...participation, user: account } },
  widest: { q: inStates(states), fields, sort },
  pageSize: 'pull requests',
  pages: ['pull-requests/{}'],
  item: z.object({
    id: z.int(),
    destination: destination.nullish().catch(null),
    updated_on: z.string().nullish().catch(null),
  }),
  key: ({ id }) => id,
  segments: ({ id }) => [id],
  whole: withDestination,
  home: ({ destination }) => destination?.repository.full_name ?? null,
  changed: (item) => item.updated_on,
  wanted: ({ pullRequestQuery, states: some, withActivity }, since) => {
    const asked = pullRequestQuery?.trim() ?? '';
    const isAsked = asked !== '';
    const clauses = [
      ...(isAsked ? [asked] : []),
      ...(some?.length ? [inStates(some)] : isAsked ? [] : [openOnes]),
      ...(since === null ? [] : [`updated_on >= ${moment(since)}`]),
    ];
    const [only = openOnes, ...others] = clauses;
    const q = others.length === 0 ? only : clauses.map((clause) => `(${clause})`).join(' AND ');
    return { query: { q, fields, sort }, reviews: withActivity === true };
  },
  only: ({ id }) => `id=${id}`,
  elsewhere: ['source'],
  alsoCosts: '1 for each 50 entries of the log of the repository where `withActivity` is used',
});

/** As the query language writes a time. */
function moment(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('.000Z', '+00:00');
}

/** A pull request leads into the repository that lists it, also where Bitbucket leaves that out. */
function withDestination(value: JsonObject, repository: RawItem): JsonObject {
  const destination = isJsonObject(value.destination) ? value.destination : {};
  if (isJsonObject(destination.repository)) return value;
  const reference = Object.fromEntries(
    Object.entries(repository.value).filter(([name]) => referenceFields.includes(name)),
  );
  return { ...value, destination: { ...destination, repository: reference } };
}
