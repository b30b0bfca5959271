import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { serverKinds } from '../../../src/source/server/kinds/index.js';

function issuesOf(kind: string, selector: unknown): readonly string[] {
  const schema = serverKinds.find(({ name }) => name === kind)!.selector;
  const result = schema.safeParse(selector);
  return result.error?.issues.map(({ path, code }) => `${path.join('.')}: ${code}`) ?? [];
}

describe('selectors of Data Center kinds', () => {
  it('come with these kinds', () => {
    expect(serverKinds.map(({ name, scope }) => [name, scope])).toEqual([
      ['project', 'root'],
      ['repository', 'root'],
      ['pull-request', 'repository'],
      ['folder', 'repository'],
      ['file', 'repository'],
      ['user', 'root'],
      ['group', 'root'],
      ['branch', 'repository'],
      ['tag', 'repository'],
      ['pipeline', 'repository'],
      ['request', 'root'],
    ]);
  });

  it.each([
    ['project', { query: 'true' }],
    ['project', { query: 'true', projects: ['PAY'], projectFilterRegex: '^PAY' }],
    ['repository', { projects: null, projectFilterRegex: null }],
    ['repository', { projects: [], projectFilterRegex: '(?P<a>x)' }],
    ['pull-request', { query: 'true', state: 'MERGED', projects: ['~jdoe'] }],
    ['repository', { includedFiles: ['README.md'] }],
    ['file', { projects: ['PAY'], files: { path: 'a', filenames: ['b'], repos: ['PAY/api'] } }],
    ['folder', { folders: [{ path: 'a/*', repos: ['api', { name: 'b', branch: 'c' }] }] }],
    ['user', { query: 'true' }],
    ['user', {}],
  ])('of a %s may be %j', (kind, selector) => {
    expect(issuesOf(kind, selector)).toEqual([]);
  });

  it.each([
    ['project', { project: ['PAY'] }, ': unrecognized_keys'],
    ['project', { projects: 'PAY' }, 'projects: invalid_type'],
    ['repository', { projectFilterRegex: '[' }, 'projectFilterRegex: custom'],
    ['repository', { state: 'OPEN' }, ': unrecognized_keys'],
    ['pull-request', { state: 'open' }, 'state: invalid_value'],
    ['file', { files: { filenames: ['b'], branch: 'c' } }, 'files: unrecognized_keys'],
    ['folder', { folders: [{ path: '../a' }] }, 'folders.0.path: custom'],
    ['user', { projects: ['PAY'] }, ': unrecognized_keys'],
  ])('of a %s may not be %j', (kind, selector, issue) => {
    expect(issuesOf(kind, selector)).toEqual([issue]);
  });

  it.each(serverKinds.map(({ name, selector }) => ({ name, selector })))(
    'of a $name have a JSON Schema',
    ({ selector }) => {
      expect(z.toJSONSchema(selector, { io: 'input' })).toMatchObject({ type: 'object' });
    },
  );
});
