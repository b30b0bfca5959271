import { foldersKey, idleFolders } from '../files/selector-keys.js';
import { repositorySelectorKeys } from '../repository-filter.js';
import { cloudKind } from './kind.js';
import { contentsOfRepositories } from './file.js';

/** Folders that patterns find, each with its repository, once for each pattern that it meets. */
export const folder = cloudKind({
  ...contentsOfRepositories,
  name: 'folder',
  plural: 'folders',
  contents: 'folders',
  selector: { ...repositorySelectorKeys, ...foldersKey },
  idleParts: idleFolders,
});
