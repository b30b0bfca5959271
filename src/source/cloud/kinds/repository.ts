import { z } from 'zod';
import { ReadingRecord } from '../../reading/reading-record.js';
import { repositoriesScope } from '../../reading/root.js';
import { RootReading } from '../../reading/root-reading.js';
import { toldReason } from '../describe-failure.js';
import { AttachedFiles } from '../files/attached-files.js';
import type { ListedRepository } from '../items.js';
import type { Need } from '../limits/need.js';
import { repositoryFilter, repositorySelectorKeys } from '../repository-filter.js';
import { repositoryRoot } from '../repository-root.js';
import { repositoriesWithFiles } from '../with-files.js';
import type { CloudKind } from './kind.js';

/** Repositories of the workspace, empty ones included. */
export const repositoryKind: CloudKind = {
  name: 'repository',
  selector: z.strictObject(repositorySelectorKeys),
  scope: 'root',
  open: (context, request) => {
    const { listings, plan, concurrency } = context;
    const { resource, enough } = request;
    const filter = repositoryFilter(request.selector);
    const files = new AttachedFiles(context.files, request);
    const record = new ReadingRecord(toldReason);
    const root = repositoryRoot(listings, filter, record);
    const reading = { scope: repositoriesScope, root, record };
    if (files.count === 0) return new RootReading(reading);
    const needOf = (repository: ListedRepository): Need => files.needOf(repository);
    const demand = { filter, needOf, count: record.count };
    plan.join(demand);
    const options = { files, plan, demand, resource, concurrency, enough };
    return new RootReading({
      ...reading,
      furnish: (pages) => repositoriesWithFiles(pages, options, record),
    });
  },
};
