import type { Project } from '../../company/company.js';
import { flag, moment, text, type Fields } from '../bbql/fields.js';
import { noSuchProject, projectRefused } from '../cloud-error.js';
import { pageParameters } from '../paging.js';
import { createdAt, projectPayload, projectUuid } from '../payloads/project.js';
import { document, page, selected, type Call, type Route } from '../route.js';

export const projectRoutes: readonly Route[] = [
  {
    path: '/workspaces/{workspace}/projects',
    query: ['q', 'sort', ...pageParameters],
    needs: 'project',
    answer: (call) =>
      page(call, selected(call, visible(call), projectFields), (project) =>
        projectPayload(call.site, project),
      ),
  },
  {
    path: '/workspaces/{workspace}/projects/{project_key}',
    query: [],
    needs: 'project',
    answer: (call) => {
      const key = call.parameter('project_key');
      const isCalled = (project: Project): boolean =>
        project.key.toLowerCase() === key.toLowerCase();
      const project = visible(call).find(isCalled);
      if (project !== undefined) return document(projectPayload(call.site, project));
      throw call.site.workspace.projects.some(isCalled) ? projectRefused() : noSuchProject(key);
    },
  },
];

const projectFields: Fields<Project> = {
  key: text(({ key }) => key),
  name: text(({ name }) => name),
  uuid: text(projectUuid),
  description: text(({ description }) => description ?? null),
  is_private: flag((project) => !project.public),
  created_on: moment(createdAt),
  updated_on: moment(createdAt),
};

/** All that hold something the caller may see; empty ones too, unless the token is for one project. */
function visible({ site, caller }: Call): readonly Project[] {
  const { projects, repositories } = site.workspace;
  return projects.filter((project) => {
    const held = repositories.filter((hosted) => hosted.project === project);
    return held.length === 0 || held.some((hosted) => caller.role(hosted) !== null);
  });
}
