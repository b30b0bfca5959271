import { describe, expect, it } from '@jest/globals';
import { HttpError } from '../../../src/http/http-error.js';
import {
  describeFailure,
  endsReading,
  isCaptcha,
} from '../../../src/source/server/describe-failure.js';

function aFailure(
  status: number,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpError {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const details = {
    status,
    headers: new Headers(headers),
    ...(body === undefined ? {} : { body: text }),
  };
  return new HttpError('status', 'pull requests of PAY/api', `answered ${status}`, details);
}

function saying(message: string | null, exceptionName: string | null = null): unknown {
  return { errors: [{ context: null, message, exceptionName }] };
}

describe('the reason of a failed call', () => {
  it.each([
    ['our words alone', aFailure(500), 'answered 500'],
    [
      'the message',
      aFailure(404, saying('No such repository.')),
      'answered 404: No such repository.',
    ],
    [
      'several messages',
      aFailure(400, { errors: [{ message: 'One.' }, { message: 'Two.' }] }),
      'answered 400: One. Two.',
    ],
    ['no message', aFailure(404, saying(null)), 'answered 404'],
    ['a web page', aFailure(502, '<html><body>Bad gateway</body></html>'), 'answered 502'],
    ['cut JSON', aFailure(500, '{"errors":[{"mess'), 'answered 500'],
    ['another shape', aFailure(500, { errors: 'many' }), 'answered 500'],
    [
      '401',
      aFailure(401, saying('You may not.')),
      'not permitted for these credentials, answered 401: You may not.',
    ],
    ['410 in words', aFailure(410, '<p>Moved to\n <b>v2</b></p>'), 'answered 410: Moved to v2'],
    [
      '410 in the usual form',
      aFailure(410, saying('Gone since 9.0.')),
      'answered 410: Gone since 9.0.',
    ],
    [
      'control characters',
      aFailure(404, saying('a\u001b[31m\r\n::error::b')),
      'answered 404: a [31m ::error::b',
    ],
    ['no answer', new HttpError('network', 'users', 'connection refused'), 'connection refused'],
  ])('%s', (_case, failure, reason) => {
    expect(describeFailure(failure)).toBe(reason);
  });

  it('is cut at 200 characters, never inside of one', () => {
    const reason = describeFailure(aFailure(404, saying('😀'.repeat(200))));
    expect(reason.length).toBeLessThanOrEqual(200);
    expect(Buffer.from(reason).toString()).toBe(reason);
    expect(reason.endsWith('😀…')).toBe(true);
  });
});

const deniedReason = {
  'X-Authentication-Denied-Reason': 'CAPTCHA_CHALLENGE; login-url=https://b.example.com/login',
};
const captchaException = 'com.atlassian.bitbucket.auth.CaptchaRequiredAuthenticationException';

describe('a CAPTCHA', () => {
  it.each([
    ['401 with the header', aFailure(401, undefined, deniedReason), true],
    ['403 with the header', aFailure(403, undefined, deniedReason), true],
    ['401 with the exception', aFailure(401, saying('Locked.', captchaException)), true],
    ['plain 401', aFailure(401, saying('You may not.', 'AuthorisationException')), false],
    ['500 with the header', aFailure(500, undefined, deniedReason), false],
    [
      'another reason',
      aFailure(401, undefined, { 'X-Authentication-Denied-Reason': 'OTHER' }),
      false,
    ],
  ])('%s: %s', (_case, failure, expected) => {
    expect(isCaptcha(failure)).toBe(expected);
    expect(endsReading(failure)).toBe(expected);
  });

  it('does not show where to log in', () => {
    expect(describeFailure(aFailure(403, undefined, deniedReason))).toBe(
      'the account is locked until its CAPTCHA is solved, answered 403',
    );
  });
});

it.each([
  ['aborted' as const, true],
  ['no-time' as const, true],
  ['timeout' as const, false],
  ['network' as const, false],
])('%s ends the reading: %s', (failure, expected) => {
  expect(endsReading(new HttpError(failure, 'users', 'stopped'))).toBe(expected);
});
