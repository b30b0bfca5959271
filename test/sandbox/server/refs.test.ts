import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { commitId } from '../../../src/sandbox/company/identifiers.js';
import { aCommit, aCompany, aMoment } from '../../world/a-company.js';
import { aDataCenter, member, type TestDataCenter } from './a-data-center.js';

const api = '/projects/PAY/repos/api';

let running: TestDataCenter;

beforeAll(async () => {
  const next = aCommit({ id: commitId('next'), at: aMoment + 1 });
  const company = aCompany()
    .withRepository('PAY', 'api', {
      branches: { 'feature/next': { files: {}, commit: next } },
      tags: {
        'v1.0': { commit: next, annotation: { at: aMoment, message: 'First\n' } },
        'build/7': { commit: next },
      },
    })
    .withRepository('PAY', 'kiosk', { empty: true })
    .build();
  running = await aDataCenter({ company });
});

afterAll(() => running.server.close());

describe('branches', () => {
  it('are listed by name, the default one among them', async () => {
    expect(await running.rows(`${api}/branches`, 1)).toEqual([
      {
        id: 'refs/heads/feature/next',
        displayId: 'feature/next',
        type: 'BRANCH',
        latestCommit: commitId('next'),
        latestChangeset: commitId('next'),
        isDefault: false,
      },
      expect.objectContaining({ displayId: 'main', isDefault: true }),
    ]);
    expect(await running.rows('/projects/PAY/repos/kiosk/branches')).toEqual([]);
  });

  it('have their newest commit where details are asked for', async () => {
    const [first] = await running.rows(`${api}/branches?details=true&orderBy=MODIFICATION`);
    const commit = 'com.atlassian.bitbucket.server.bitbucket-branch:latest-commit-metadata';
    expect(member(first, 'metadata', commit)).toMatchObject({
      id: commitId('next'),
      committerTimestamp: aMoment + 1,
    });
  });

  it('are searched by a part of their name, which may find several', async () => {
    expect(await running.rows(`${api}/branches?filterText=N`)).toHaveLength(2);
    expect(await running.rows(`${api}/branches?filterText=NEXT`)).toHaveLength(1);
  });
});

describe('tags', () => {
  it('are listed by name', async () => {
    const tags = await running.rows(`${api}/tags`);
    expect(tags.map((tag) => member(tag, 'displayId'))).toEqual(['build/7', 'v1.0']);
    expect(tags.map((tag) => typeof member(tag, 'hash'))).toEqual(['object', 'string']);
  });

  it('are found by name', async () => {
    const { body } = await running.get(`${api}/tags/build/7`);
    expect(member(body, 'id')).toBe('refs/tags/build/7');
    expect((await running.get(`${api}/tags/none`)).status).toBe(404);
  });
});
