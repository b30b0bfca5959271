import { afterEach, describe, expect, it } from '@jest/globals';
import { ProblemError } from '../../../src/problems/problem.js';
import type { Fault, FaultRule } from '../../../src/sandbox/loopback.js';
import type { DataCenterOptions } from '../../../src/sandbox/server/data-center.js';
import { aCompany } from '../../world/a-company.js';
import { aSource, asks, type TestSource, type TestSourceOptions } from './a-source.js';

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
    [
      '403 of a firewall, which is about no permission',
      {
        type: 'answer',
        answer: {
          status: 403,
          headers: { 'content-type': 'text/html' },
          body: '<html>Request blocked</html>',
        },
      },
      {
        code: 'server-unavailable',
        reason:
          'answered 403 Forbidden with a web page: something on the way, such as a firewall, turned it down',
      },
    ],
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

describe('whether the credentials count', () => {
  /** As where something on the way takes the name of the user off. */
  const nameless: FaultRule = {
    when: () => true,
    fault: {
      type: 'changed',
      change: ({ headers, ...answer }) => ({
        ...answer,
        headers: Object.fromEntries(
          Object.entries(headers ?? {}).filter(([name]) => !name.startsWith('x-auser')),
        ),
      }),
    },
  };

  /** A public repository, and a private one in another project. */
  async function openPublic(
    server: Partial<DataCenterOptions>,
    options: TestSourceOptions = {},
  ): Promise<TestSource> {
    const company = aCompany()
      .withProject('WEB', { public: true })
      .withRepository('WEB', 'site', { public: true })
      .withRepository('PAY', 'api')
      .build();
    return (opened = await aSource(company, {
      ...options,
      server: { publicAccess: true, ...server },
    }));
  }

  it('is told by the name of the user, with the one question that is asked anyway', async () => {
    const { source, asked } = await openPublic({});
    expect(await source.probe()).toEqual({ credentials: 'counted' });
    expect(asked()).toEqual(['projects?limit=1']);
  });

  it('is told by what only users may read where no answer names them', async () => {
    const { source, server, asked } = await openPublic({});
    server.fail(nameless);
    expect(await source.probe()).toEqual({ credentials: 'counted' });
    expect(asked()).toEqual(['projects?limit=1', 'profile/recent/repos?limit=1']);
  });

  it('refuses a dead token, which is shown what is public', async () => {
    const { source, server, asked } = await openPublic({}, { token: 'dead' });
    expect(await problemOf(source.probe())).toEqual({
      code: 'credentials-refused',
      side: 'bitbucket',
      variables: ['BITBUCKET_TOKEN'],
      origin: server.url,
      reason: expect.stringMatching(/as it answers everybody.*not permitted/),
    });
    expect(asked().at(-1)).toBe('repos?visibility=private&limit=1');
    expect(server.violations).toEqual([]);
  });

  it('takes a token of a project, by what it sees beyond the public', async () => {
    const projectToken = { token: 'ours', project: 'PAY' };
    const { source } = await openPublic({ projectToken }, { token: 'ours' });
    expect(await source.probe()).toEqual({ credentials: 'counted' });
  });

  it.each<[string, FaultRule['when'], Fault]>([
    ['403', asks('profile/recent/repos'), answering(403)],
    ['404', asks('profile/recent/repos'), answering(404)],
    ['nothing', asks('profile/recent/repos'), { type: 'reset' }],
    [
      'a web page',
      asks('profile/recent/repos'),
      {
        type: 'answer',
        answer: { status: 200, headers: { 'content-type': 'text/html' }, body: '<html></html>' },
      },
    ],
    ['500 about what is private', asks('repos'), answering(500)],
  ])('cannot be told from %s', async (_, when, fault) => {
    const { source, server } = await openPublic({}, { token: 'dead' });
    server.fail({ when, fault });
    expect(await source.probe()).toEqual({ credentials: 'unknown' });
  });

  it('stops at a CAPTCHA', async () => {
    const { source, server } = await openPublic({}, { token: 'dead' });
    const fault = answering(401, {
      'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE; login-url=x',
    });
    server.fail({ when: asks('profile/recent/repos'), fault });
    expect(await problemOf(source.probe())).toMatchObject({ code: 'captcha-required' });
  });
});
