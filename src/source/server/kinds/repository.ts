import { z } from 'zod';
import { ReadingRecord } from '../../reading/reading-record.js';
import { repositoriesScope } from '../../reading/root.js';
import { RootReading } from '../../reading/root-reading.js';
import { attachmentFields } from '../attachments.js';
import { describeFailure } from '../describe-failure.js';
import { projectFilter, projectSelectorKeys } from '../project-filter.js';
import { RepositoryRoot } from '../repository-root.js';
import { repositoriesWithAttachments } from '../with-attachments.js';
import type { ServerKind } from './kind.js';

/** Repositories of the projects that the selector takes: personal, archived and empty ones included. */
export const repositoryKind: ServerKind = {
  name: 'repository',
  selector: z.strictObject(projectSelectorKeys),
  scope: 'root',
  open: (context, { selector, mentions, resource, enough }) => {
    const { attachments, concurrency, listings, overrides } = context;
    const filter = projectFilter(selector, overrides.projectsFilter);
    const names = context.enrich.filter((name) => mentions(attachmentFields[name]));
    attachments.announce(names);
    const record = new ReadingRecord(describeFailure);
    const root = new RepositoryRoot(listings, filter, record);
    const reading = { scope: repositoriesScope, root, record };
    if (names.length === 0) return new RootReading(reading);
    const options = { attachments, names, resource, concurrency, enough };
    return new RootReading({
      ...reading,
      furnish: (pages) => repositoriesWithAttachments(pages, options, record),
    });
  },
};
