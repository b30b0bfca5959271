import type { Pipeline } from '../../company/company.js';
import { noSuchResult, unknownToContract } from '../cloud-error.js';
import { pageParameters } from '../paging.js';
import {
  deploymentPayload,
  environmentPayload,
  pipelinePayload,
  uuidsOf,
} from '../payloads/pipeline.js';
import { document, page, repositoryOf, unnamedPages, type Call, type Route } from '../route.js';

const below = '/repositories/{workspace}/{repo_slug}';
const paged = { query: [...pageParameters], needs: 'pipeline' } as const;
const single = { query: [], needs: 'pipeline' } as const;

/** What Bitbucket Pipelines knows of a repository. */
export const pipelineRoutes: readonly Route[] = [
  {
    path: `${below}/pipelines`,
    query: ['target.branch', 'sort', ...pageParameters],
    needs: 'pipeline',
    answer: (call) => {
      const hosted = repositoryOf(call);
      const found = selected(call, hosted.repository.pipelines ?? []);
      return page(call, found, (one) => pipelinePayload(call.site, hosted, one), unnamedPages);
    },
  },
  {
    // A build number does as well.
    path: `${below}/pipelines/{pipeline_uuid}`,
    ...single,
    answer: (call) => {
      const hosted = repositoryOf(call);
      const id = call.parameter('pipeline_uuid');
      const found = hosted.repository.pipelines?.find(
        (one) => String(one.number) === id || uuidsOf(hosted, one).pipeline === id,
      );
      if (found === undefined) throw noSuchResult('pipeline');
      return document(pipelinePayload(call.site, hosted, found));
    },
  },
  {
    path: `${below}/deployments`,
    ...paged,
    answer: (call) => {
      const hosted = repositoryOf(call);
      const { pipelines = [] } = hosted.repository;
      const found = pipelines.filter(({ deploysTo }) => deploysTo !== undefined);
      return page(call, found, (one) => deploymentPayload(call.site, hosted, one), unnamedPages);
    },
  },
  {
    path: `${below}/deployments/{deployment_uuid}`,
    ...single,
    answer: (call) => {
      const hosted = repositoryOf(call);
      const id = call.parameter('deployment_uuid');
      const found = hosted.repository.pipelines?.find(
        (one) => one.deploysTo !== undefined && uuidsOf(hosted, one).deployment === id,
      );
      if (found === undefined) throw noSuchResult('deployment');
      return document(deploymentPayload(call.site, hosted, found));
    },
  },
  {
    path: `${below}/environments`,
    ...paged,
    answer: (call) => {
      const hosted = repositoryOf(call);
      const { environments = [] } = hosted.repository;
      return page(call, environments, (one) => environmentPayload(hosted, one), unnamedPages);
    },
  },
  {
    path: `${below}/environments/{environment_uuid}`,
    ...single,
    answer: (call) => {
      const hosted = repositoryOf(call);
      const id = call.parameter('environment_uuid');
      const found = hosted.repository.environments?.find(
        (one) => environmentPayload(hosted, one).uuid === id,
      );
      if (found === undefined) throw noSuchResult('environment');
      return document(environmentPayload(hosted, found));
    },
  },
];

/** Oldest first, unless asked for otherwise. A `q` is ignored there: it is no parameter. */
function selected(
  { request: { query } }: Call,
  pipelines: readonly Pipeline[],
): readonly Pipeline[] {
  const branch = query.get('target.branch');
  const sort = query.get('sort') ?? 'created_on';
  if (!/^-?created_on$/.test(sort)) throw unknownToContract(`sort=${sort} is not known here`);
  const found = pipelines.filter((one) => branch === null || one.branch === branch);
  return sort.startsWith('-') ? found.reverse() : found;
}
