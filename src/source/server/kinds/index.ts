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
];

/** The same where not every attachment may be fetched: what is not fetched is not filled. */
export function serverKindsWith(enrich: readonly AttachmentName[]): readonly ServerKind[] {
  const off = Object.entries(attachmentFields).flatMap(([name, field]) =>
    enrich.some((each) => each === name) ? [] : [field],
  );
  return serverKinds.map((kind) =>
    kind.extras === undefined
      ? kind
      : { ...kind, extras: kind.extras.filter((field) => !off.some((each) => each === field)) },
  );
}
