import { z } from 'zod';
import { attachmentFields } from '../attachments.js';
import { projectFilter, projectSelectorKeys } from '../project-filter.js';
import { RepositoryReading } from '../repository-reading.js';
import type { ServerKind } from './kind.js';

/** Repositories of the projects that the selector takes: personal, archived and empty ones included. */
export const repositoryKind: ServerKind = {
  name: 'repository',
  selector: z.strictObject(projectSelectorKeys),
  scope: 'root',
  open: (context, request) =>
    new RepositoryReading(context, {
      filter: projectFilter(request.selector, context.overrides.projectsFilter),
      attachments: context.enrich.filter((name) => request.mentions(attachmentFields[name])),
      resource: request.resource,
    }),
};
