import { blueprintsKey, filesKey, idleFiles, includedFilesKey } from '../../files/selector-keys.js';
import { inBranches } from '../../kind.js';
import { projectSelectorKeys } from '../project-filter.js';
import { serverKind } from './kind.js';

/** Files of main branches, with their content. */
export const file = serverKind({
  ...inBranches,
  name: 'file',
  plural: 'files',
  path: ['files'],
  contents: 'files',
  selector: { ...projectSelectorKeys, ...includedFilesKey, ...filesKey, ...blueprintsKey },
  idleParts: idleFiles,
});
