import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isJsonArray, isJsonObject, type JsonValue } from '../../src/model/json.js';
import { isCredentialKey, MASK, maskExample } from '../../src/port/raw-examples.js';

describe('isCredentialKey', () => {
  it.each([
    'password',
    'PASSWORD',
    'DB_PASSWORD',
    'dbpassword',
    'userPassword',
    'app-passwd',
    'passphrase',
    'secret',
    'clientSecret',
    'client_secrets',
    'token',
    'accessToken',
    'NPM_TOKEN',
    'refresh.token',
    'credentials',
    'apiKey',
    'api-key',
    'X-API-KEY',
    'AWS_ACCESS_KEY_ID',
    'privateKey',
    'ssh_key',
    'authorization',
    'auth',
    'proxyAuth',
    'Set-Cookie',
    'jwt',
    'PAT',
    'connectionString',
  ])('knows %s', (key) => {
    expect(isCredentialKey(key)).toBe(true);
  });

  it.each([
    'key',
    'author',
    'authors',
    'slug',
    'tokenizer',
    'tokenization',
    'secretary',
    'path',
    'patch',
    'compatible',
    'emailAddress',
    'keyboard',
    'publicKey',
    'pattern',
    'constructor',
    '__proto__',
    '',
  ])('leaves %s alone', (key) => {
    expect(isCredentialKey(key)).toBe(false);
  });
});

describe('maskExample', () => {
  it.each<[string, JsonValue, JsonValue]>([
    ['a value under a credential', { token: 'abc' }, { token: MASK }],
    ['a whole object under one', { auth: { user: 'x', pass: 'y' } }, { auth: MASK }],
    ['numbers and lists under one', { pin: 1, tokens: ['a'] }, { pin: 1, tokens: MASK }],
    ['what is empty, which stays so', { password: null }, { password: null }],
    [
      'the value of a named variable',
      { env: [{ name: 'DB_PASSWORD', value: 'x' }] },
      { env: [{ name: 'DB_PASSWORD', value: MASK }] },
    ],
    [
      'a variable without anything to hide, which stays',
      { env: [{ name: 'PORT', value: '80' }] },
      { env: [{ name: 'PORT', value: '80' }] },
    ],
    ['a sign-in by e-mail', { login: 'ana@example.com' }, { login: MASK }],
    ['a sign-in by name, which stays', { username: 'ana' }, { username: 'ana' }],
    [
      "a person's address, which mappings need and which stays",
      { author: { emailAddress: 'ana@example.com' } },
      { author: { emailAddress: 'ana@example.com' } },
    ],
    [
      'the user info of an address',
      { href: 'https://ana:pw@bitbucket.example.com/scm/pay/api.git' },
      { href: 'https://bitbucket.example.com/scm/pay/api.git' },
    ],
    ['a user without a password', 'https://ana@example.com/x', 'https://example.com/x'],
    ['a password with an @', 'https://ana:p@ss@example.com/x', 'https://example.com/x'],
    [
      'one inside of a text',
      'see http://a:b@c.de/f, or ftp://g@h',
      'see http://c.de/f, or ftp://h',
    ],
    ['an @ behind the path, which stays', 'https://e.com/x@1/y?z=@', 'https://e.com/x@1/y?z=@'],
    ['an @ of a query, which stays', 'https://e.com?mail=a@b', 'https://e.com?mail=a@b'],
    ['an ssh address, whose user is git', 'ssh://git@e.com/a.git', 'ssh://e.com/a.git'],
    ['plain values, which stay', [1, true, null, 'text'], [1, true, null, 'text']],
  ])('masks %s', (_, value, masked) => {
    expect(maskExample(value)).toEqual(masked);
  });

  it('cuts long texts and lists', () => {
    const ones = (count: number): readonly number[] => Array.from({ length: count }, () => 1);
    expect(maskExample({ content: 'x'.repeat(5000), list: ones(500) })).toEqual({
      content: `${'x'.repeat(1000)}…`,
      list: ones(100),
    });
  });

  it('cuts no character in half', () => {
    expect(maskExample(`${'x'.repeat(999)}😀😀`)).toBe(`${'x'.repeat(999)}…`);
  });

  it('gives what is safe, and changes nothing else', () => {
    fc.assert(
      fc.property(examples, (value) => {
        expectMasked(value, maskExample(value), false);
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});

const key = fc.oneof(
  { arbitrary: fc.constantFrom('name', 'slug', 'links', 'author', 'key', 'id'), weight: 3 },
  { arbitrary: fc.constantFrom('token', 'dbPassword', 'API_KEY', 'secrets', 'auth'), weight: 2 },
  { arbitrary: fc.string({ maxLength: 6 }), weight: 1 },
);
const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc
    .tuple(fc.constantFrom('https', 'ssh', 'git+http'), fc.stringMatching(/^[a-z:@]{1,9}$/u))
    .map(([scheme, user]) => `${scheme}://${user}@example.com/a@b`),
);
const { examples } = fc.letrec<{ examples: JsonValue }>((tie) => ({
  examples: fc.oneof(
    { maxDepth: 4, depthSize: 'small', withCrossShrink: true },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('examples'), { maxLength: 4 }),
    fc.dictionary(key, tie('examples'), { maxKeys: 5 }),
  ),
}));

/** Follows both values side by side. */
function expectMasked(value: JsonValue, masked: JsonValue, isHidden: boolean): void {
  if (isHidden) {
    expect(masked).toBe(value === null ? null : MASK);
  } else if (isJsonArray(value)) {
    expect(isJsonArray(masked) && masked.length === value.length).toBe(true);
    if (!isJsonArray(masked)) return;
    for (const [index, entry] of value.entries()) expectMasked(entry, masked[index] ?? null, false);
  } else if (isJsonObject(value)) {
    expect(isJsonObject(masked) ? Object.keys(masked) : null).toEqual(Object.keys(value));
    if (!isJsonObject(masked)) return;
    const names = [value.name, value.key].filter((name) => typeof name === 'string');
    for (const [name, entry] of Object.entries(value)) {
      const isVariable = name === 'value' && names.some(isCredentialKey);
      expectMasked(entry, masked[name] ?? null, isVariable || isCredentialKey(name));
    }
  } else if (typeof value === 'string' && /^[a-z+]+:\/\/[a-z:@]+@example\.com\/a@b$/u.test(value)) {
    expect(masked).toBe(`${value.split('//')[0] ?? ''}//example.com/a@b`);
  } else {
    expect(masked).toBe(value);
  }
}
