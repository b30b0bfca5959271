import { afterEach, describe, expect, it } from '@jest/globals';
import {
  deactivateUser,
  mergePullRequest,
  moveRepository,
  removeProject,
  removeRepository,
  renameRepository,
} from '../../../src/sandbox/company/changes.js';
import type { Company } from '../../../src/sandbox/company/company.js';
import type { Fault } from '../../../src/sandbox/loopback.js';
import type { AddressAnswer } from '../../../src/source/source.js';
import { aCompany } from '../../world/a-company.js';
import { drain } from '../a-reading.js';
import { aSource, asks, open, type TestSource, type TestSourceOptions } from './a-source.js';

let opened: TestSource | undefined;

afterEach(async () => {
  expect(opened?.server.violations ?? []).toEqual([]);
  await opened?.close();
  opened = undefined;
});

/** Two projects, three repositories, a pull request in the first, and a second user. */
function company(): Company {
  return aCompany()
    .withRepository('PAY', 'api', { files: { 'README.md': '# Payments' } })
    .withRepository('PAY', 'ledger')
    .withRepository('WEB', 'site')
    .withPullRequest('PAY', 'api')
    .withUser({ name: 'ann' })
    .build();
}

interface Asking {
  /** `/projects/PAY`, below the base URL. */
  readonly path: string;
  readonly kind?: string;
  readonly selector?: unknown;
  readonly mentions?: readonly string[];
  readonly options?: TestSourceOptions;
  /** What happens after the reading. */
  readonly meanwhile?: (company: Company, source: TestSource) => void;
}

/** Reads, lets something happen, and asks by address. */
async function ask(asking: Asking): Promise<AddressAnswer & { readonly asked: readonly string[] }> {
  const { path, kind = 'repository', selector = {}, mentions = [], options = {} } = asking;
  const source = (opened = await aSource(company(), options));
  const reading = open(source.source, kind, selector, mentions);
  await drain(reading);
  const address = source.source.addressOf(`${source.server.url}${path}`);
  if (address === null) throw new Error(`${path} is no address`);
  asking.meanwhile?.(source.server.company, source);
  source.forget();
  const answer = await reading.ask(address);
  return { ...answer, asked: source.asked() };
}

const at =
  (path: string, fault: Fault) =>
  (_: Company, { server }: TestSource) => {
    server.fail({ when: asks(path), fault });
  };

const answers = (status: number, body: unknown): Fault => ({
  type: 'answer',
  answer: { status, body },
});

const exception = (name: string, message = 'It is not there.') => ({
  errors: [{ context: null, message, exceptionName: `com.atlassian.bitbucket.${name}` }],
});

const site = '/projects/WEB/repos/site/browse';
const pullRequest = '/projects/PAY/repos/api/pull-requests/1';

describe('what is there', () => {
  it('is given as the listing gives it', async () => {
    const path = '/projects/PAY/repos/api';
    const mentions = ['__readme'];
    const answer = await ask({ path, mentions });
    expect(answer).toMatchObject({
      status: 'alive',
      item: { key: '1', value: { slug: 'api', __readme: '# Payments' } },
    });
    expect(answer.asked).toEqual(['projects/PAY/repos/api', 'projects/PAY/repos/api/readme']);
  });

  it.each([
    ['project', '/projects/pay', 'PAY'],
    ['repository', '/projects/pay/repos/API', 'api'],
    ['user', '/users/ann', 'ann'],
    ['pull-request', pullRequest, 'OPEN'],
  ])('is found whatever the kind: %s', async (kind, path, told) => {
    const answer = await ask({ kind, path });
    expect(answer.status).toBe('alive');
    expect(JSON.stringify(answer.status === 'alive' ? answer.item?.value : null)).toContain(told);
  });

  it.each([
    ['project', '/projects/PAY', { projects: ['WEB'] }],
    ['project', '/projects/PAY', { projectFilterRegex: 'W' }],
    ['repository', '/projects/PAY/repos/api', { projects: ['WEB'] }],
    ['pull-request', pullRequest, { projects: ['WEB'] }],
    ['pull-request', pullRequest, { state: 'MERGED' }],
    ['pull-request', '/projects/PAY/repos/api', { projects: ['WEB'] }],
  ])('may be none of what a %s resource is about', async (kind, path, selector) => {
    expect(await ask({ kind, path, selector })).toMatchObject({ status: 'alive', item: null });
  });

  it('is left out once its state is another one', async () => {
    const meanwhile = (now: Company) => mergePullRequest(now, 'PAY', 'api', 1, 0);
    const asking = { kind: 'pull-request', path: pullRequest, meanwhile };
    expect(await ask(asking)).toMatchObject({ status: 'alive', item: null });
    await opened?.close();
    const all = { ...asking, selector: { state: 'ALL' } };
    expect(await ask(all)).toMatchObject({ status: 'alive', item: { key: '1#1' } });
  });

  it('is left out where somebody has left', async () => {
    const meanwhile = (now: Company) => {
      deactivateUser(now, 'ann');
    };
    const answer = await ask({ kind: 'user', path: '/users/ann', meanwhile });
    expect(answer).toMatchObject({ status: 'alive', item: null });
  });

  it('is asked about for what a reading stands on, too', async () => {
    const path = '/projects/PAY/repos/api';
    const answer = await ask({ kind: 'pull-request', path });
    expect(answer).toMatchObject({ status: 'alive', item: { key: '1' } });
  });

  it("is not asked about where it is none of the reading's business", async () => {
    expect(await ask({ kind: 'project', path: '/projects/PAY/repos/api' })).toEqual({
      status: 'unanswered',
      reason: 'repository PAY/api is nothing that this reading is about',
      asked: [],
    });
  });
});

describe('what is gone', () => {
  it.each([
    [
      'a repository, by the word of its project',
      {
        path: site,
        meanwhile: (now: Company) => {
          removeRepository(now, 'WEB', 'site');
        },
      },
      ['projects/WEB/repos/site', 'projects/WEB'],
    ],
    [
      'a project, by the word of the others',
      {
        kind: 'project',
        path: '/projects/WEB',
        meanwhile: (now: Company) => {
          removeProject(now, 'WEB');
        },
      },
      ['projects/WEB', 'projects?limit=1'],
    ],
    [
      'a repository with its project',
      {
        path: site,
        meanwhile: (now: Company) => {
          removeProject(now, 'WEB');
        },
      },
      ['projects/WEB/repos/site', 'projects/WEB', 'projects?limit=1'],
    ],
    [
      'a user',
      {
        kind: 'user',
        path: '/users/ann',
        meanwhile: (now: Company) => {
          now.users.splice(
            now.users.findIndex(({ name }) => name === 'ann'),
            1,
          );
        },
      },
      ['users/ann', 'users?limit=1'],
    ],
    [
      'a pull request with its repository',
      {
        kind: 'pull-request',
        path: pullRequest,
        meanwhile: (now: Company) => {
          removeRepository(now, 'PAY', 'api');
        },
      },
      ['projects/PAY/repos/api/pull-requests/1', 'projects/PAY/repos/api', 'projects/PAY'],
    ],
    [
      'a pull request that was deleted',
      { kind: 'pull-request', path: '/projects/PAY/repos/api/pull-requests/9' },
      ['projects/PAY/repos/api/pull-requests/9', 'projects/PAY/repos/api'],
    ],
  ] as const)('is proven: %s', async (_, asking, asked) => {
    expect(await ask(asking)).toEqual({ status: 'gone', asked });
  });

  it('takes one request for each thing, however often it is asked', async () => {
    const source = (opened = await aSource(company()));
    const reading = open(source.source, 'repository');
    await drain(reading);
    removeProject(source.server.company, 'PAY');
    const { requests } = reading;
    source.forget();
    const paths = ['api', 'ledger', 'api'].map((slug) => `/projects/PAY/repos/${slug}`);
    const addresses = paths.map((path) => source.source.addressOf(`${source.server.url}${path}`));
    const asked = await Promise.all(addresses.map((address) => reading.ask(address!)));
    expect(asked.map(({ status }) => status)).toEqual(['gone', 'gone', 'gone']);
    expect(source.asked()).toHaveLength(4);
    expect(reading.requests - requests).toBe(4);
  });

  it.each([
    ['a neighbour does not answer', at('projects/WEB', { type: 'reset' })],
    ['a neighbour answers with a page', at('projects/WEB', answers(200, '<html>'))],
    ['a neighbour is out of order', at('projects/WEB', answers(503, ''))],
  ])('is not proven where %s', async (_, fail) => {
    const meanwhile = (now: Company, source: TestSource): void => {
      removeRepository(now, 'WEB', 'site');
      fail(now, source);
    };
    expect(await ask({ path: site, meanwhile })).toMatchObject({ status: 'unanswered' });
  });

  it('is not proven where nothing answers but the same 404', async () => {
    const meanwhile = (_: Company, { server }: TestSource): void => {
      const fault = answers(404, exception('project.NoSuchProjectException'));
      server.fail({ when: () => true, fault });
    };
    const answer = await ask({ kind: 'project', path: '/projects/WEB', meanwhile });
    expect(answer).toMatchObject({
      status: 'unanswered',
      reason: 'nothing else of its kind answered',
    });
  });
});

describe('what cannot be told', () => {
  const repository = 'projects/WEB/repos/site';
  const missing = exception('repository.NoSuchRepositoryException');
  it.each([
    [
      'words that leave access open',
      answers(
        404,
        exception(
          'repository.NoSuchRepositoryException',
          'It is not there, or you have no access to it.',
        ),
      ),
      { status: 'ambiguous' },
    ],
    ['401', answers(401, exception('AuthorisationException')), { status: 'hidden', code: 401 }],
    ['403', answers(403, exception('AuthorisationException')), { status: 'hidden', code: 403 }],
    [
      '401 of an unnamed kind',
      answers(401, { errors: [{ message: 'No.' }] }),
      { status: 'hidden', code: 401 },
    ],
    [
      'credentials that died',
      answers(401, exception('auth.IncorrectPasswordAuthenticationException')),
      { status: 'unanswered' },
    ],
    ['401 of a proxy', answers(401, 'Unauthorized'), { status: 'unanswered' }],
    [
      '403 of a proxy',
      answers(403, '<html>Forbidden</html>'),
      { status: 'unanswered', reason: expect.stringContaining('something on the way') },
    ],
    ['404 of a proxy', answers(404, '<html>Not found</html>'), { status: 'unanswered' }],
    ['404 without a reason', answers(404, { errors: [] }), { status: 'unanswered' }],
    [
      '404 with another reason',
      answers(404, exception('commit.NoSuchCommitException')),
      { status: 'unanswered' },
    ],
    [
      '404 of a project that is there',
      answers(404, exception('project.NoSuchProjectException')),
      { status: 'unanswered' },
    ],
    ['410', answers(410, missing), { status: 'unanswered' }],
    ['500', answers(500, missing), { status: 'unanswered' }],
    ['200 with a page', answers(200, '<html>Sign in</html>'), { status: 'unanswered' }],
    ['200 with something else', answers(200, { id: 1 }), { status: 'unanswered' }],
    ['an answer that was cut off', { type: 'cut-off' }, { status: 'unanswered' }],
    ['no answer', { type: 'reset' }, { status: 'unanswered' }],
    [
      'a redirect to another host',
      {
        type: 'answer',
        answer: {
          status: 301,
          headers: { location: 'https://other.example.com/rest/api/1.0/projects/WEB/repos/site' },
        },
      },
      { status: 'unanswered' },
    ],
    [
      'a move that is not answered',
      answers(
        404,
        exception('repository.RepositoryMovedException', 'The repository has been moved'),
      ),
      { status: 'renamed', to: null },
    ],
  ] as const)('is kept: %s', async (_, fault, answer) => {
    expect(await ask({ path: site, meanwhile: at(repository, fault) })).toMatchObject(answer);
  });

  it('is kept where rights are gone', async () => {
    let isHidden = false;
    const sees = ({ slug }: { readonly slug: string }) => !isHidden || slug !== 'site';
    const options = { server: { sees } };
    const meanwhile = (): void => {
      isHidden = true;
    };
    const answer = await ask({ path: site, options, meanwhile });
    expect(answer).toMatchObject({ status: 'hidden', code: 401 });
  });

  it('is kept where the account was locked on the way', async () => {
    const headers = { 'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE; login-url=x' };
    const fault: Fault = { type: 'answer', answer: { status: 403, headers, body: exception('x') } };
    const meanwhile = at(repository, fault);
    expect(await ask({ path: site, meanwhile })).toMatchObject({ status: 'unanswered' });
  });
});

describe('what has another name', () => {
  it.each(['redirect', 'answer'] as const)('is renamed, by a server that can %s', async (way) => {
    const options = { server: { movedRepositories: way } };
    const meanwhile = (now: Company): void => {
      renameRepository(now, 'WEB', 'site', 'shop');
      moveRepository(now, 'WEB', 'shop', 'PAY');
    };
    expect(await ask({ path: site, options, meanwhile })).toMatchObject({
      status: 'renamed',
      name: 'repository PAY/shop',
      to: { key: 'repository pay/shop' },
    });
  });

  it('takes its pull requests along', async () => {
    const meanwhile = (now: Company) => moveRepository(now, 'PAY', 'api', 'WEB');
    const asking = { kind: 'pull-request', path: pullRequest, meanwhile };
    expect(await ask(asking)).toMatchObject({
      status: 'renamed',
      name: 'pull request 1 of WEB/api',
      to: { key: 'pull-request web/api/1', parent: { key: 'repository web/api' } },
    });
  });

  it('is gone where the server remembers nothing', async () => {
    const options = { server: { movedRepositories: 'not-found' } } as const;
    const meanwhile = (now: Company) => renameRepository(now, 'WEB', 'site', 'shop');
    expect(await ask({ path: site, options, meanwhile })).toMatchObject({ status: 'gone' });
  });
});

describe('personal projects', () => {
  /** Somebody whose name and slug differ, with a personal project and a repository in it. */
  async function start(): Promise<TestSource> {
    const world = aCompany()
      .withUser({ name: 'J.Doe@example.com', slug: 'j.doe_example.com' })
      .withProject('~J.DOE@EXAMPLE.COM', { owner: 'J.Doe@example.com' })
      .withRepository('~J.DOE@EXAMPLE.COM', 'dots')
      .withRepository('PAY', 'api')
      .build();
    return (opened = await aSource(world, { server: { listsPersonalProjects: true } }));
  }

  it.each([
    ['project', '/users/j.doe_example.com'],
    ['repository', '/users/j.doe_example.com/repos/dots/browse'],
    ['user', '/users/j.doe_example.com'],
  ])('are asked for by the page of their owner: %s', async (kind, path) => {
    const { source, server } = await start();
    const reading = open(source, kind);
    const { items } = await drain(reading);
    expect(items.map(({ link }) => link)).toContain(`${server.url}${path}`);
    const address = source.addressOf(`${server.url}${path}`);
    const answer = await reading.ask(address!);
    expect(answer).toMatchObject({ status: 'alive', item: { link: `${server.url}${path}` } });
  });

  it('go with their repositories', async () => {
    const { source, server } = await start();
    const reading = open(source, 'repository');
    await drain(reading);
    const address = source.addressOf(`${server.url}/users/j.doe_example.com/repos/dots`);
    removeProject(server.company, '~J.DOE@EXAMPLE.COM');
    expect(await reading.ask(address!)).toEqual({ status: 'gone' });
  });
});
