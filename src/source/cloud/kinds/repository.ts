import { z } from 'zod';
import { AttachedFiles } from '../files/attached-files.js';
import type { ListedRepository } from '../items.js';
import type { Need } from '../limits/need.js';
import { repositoriesScope } from '../listing-root.js';
import { repositoryFilter, repositorySelectorKeys } from '../repository-filter.js';
import { RootReading } from '../root-reading.js';
import { repositoriesWithFiles } from '../with-files.js';
import type { CloudKind } from './kind.js';

/** Repositories of the workspace, empty ones included. */
export const repositoryKind: CloudKind = {
  name: 'repository',
  selector: z.strictObject(repositorySelectorKeys),
  scope: 'root',
  open: (context, request) => {
    const { listings, concurrency } = context;
    const filter = repositoryFilter(request.selector);
    const files = new AttachedFiles(context.files, request);
    const root = {
      scope: repositoriesScope,
      listings,
      read: (from: typeof listings, count: () => void) => from.repositories(filter, count),
    };
    if (files.count === 0) return new RootReading(root);
    const { plan } = context;
    const { resource } = request;
    return new RootReading(root, (count) => {
      const needOf = (repository: ListedRepository): Need => files.needOf(repository);
      const demand = { filter, needOf, count };
      plan.join(demand);
      const options = { files, plan, demand, resource, concurrency };
      return (pages) => repositoriesWithFiles(pages, options, count);
    });
  },
};
