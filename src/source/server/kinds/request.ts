import { requestKeys, requestKind } from '../../requests/asked.js';
import { projectSelectorKeys } from '../project-filter.js';
import { serverKind } from './kind.js';

/** Personal access tokens are good for nothing but what is below `rest`. */
export const requestFlavour = { below: 'rest', hasWorkspaces: false } as const;

/** Any GET of the API that the settings allow: once, or for each project or repository that the selector takes. */
export const request = serverKind({
  ...requestKind(requestFlavour, ['projects', 'projectFilterRegex']),
  selector: { ...projectSelectorKeys, ...requestKeys },
  narrowedBy: ['projectsFilter'],
});
