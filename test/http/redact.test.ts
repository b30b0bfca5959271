import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRedactor } from '../../src/http/redact.js';
import { anyCharacter } from '../world/any-character.js';

describe('createRedactor', () => {
  it.each([
    ['as it is', 'password hunter2 is wrong', 'password *** is wrong'],
    ['several times', 'hunter2hunter2', '******'],
    ['in base64', Buffer.from('hunter2').toString('base64'), '***'],
  ])('masks a secret %s', (_name, text, masked) => {
    expect(createRedactor(['hunter2'])(text)).toBe(masked);
  });

  it('leaves a secret that is one of our words in our own phrases, where it would give itself away', () => {
    const redact = createRedactor(['wrong', 'refused']);
    expect(redact('the server said: wrong. It is wrong, expired or revoked, refused')).toBe(
      'the server said: ***. It is wrong, expired or revoked, ***',
    );
    expect(redact('wrongly')).toBe('***ly');
  });

  it('masks a secret that holds one of our phrases', () => {
    const secret = 'is wrong, expired or revoked!';
    expect(createRedactor([secret, 'wrong'])(`it ${secret} wrong`)).toBe('it *** ***');
  });

  it('masks a secret of regular-expression characters, replacement patterns and quotes', () => {
    const redact = createRedactor(['a.*(b$&"', '$1+\\d']);
    expect(redact('x a.*(b$&" y $1+\\d z')).toBe('x *** y *** z');
    expect(redact(JSON.stringify({ password: 'a.*(b$&"' }))).toBe('{"password":"***"}');
  });

  it.each(['p ss/w+rd=', 'pässwörd', 'a%b&c'])('masks %j in its URL-encoded forms', (secret) => {
    const redact = createRedactor([secret]);
    const encoded = encodeURIComponent(secret);
    const lowerCase = encoded.replace(/%../g, (escape) => escape.toLowerCase());
    const form = new URLSearchParams({ secret }).toString().replace('secret=', '');
    expect(redact(`${encoded} ${lowerCase} ${form}`)).toBe('*** *** ***');
  });

  it('leaves nothing but the user name of a Basic header', () => {
    const header = Buffer.from('admin:hunter2').toString('base64');
    expect(createRedactor(['hunter2'])(`Basic ${header}`)).toBe('Basic YWRtaW46***');
  });

  it('masks a secret in base64 wherever it begins', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 8, unit: anyCharacter }),
        fc.string({ maxLength: 6 }),
        fc.string({ maxLength: 6 }),
        (secret, before, after) => {
          const text = Buffer.from(`${before}${secret}${after}`).toString('base64');
          const masked = createRedactor([secret])(text);
          expect(masked).toContain('***');
          // At the ends stand the neighbours, and the characters that the secret shares with them.
          const neighbours = Buffer.byteLength(before) + Buffer.byteLength(after);
          expect(masked.replaceAll('***', '').length).toBeLessThanOrEqual((neighbours * 4) / 3 + 6);
        },
      ),
    );
  });

  it.each([[['']], [['abc']], [[]]])('changes no text for the secrets %j', (secrets) => {
    expect(createRedactor(secrets)('an abc of texts')).toBe('an abc of texts');
  });

  it('masks the longer of two secrets of which one begins with the other', () => {
    expect(createRedactor(['abcd', 'abcdef'])('abcdef abcd')).toBe('*** ***');
  });

  it.each([
    ['https://user:pass@host.example/path', 'https://***@host.example/path'],
    ['see http://token@host and HTTPS://a:b@c', 'see http://***@host and HTTPS://***@c'],
    ['https://me@example.com:secret@host/', 'https://***@host/'],
    ['https://host/path/a@b', 'https://host/path/a@b'],
    ['mail me@example.com', 'mail me@example.com'],
  ])('masks the user-info of a URL: %s', (text, masked) => {
    expect(createRedactor([])(text)).toBe(masked);
  });
});
