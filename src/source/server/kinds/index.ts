import { withAllowed } from '../../requests/asked.js';
import { branch } from './branch.js';
import { file } from './file.js';
import { folder } from './folder.js';
import { group } from './group.js';
import type { ServerKind } from './kind.js';
import { pipeline } from './pipeline.js';
import { project } from './project.js';
import { pullRequest } from './pull-request.js';
import { attachmentFields, type AttachmentName, repository } from './repository.js';
import { user } from './user.js';
import { request, requestFlavour } from './request.js';
import { tag } from './tag.js';

/** Every kind of Data Center. */
export const serverKinds: readonly ServerKind[] = [
  project,
  repository,
  pullRequest,
  folder,
  file,
  user,
  group,
  branch,
  tag,
  pipeline,
  request,
];

/**
 * The same as the settings have them: what is not fetched of repositories is not filled, and requests may ask
 * for what is listed alone.
 */
export function serverKindsWith({
  enrich,
  allowRequests,
}: {
  readonly enrich: readonly AttachmentName[];
  readonly allowRequests: readonly string[];
}): readonly ServerKind[] {
  const off = Object.entries(attachmentFields).flatMap(([name, field]) =>
    enrich.some((each) => each === name) ? [] : [field],
  );
  return serverKinds.map((kind) => {
    if (kind === request) return withAllowed(kind, requestFlavour, allowRequests);
    return kind.extras === undefined
      ? kind
      : { ...kind, extras: kind.extras.filter((field) => !off.some((each) => each === field)) };
  });
}
