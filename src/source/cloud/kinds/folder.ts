import { foldersKey, idleFolders } from '../../files/selector-keys.js';
import { inBranches } from '../../kind.js';
import { repositorySelectorKeys } from '../repository-filter.js';
import { cloudKind } from './kind.js';

/** Folders that patterns find, each with its repository, once for each pattern that it meets. */
export const folder = cloudKind({
  ...inBranches,
  name: 'folder',
  plural: 'folders',
  path: ['src'],
  contents: 'folders',
  selector: { ...repositorySelectorKeys, ...foldersKey },
  idleParts: idleFolders,
});
