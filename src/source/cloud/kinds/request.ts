import { requestKeys, requestKind } from '../../requests/asked.js';
import { repositoryKeys } from '../repository-filter.js';
import { cloudKind } from './kind.js';

export const requestFlavour = { below: null, hasWorkspaces: true } as const;

/** Any GET of the API that the settings allow: once, or for each project or repository that the selector takes. */
export const request = cloudKind({
  ...requestKind(requestFlavour, ['repoQuery', 'userRole']),
  selector: { ...repositoryKeys, ...requestKeys },
  pageSize: 'requests',
});
