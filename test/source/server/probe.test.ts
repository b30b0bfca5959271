import { afterEach, describe, expect, it } from '@jest/globals';
import { ProblemError } from '../../../src/problems/problem.js';
import type { Fault } from '../../../src/sandbox/loopback.js';
import { aCompany } from '../../world/a-company.js';
import { aSource, type TestSource, type TestSourceOptions } from './a-source.js';

let opened: TestSource | undefined;

afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

async function open(options: TestSourceOptions = {}): Promise<TestSource> {
  return (opened = await aSource(aCompany().withProject('PAY').build(), options));
}

async function problemOf(work: Promise<unknown>): Promise<unknown> {
  const outcome: unknown = await work.then(
    () => 'no problem',
    (error: unknown) => error,
  );
  return outcome instanceof ProblemError ? outcome.problems[0] : outcome;
}

function answering(status: number, headers: Readonly<Record<string, string>> = {}): Fault {
  return { type: 'answer', answer: { status, headers, body: '' } };
}

describe('the probe', () => {
  it.each([
    ['the base URL', ''],
    ['a trailing slash', '/'],
    ['the REST root', '/rest/api/latest'],
  ])('asks for one project, once, below %s', async (_case, below) => {
    const { source, server, asked } = await open({
      below,
      server: { contextPath: '/bitbucket' },
    });
    await source.probe();
    expect(asked()).toEqual(['projects?limit=1']);
    expect(server.requests[0]?.path).toBe('/bitbucket/rest/api/1.0/projects');
    expect(server.violations).toEqual([]);
  });

  it('names the variables of refused credentials, and tries them once', async () => {
    const { source, server } = await open({ token: 'another-token' });
    expect(await problemOf(source.probe())).toEqual({
      code: 'credentials-refused',
      side: 'bitbucket',
      variables: ['BITBUCKET_TOKEN'],
      origin: server.url,
      reason: expect.stringContaining('Authentication failed'),
    });
    expect(server.requests).toHaveLength(1);
  });

  it.each<[string, Fault, object]>([
    [
      'a sign-in page',
      {
        type: 'answer',
        answer: { status: 200, headers: { 'content-type': 'text/html' }, body: '<html></html>' },
      },
      { code: 'credentials-refused', side: 'bitbucket' },
    ],
    [
      'a CAPTCHA on 401',
      answering(401, { 'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE; login-url=x' }),
      { code: 'captcha-required' },
    ],
    [
      'a CAPTCHA on 403',
      answering(403, { 'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE; login-url=x' }),
      { code: 'captcha-required' },
    ],
    ['403', answering(403), { code: 'permission-refused', side: 'bitbucket', subject: 'projects' }],
    ['404', answering(404), { code: 'setting-invalid', spelling: 'BITBUCKET_BASE_URL' }],
    ['503', answering(503), { code: 'server-unavailable', side: 'bitbucket' }],
    ['an empty answer', answering(204), { code: 'server-unavailable' }],
    ['a cut connection', { type: 'reset' }, { code: 'server-unavailable' }],
    [
      'another program',
      { type: 'answer', answer: { status: 200, body: { projects: [] } } },
      { code: 'server-unavailable' },
    ],
  ])('tells %s', async (_case, fault, problem) => {
    const { source, server } = await open();
    server.fail({ fault, when: () => true });
    expect(await problemOf(source.probe())).toMatchObject(problem);
  });

  it('is no verdict on the server when the run is stopped', async () => {
    const stop = new AbortController();
    const { source } = await open({ signal: stop.signal });
    stop.abort(new Error('SIGTERM'));
    expect(await problemOf(source.probe())).toMatchObject({ failure: 'aborted' });
  });

  it('says where no REST API is', async () => {
    const { source, server } = await open({ below: '/wiki' });
    expect(await problemOf(source.probe())).toMatchObject({
      reason: expect.stringContaining(`leads to no Bitbucket REST API at ${server.url}/wiki: `),
    });
  });
});
