import { describe, expect, it } from '@jest/globals';
import { resolveWith, type Changes } from './sources.js';

/** What looks wrong about a token that is set so. */
function lookOf(token: string): string | undefined {
  const { oddLooks } = resolveWith({ env: { BITBUCKET_TOKEN: token } });
  return oddLooks.get('integration.secrets.bitbucketToken');
}

describe('a look at a value', () => {
  it.each([
    ['"abcdef"', 'stands in quotes'],
    ["'abcdef'", 'stands in quotes'],
    ['$TOKEN', 'the name of a variable'],
    ['${SOME_TOKEN}', 'the name of a variable'],
    ['%BB_TOKEN%', 'the name of a variable'],
    ['{{vault.token}}', 'the name of a variable'],
    ['***', 'in the place of a secret'],
    ['<your-token>', 'in the place of a secret'],
    ['[REDACTED]', 'in the place of a secret'],
    ['null', 'the word for a value that is not there'],
    ['undefined', 'the word for a value that is not there'],
    ['/run/secrets/token', 'add _FILE to the name of the variable'],
    ['./token.txt', 'add _FILE to the name of the variable'],
    ['~/token', 'add _FILE to the name of the variable'],
    ['C:\\secrets\\token', 'add _FILE to the name of the variable'],
    [' abcdef', 'white space'],
    ['abc\u200bdef', 'cannot be seen'],
  ])('tells what is wrong with %j, and not the value', (token, words) => {
    expect(lookOf(token)).toContain(words);
    if (/\w{6}/u.test(token)) expect(lookOf(token)).not.toContain(token);
  });

  it.each(['abcdef', 'ATBB/9x+Q==', "it's", 'a$b', '100%', 'nullable', 'x', 'abc\n'])(
    'finds nothing wrong with %j',
    (token) => {
      expect(lookOf(token)).toBeUndefined();
    },
  );

  it('tells of each credential, wherever it is set', () => {
    const changes: Changes = {
      env: { PORT_CLIENT_ID: undefined },
      yaml: 'port: { clientId: "null" }',
    };
    const { oddLooks } = resolveWith(changes);
    expect([...oddLooks.keys()]).toEqual(['port.clientId']);
  });
});
