import { z } from 'zod';
import type { Count } from '../../listing/rest.js';
import { FileItems } from '../files/file-items.js';
import { FileListing } from '../files/file-listing.js';
import { filesKey, fileSelection, type FileSelection } from '../files/file-selection.js';
import type { ListedRepository } from '../items.js';
import { noNeed, type Need } from '../limits/need.js';
import { readBelow } from '../read-below.js';
import { repositorySelectorKeys } from '../repository-filter.js';
import type { ReadRequest } from '../../source.js';
import type { CloudKind } from './kind.js';

/** Files of main branches, with their content. */
export const fileKind: CloudKind = {
  name: 'file',
  selector: z.strictObject({ ...repositorySelectorKeys, ...filesKey }),
  scope: 'repository',
  open: (context, request) => {
    const selection = fileSelection(request.selector);
    const items = new FileItems(context.files, request, selection.skipParsing);
    context.files.announce(selection.matches);
    const list = (
      repository: ListedRepository,
      count: Count,
      known: ReadonlySet<string>,
    ): FileListing =>
      new FileListing({ ...context, request, selection, items, repository, count, known });
    return readBelow(context, request, {
      keeps: selection.isAbout,
      needOf: (repository) => fileNeed(repository, selection, request),
      list,
      subject: (repositoryName) => `files of ${repositoryName}`,
    });
  },
};

/** A listing shows how many files there are; only the one that is read without a listing is known. */
function fileNeed(
  { mainBranch }: ListedRepository,
  { onlyPath }: FileSelection,
  { mentions }: ReadRequest,
): Need {
  if (mainBranch === null) return noNeed;
  if (onlyPath === null || mentions('metadata')) return { api: 1, files: [] };
  return { api: 0, files: [onlyPath] };
}
