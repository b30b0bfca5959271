import type { JsonObject } from '../../../model/json.js';
import type { Happening, PullRequest } from '../../company/company.js';
import { commitId } from '../../company/identifiers.js';
import { findUser } from '../../company/lookup.js';
import type { Site } from '../route.js';
import { userPayload } from './user.js';

const actions = {
  comment: 'COMMENTED',
  approval: 'APPROVED',
  changes: 'REVIEWED',
  push: 'RESCOPED',
} as const satisfies Record<Happening['what'], string>;

/** What happened to a pull request, the newest first. */
export function activitiesOf(site: Site, pullRequest: PullRequest): readonly JsonObject[] {
  const { id, title, author, createdDate, closedDate, state, activity = [] } = pullRequest;
  const entry = (index: number, at: number, by: string, action: string): JsonObject => {
    const user = findUser(site.company, by);
    return {
      id: id * 1_000 + index,
      createdDate: at,
      ...(user === undefined ? {} : { user: userPayload(site, user) }),
      action,
    };
  };
  const hashes = activity.map(({ what, at }, index) =>
    what !== 'push'
      ? null
      : activity.slice(index + 1).some((later) => later.what === 'push')
        ? commitId(`${title} at ${at}`)
        : pullRequest.from.commit,
  );
  const happened = activity.map((one, index) => ({
    ...entry(index + 1, one.at, one.by, actions[one.what]),
    ...(one.what === 'comment' ? { commentAction: 'ADDED' } : {}),
    ...(one.what === 'push'
      ? {
          fromHash: hashes[index] ?? null,
          previousFromHash:
            hashes.slice(0, index).findLast((hash) => hash !== null) ??
            commitId(`${title} at first`),
        }
      : {}),
  }));
  return [
    entry(0, createdDate, author, 'OPENED'),
    ...happened,
    ...(state === 'OPEN' || closedDate === undefined
      ? []
      : [entry(activity.length + 1, closedDate, author, state)]),
  ].reverse();
}
