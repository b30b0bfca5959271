import { blueprintsKey, filesKey, idleFiles } from '../../files/selector-keys.js';
import { inBranches } from '../../kind.js';
import { repositorySelectorKeys } from '../repository-filter.js';
import { cloudKind } from './kind.js';

/** Files of main branches, with their content. */
export const file = cloudKind({
  ...inBranches,
  name: 'file',
  plural: 'files',
  path: ['src'],
  contents: 'files',
  selector: { ...repositorySelectorKeys, ...filesKey, ...blueprintsKey },
  idleParts: idleFiles,
});
