import { foldersKey, idleFolders, includedFilesKey } from '../../files/selector-keys.js';
import { inBranches } from '../../kind.js';
import { projectSelectorKeys } from '../project-filter.js';
import { serverKind } from './kind.js';

/** Folders that patterns find, each with its repository, once for each pattern that it meets. */
export const folder = serverKind({
  ...inBranches,
  name: 'folder',
  plural: 'folders',
  path: ['browse'],
  contents: 'folders',
  selector: { ...projectSelectorKeys, ...includedFilesKey, ...foldersKey },
  idleParts: idleFolders,
});
