import { afterEach, describe, expect, it } from '@jest/globals';
import {
  mergePullRequest,
  removeProject,
  removeRepository,
  renameRepository,
} from '../../../src/sandbox/company/changes.js';
import type { Company } from '../../../src/sandbox/company/company.js';
import { readPermissions } from '../../../src/sandbox/cloud/credential.js';
import type { Fault } from '../../../src/sandbox/loopback.js';
import type { AddressAnswer } from '../../../src/source/source.js';
import { aCompany } from '../../world/a-company.js';
import { drain } from '../a-reading.js';
import { aCloud, asks, open, refusal, type Asking, type TestCloud } from './a-cloud.js';
import type { TestCloudOptions } from './a-cloud.js';

let opened: TestCloud | undefined;

afterEach(async () => {
  expect(opened?.server.violations ?? []).toEqual([]);
  await opened?.close();
  opened = undefined;
});

/** Two projects, two repositories, a pull request in the first. */
function company(): Company {
  return aCompany()
    .withRepository('PAY', 'api', { files: { 'README.md': 'Payments' } })
    .withRepository('WEB', 'site')
    .withPullRequest('PAY', 'api')
    .build();
}

interface Question extends Asking {
  /** `/fernlicht/site`, below the web's address. */
  readonly path: string;
  readonly kind?: string;
  readonly options?: TestCloudOptions;
  /** What happens after the reading. */
  readonly meanwhile?: (company: Company, cloud: TestCloud) => void;
}

/** Reads, lets something happen, and asks by address. */
async function ask(question: Question): Promise<AddressAnswer & { asked: readonly string[] }> {
  const { path, kind = 'repository', options = {}, meanwhile } = question;
  const cloud = (opened = await aCloud(company(), options));
  const reading = open(cloud.source, kind, question);
  await drain(reading);
  const address = cloud.source.addressOf(cloud.server.url.replace('/2.0', path));
  if (address === null) throw new Error(`${path} is no address`);
  meanwhile?.(cloud.server.company, cloud);
  cloud.forget();
  const answer = await reading.ask(address);
  return { ...answer, asked: cloud.asked() };
}

const site = '/fernlicht/site';
const pullRequest = '/fernlicht/api/pull-requests/1';

describe('what is there', () => {
  it('is given as the listing gives it', async () => {
    const selector = { includedFiles: ['README.md'] };
    const mentions = ['__includedFiles'];
    const answer = await ask({ path: '/fernlicht/API', selector, mentions });
    expect(answer).toMatchObject({
      status: 'alive',
      item: { value: { slug: 'api', __includedFiles: { 'README.md': 'Payments' } } },
    });
    // The file was read for the listing, and is kept.
    expect(answer.asked).toEqual(['R/API']);
  });

  it('is asked for as the listing asks where that narrows', async () => {
    const selector = { repoQuery: 'name = "site" OR name = "shop"', userRole: 'member' };
    const answer = await ask({ path: site, selector });
    expect(answer).toMatchObject({ status: 'alive', item: { value: { slug: 'site' } } });
    expect(answer.asked).toEqual([
      'R/site',
      expect.stringMatching(
        /^R\?role=member&q=\(name = "site" OR name = "shop"\) AND uuid="\{.*\}"/,
      ),
    ]);
  });

  it.each([
    ['repository', site, { repoQuery: 'name = "api"' }],
    ['pull-request', pullRequest, { repoQuery: 'name = "site"' }],
    ['pull-request', pullRequest, { pullRequestQuery: 'state="MERGED" OR state="DECLINED"' }],
    ['pull-request', site, { repoQuery: 'name = "api"' }],
  ])('may be none of what a %s resource is about', async (kind, path, selector) => {
    expect(await ask({ kind, path, selector })).toMatchObject({ status: 'alive', item: null });
  });

  it.each([
    ['project', '/fernlicht/workspace/projects/pay', { key: 'PAY' }],
    ['pull-request', pullRequest, { id: 1, state: 'OPEN' }],
    ['pull-request', site, { slug: 'site' }],
  ])('is found whatever the kind: %s', async (kind, path, value) => {
    expect(await ask({ kind, path })).toMatchObject({ status: 'alive', item: { value } });
  });

  it('has what the listing adds, and is left out once it is merged', async () => {
    const whole = await ask({ kind: 'pull-request', path: pullRequest });
    expect(whole).toMatchObject({ item: { key: expect.stringMatching(/\}#1$/) } });
    expect(whole).toHaveProperty('item.value.reviewers');
    await opened?.close();
    const meanwhile = (now: Company): void => {
      mergePullRequest(now, 'PAY', 'api', 1, 0);
    };
    const merged = await ask({ kind: 'pull-request', path: pullRequest, meanwhile });
    expect(merged).toMatchObject({ status: 'alive', item: null });
  });

  it('is not asked for where it has no address in the API', async () => {
    const files = { filenames: ['README.md'] };
    const question = { kind: 'file', path: `${site}/src/main/README.md`, selector: { files } };
    expect(await ask(question)).toMatchObject({ status: 'unanswered', asked: [] });
  });
});

describe('a 404', () => {
  const gone = (now: Company): void => {
    removeRepository(now, 'WEB', 'site');
  };

  it('of a repository leaves open whether it is hidden', async () => {
    const answer = await ask({ path: site, meanwhile: gone });
    expect(answer).toEqual({
      status: 'ambiguous',
      asked: ['R/site', 'R?pagelen=1&fields=values.uuid'],
    });
  });

  it('is no proof however it is worded', async () => {
    const meanwhile = (_: Company, { server }: TestCloud): void => {
      const fault = refusal(404, 'Repository fernlicht/site not found');
      server.fail({ when: asks('/site'), fault });
    };
    expect(await ask({ path: site, meanwhile })).toMatchObject({ status: 'ambiguous' });
  });

  it('of a project is no proof either', async () => {
    const meanwhile = (now: Company): void => {
      removeProject(now, 'WEB');
    };
    const path = '/fernlicht/workspace/projects/WEB';
    expect(await ask({ kind: 'project', path, meanwhile })).toMatchObject({ status: 'ambiguous' });
  });

  it('of a pull request is proof where its repository stands', async () => {
    const path = '/fernlicht/api/pull-requests/9';
    expect(await ask({ kind: 'pull-request', path })).toEqual({
      status: 'gone',
      asked: ['R/api/pullrequests/9', 'R/api'],
    });
  });

  it('of a pull request is as open as that of its repository', async () => {
    const meanwhile = (now: Company): void => {
      removeRepository(now, 'PAY', 'api');
    };
    const answer = await ask({ kind: 'pull-request', path: pullRequest, meanwhile });
    expect(answer).toMatchObject({ status: 'ambiguous' });
  });

  it('of a route that is not there says nothing', async () => {
    const meanwhile = (_: Company, { server }: TestCloud): void => {
      const fault = refusal(404, 'Resource not found: There is no API hosted at this URL.');
      server.fail({ when: asks('/api/pullrequests/1'), fault });
    };
    const answer = await ask({ kind: 'pull-request', path: pullRequest, meanwhile });
    expect(answer).toMatchObject({ status: 'unanswered' });
  });

  it('for want of a scope hides it', async () => {
    const meanwhile = (_: Company, { server }: TestCloud): void => {
      const headers = { 'x-oauth-scopes': 'account', 'x-accepted-oauth-scopes': 'pullrequest' };
      const body = { type: 'error', error: { message: 'Not found' } };
      const fault: Fault = { type: 'answer', answer: { status: 404, headers, body } };
      server.fail({ when: asks('/api/pullrequests/1'), fault });
    };
    const answer = await ask({ kind: 'pull-request', path: pullRequest, meanwhile });
    expect(answer).toMatchObject({ status: 'hidden', code: 403 });
  });
});

describe('what cannot be told', () => {
  it.each([
    ['403', refusal(403, 'Access denied'), { status: 'hidden', code: 403 }],
    ['403 of a proxy', { type: 'answer', answer: { status: 403, body: 'Forbidden' } }, null],
    ['404 of a proxy', { type: 'answer', answer: { status: 404, body: '<html>' } }, null],
    ['401', refusal(401, 'Token is invalid'), null],
    ['410', refusal(410, 'Gone'), null],
    ['500', refusal(500, 'Oops'), null],
    ['something else', { type: 'answer', answer: { status: 200, body: { type: 'x' } } }, null],
    ['no answer', { type: 'reset' }, null],
  ] as const)('is kept: %s', async (_, fault, expected) => {
    const meanwhile = (_now: Company, { server }: TestCloud): void => {
      server.fail({ when: asks('/site'), fault });
    };
    const answer = await ask({ path: site, meanwhile });
    expect(answer).toMatchObject(expected ?? { status: 'unanswered' });
  });

  it('is kept where neighbours are silent', async () => {
    const meanwhile = (now: Company, { server }: TestCloud): void => {
      removeRepository(now, 'WEB', 'site');
      server.fail({ when: asks(''), fault: refusal(500, 'Oops') });
    };
    expect(await ask({ path: site, meanwhile })).toMatchObject({ status: 'unanswered' });
  });

  it('is kept where the listing cannot be asked', async () => {
    const meanwhile = (_: Company, { server }: TestCloud): void => {
      server.fail({ when: asks(''), fault: refusal(400, 'Invalid query') });
    };
    const selector = { repoQuery: 'name = "site"' };
    expect(await ask({ path: site, selector, meanwhile })).toMatchObject({ status: 'unanswered' });
  });

  it('is kept where the requests are used up', async () => {
    const options = { quota: { total: 1 } };
    const answer = await ask({ path: site, options });
    expect(answer).toMatchObject({ status: 'not asked', asked: [] });
  });

  it('is kept where rights are gone', async () => {
    let isHidden = false;
    const credential = {
      type: 'api-token',
      email: 'admin@example.com',
      token: 'a-token',
      scopes: readPermissions,
      role: (slug: string) => (isHidden && slug === 'site' ? null : 'admin'),
    } as const;
    const { source, server, close } = await aCloud(company(), {
      server: { credentials: [credential] },
      login: { username: credential.email, password: credential.token },
    });
    const reading = open(source, 'repository');
    await drain(reading);
    isHidden = true;
    const address = source.addressOf(server.url.replace('/2.0', site));
    expect(await reading.ask(address!)).toEqual({ status: 'ambiguous' });
    await close();
  });
});

describe('what has another name', () => {
  it.each(['redirect', 'answer'] as const)('is renamed, by a server that can %s', async (way) => {
    const options = { server: { movedRepositories: way } };
    const meanwhile = (now: Company): void => {
      renameRepository(now, 'WEB', 'site', 'shop');
    };
    expect(await ask({ path: site, options, meanwhile })).toMatchObject({
      status: 'renamed',
      name: 'repository fernlicht/shop',
      to: { key: 'repository fernlicht/shop' },
    });
  });

  it('has no address in another workspace', async () => {
    const meanwhile = (_: Company, { server }: TestCloud): void => {
      const body = { uuid: '{1}', slug: 'site', full_name: 'other/site' };
      const fault: Fault = { type: 'answer', answer: { status: 200, body } };
      server.fail({ when: asks('/site'), fault });
    };
    expect(await ask({ path: site, meanwhile })).toMatchObject({
      status: 'renamed',
      name: 'repository other/site',
      to: null,
    });
  });
});
