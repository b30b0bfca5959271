import { describe, expect, it } from '@jest/globals';
import { commitId } from '../../../src/sandbox/company/identifiers.js';
import { aCommit, aCompany, aMoment } from '../../world/a-company.js';
import { column } from './a-cloud.js';
import { startsCloud } from './started.js';

const start = startsCloud();

const api = '/repositories/acme/api/refs';

function company() {
  const commit = aCommit({ id: commitId('next'), at: aMoment + 1 });
  const annotation = { at: aMoment, message: 'First\n' };
  return aCompany()
    .withRepository('PAY', 'api', {
      branches: { 'feature/next': { files: {}, commit } },
      tags: { 'v1.0': { commit, annotation }, 'build/7': { commit } },
    })
    .build();
}

describe('tags', () => {
  it('are listed by name, filtered and sorted as branches are', async () => {
    const { rows } = await start({ company: company() });
    expect(column(await rows(`${api}/tags`), 'name')).toEqual(['build/7', 'v1.0']);
    expect(column(await rows(`${api}/tags?sort=-name`), 'name')).toEqual(['v1.0', 'build/7']);
    expect(column(await rows(`${api}/tags?q=name~"build"`), 'name')).toEqual(['build/7']);
  });

  it('are found by name; an annotated one has a date and a message of its own', async () => {
    const { get } = await start({ company: company() });
    expect((await get(`${api}/tags/v1.0`)).body).toMatchObject({
      type: 'tag',
      message: 'First\n',
      date: '2025-05-20T12:37:29.000000+00:00',
      target: { hash: commitId('next') },
      links: { html: { href: expect.stringMatching(/\/acme\/api\/commits\/tag\/v1\.0$/) } },
    });
    expect((await get(`${api}/tags/build/7`)).body).toMatchObject({ date: null, message: null });
    expect((await get(`${api}/tags/none`)).status).toBe(404);
  });
});
