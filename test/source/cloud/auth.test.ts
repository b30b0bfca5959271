import { describe, expect, it } from '@jest/globals';
import { authorizationsOf } from '../../../src/source/cloud/auth.js';
import { scopesLacking } from '../../../src/source/cloud/scopes.js';

describe('credentials of Bitbucket Cloud', () => {
  it('are one Bearer for each access token', async () => {
    const made = authorizationsOf({ scheme: 'bearer', tokens: ['one', 'two'] });
    await expect(Promise.all(made.map((authorization) => authorization()))).resolves.toEqual([
      { authorization: 'Bearer one' },
      { authorization: 'Bearer two' },
    ]);
  });

  it('are Basic for a user, in UTF-8', async () => {
    const [only] = authorizationsOf({ scheme: 'basic', username: 'a@b.c', password: 'pä:ss' });
    const { authorization } = await only!();
    expect(Buffer.from(authorization.replace('Basic ', ''), 'base64').toString()).toBe(
      'a@b.c:pä:ss',
    );
  });
});

describe('scopes in the headers of an answer', () => {
  it.each([
    ['repository', 'account', 'the token lacks the scope repository (it has: account)'],
    ['repository', '', 'the token lacks the scope repository (it has: none)'],
    ['read:repository:bitbucket', 'write:repository:bitbucket', /lacks the scope read:repository/],
    ['repository', 'repository:write', null],
    ['repository', 'account, pullrequest', null],
    ['repository', 'pullrequest:write', null],
    ['repository', 'project', null],
    ['repository', 'project:admin', /lacks the scope repository/],
    ['repository', 'repository:admin', /lacks the scope repository/],
    ['pullrequest', 'repository', /lacks the scope pullrequest/],
    ['', 'account', null],
    ['repository', null, null],
    [null, 'account', null],
  ])('%j accepted, %j granted: %s', (accepted, granted, words) => {
    const headers = new Headers();
    if (accepted !== null) headers.set('x-accepted-oauth-scopes', accepted);
    if (granted !== null) headers.set('x-oauth-scopes', granted);
    const told = scopesLacking(headers);
    if (words === null) expect(told).toBeNull();
    else expect(told).toMatch(words);
  });
});
