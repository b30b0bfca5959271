import { filesKey, idleFiles } from '../files/selector-keys.js';
import { repositorySelectorKeys } from '../repository-filter.js';
import { cloudKind } from './kind.js';
import { contentsOfRepositories } from './contents.js';

/** Files of main branches, with their content. */
export const file = cloudKind({
  ...contentsOfRepositories,
  name: 'file',
  plural: 'files',
  contents: 'files',
  selector: { ...repositorySelectorKeys, ...filesKey },
  idleParts: idleFiles,
});
