import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { uuidOf } from '../../../src/sandbox/cloud/identifiers.js';
import { aCompany, aMoment } from '../../world/a-company.js';
import { startsCloud } from './started.js';

const start = startsCloud();

const at = '/repositories/acme/api';

function aDeployedCompany() {
  const run = (number: number) => ({
    number,
    branch: number === 2 ? 'next' : 'main',
    commit: 'abc',
    creator: 'admin',
    startedAt: aMoment + number,
    ...(number === 3 ? {} : { finished: { at: aMoment + 60_000, result: 'FAILED' as const } }),
    ...(number === 2 ? {} : { deploysTo: 'Live' }),
  });
  return aCompany()
    .withRepository('PAY', 'api', {
      pipelines: [run(1), run(2), run(3)],
      environments: [{ name: 'Live', type: 'Production' }],
    })
    .withPullRequest('PAY', 'api', {
      activity: [{ what: 'comment', at: aMoment + 1, by: 'admin' }],
    })
    .build();
}

const page = z.looseObject({ values: z.array(z.looseObject({})), next: z.string().optional() });

describe('what Bitbucket Pipelines knows of a repository', () => {
  it.each([
    ['pipelines', [1, 2, 3]],
    ['pipelines?sort=-created_on', [3, 2, 1]],
    ['pipelines?target.branch=next', [2]],
    ['pipelines?pagelen=2', [1, 2]],
    ['pipelines?pagelen=2&page=2', [3]],
    ['pipelines?pagelen=2&page=3', []],
  ])('%s lists these runs, and names no next page', async (path, numbers) => {
    const { get, server } = await start({ company: aDeployedCompany() });
    const { values, next } = page.parse((await get(`${at}/${path}`)).body);
    expect(values.map(({ build_number: number }) => number)).toEqual(numbers);
    expect(next).toBeUndefined();
    expect(server.violations).toEqual([]);
  });

  it.each([
    ['pipelines?sort=name', 400],
    ['pipelines?q=x', 400],
    ['pipelines?page=0', 400],
    ['pipelines/9', 404],
    ['deployments/9', 404],
    ['environments/9', 404],
    ['pullrequests/9/activity', 404],
  ])('%s is refused', async (path, status) => {
    const { get } = await start({ company: aDeployedCompany() });
    expect((await get(`${at}/${path}`)).status).toBe(status);
  });

  it.each([
    ['pipelines/2', { build_number: 2 }],
    [`deployments/${uuidOf('deployment of repository 1, run 3')}`, { release: { name: '#3' } }],
    [`environments/${uuidOf('environment Live of repository 1')}`, { name: 'Live' }],
    ['pullrequests/1/activity', { values: [{ comment: {} }, { update: { state: 'OPEN' } }] }],
  ])('%s is told by itself', async (path, told) => {
    const { get } = await start({ company: aDeployedCompany() });
    expect((await get(`${at}/${path}`)).body).toMatchObject(told);
  });
});
