import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { JsonValue } from '../../src/model/json.js';
import type { Company } from '../../src/sandbox/company/company.js';
import type { Answer } from '../../src/sandbox/loopback.js';
import { startCloudWorld, type CloudWorld } from '../world/a-cloud-world.js';
import { aCompany } from '../world/a-company.js';
import { startWorld, type World } from '../world/a-world.js';

let world: World | CloudWorld;

afterEach(async () => {
  await world.close();
});

const people = (): ReturnType<typeof aCompany> =>
  aCompany()
    .withUser({ name: 'ana', displayName: 'Ana' })
    .withUser({ name: 'bo', displayName: 'Bo' })
    .withUser({ name: 'bot', displayName: 'Bot', isApp: true });

describe('what real answers of Bitbucket Cloud lack', () => {
  const company = (): Company =>
    people()
      .withRepository('PAY', 'api')
      .withRepository('PAY', 'fork', { forkOf: 1, website: 'https://example.com' })
      .withRepository('PAY', 'minimal', { isSparse: true })
      .withRepository('PAY', 'nameless', { hidesSlug: true })
      .withPullRequest('PAY', 'api', { author: 'bot', reviewers: ['bot', 'ana'] })
      .withPullRequest('PAY', 'api', { hidesDestination: true, author: 'ana' })
      .withPullRequest('PAY', 'nameless', { author: 'ana' })
      .build();

  it('costs no entity, and no warning', async () => {
    const cloud = await startCloudWorld(company());
    world = cloud;

    const { exitCode, result } = await cloud.run('sync --strict');

    expect({ exitCode, result }).toMatchObject({ exitCode: 0 });
    expect(result).not.toContain('warning');
    expect(cloud.identifiers('bitbucketRepository')).toEqual([
      'api',
      'fork',
      'minimal',
      'nameless',
    ]);
    expect(cloud.identifiers('bitbucketPullRequest')).toEqual(['api1', 'api2', 'nameless1']);
    expect(cloud.port.entity('bitbucketRepository', 'minimal')?.relations).toEqual({
      project: null,
    });
    expect(cloud.port.entity('bitbucketPullRequest', 'api1')).toMatchObject({
      properties: { creator: 'Bot', reviewers: ['Bot', 'Ana'] },
      relations: { repository: 'api' },
    });
    expect(cloud.port.entity('bitbucketPullRequest', 'api2')?.relations).toEqual({
      repository: 'api',
    });
    cloud.port.reset();
    expect((await cloud.run('sync --strict')).exitCode).toBe(0);
    expect(cloud.port.writes).toEqual([]);
  });
});

describe('what real answers of Data Center lack, or give otherwise', () => {
  it.each(['milliseconds', 'text'] as const)('takes dates as %s', async (dates) => {
    const company = people()
      .withRepository('PAY', 'api', { isSparse: true })
      .withPullRequest('PAY', 'api', { state: 'MERGED' })
      .build();
    const server = await startWorld(company, { bitbucket: { dates } });
    world = server;

    const { exitCode, result } = await server.run('sync --strict', { PULL_REQUEST_STATE: 'ALL' });

    expect({ exitCode, result }).toMatchObject({ exitCode: 0 });
    const { properties } = server.port.entity('bitbucketPullRequest', 'api-1') ?? {};
    const moments = [properties?.created_on, properties?.updated_on, properties?.mergedAt];
    const utc = dates === 'text' ? '+00:00' : 'Z';
    expect(moments).toEqual(Array(3).fill(`2025-05-20T12:37:29${utc}`));
  });
});

describe('repositories of projects that are not listed', () => {
  it('are counted and told, once, whichever kinds stand on them', async () => {
    const company = people()
      .withRepository('PAY', 'api')
      .withRepository('~ANA', 'notes')
      .withRepository('~ANA', 'fork', { forkOf: 1 })
      .withRepository('~BO', 'tries')
      .withPullRequest('PAY', 'api')
      .build();
    const server = await startWorld(company);
    world = server;

    const { exitCode, result } = await server.run('sync --strict');

    expect({ exitCode, result }).toMatchObject({ exitCode: 0 });
    expect(result.match(/3 repositories left out, [^>]* show ~ANA, ~BO/gu)).toHaveLength(1);
    expect(server.identifiers('bitbucketRepository')).toEqual(['api']);
  });
});

describe('an error object that came with 200', () => {
  const errors = [{ context: null, message: 'The file is not there', exceptionName: null }];

  it('is no documentation of a repository in Data Center', async () => {
    const server = await startWorld(people().withRepository('PAY', 'api').build());
    world = server;
    server.bitbucket.fail({
      when: ({ path }) => path.endsWith('/readme'),
      fault: { type: 'answer', answer: { status: 200, body: { errors } } },
    });

    const { exitCode, result } = await server.run('sync');

    expect({ exitCode, result }).toMatchObject({ exitCode: 4 });
    expect(result).toContain('answered with an error in its place: The file is not there');
    const { properties } = server.port.entity('bitbucketRepository', 'api') ?? {};
    expect(properties).not.toHaveProperty('documentation');
  });

  it('is no readme of a repository in Cloud', async () => {
    const files = { 'README.md': '# Api' };
    const cloud = await startCloudWorld(people().withRepository('PAY', 'api', { files }).build());
    world = cloud;
    const error = { type: 'error', error: { message: 'The file is not there' } };
    cloud.bitbucket.fail({
      when: ({ path }) => path.endsWith('/README.md'),
      fault: { type: 'answer', answer: { status: 200, body: error } },
    });

    const { exitCode, result } = await cloud.run('sync');

    expect({ exitCode, result }).toMatchObject({ exitCode: 4 });
    expect(result).toContain('answered with an error in its place: The file is not there');
    const { properties } = cloud.port.entity('bitbucketRepository', 'api') ?? {};
    expect(properties).not.toHaveProperty('readme');
  });
});

describe('a refusal of Cloud that names the scopes in its body', () => {
  it('is told with them', async () => {
    const cloud = await startCloudWorld(people().withRepository('PAY', 'api').build());
    world = cloud;
    const detail = { required: ['project'], granted: ['runner:write', 'account'] };
    const message = 'Your credentials lack one or more required privilege scopes.';
    cloud.bitbucket.fail({
      when: ({ path }) => path.endsWith('/projects'),
      fault: {
        type: 'answer',
        answer: { status: 403, body: { type: 'error', error: { message, detail } } },
      },
    });

    const { result } = await cloud.run('sync');

    expect(result).toContain('the token lacks the scope project (it has: runner:write, account)');
  });
});

/** An answer with the reviewers of each pull request in the order of `turn`. */
function reordered(turn: number): (answer: Answer) => Answer {
  const page = z.looseObject({ values: z.array(z.looseObject({ reviewers: z.array(z.json()) })) });
  return (answer) => {
    const { data } = page.safeParse(answer.body);
    if (data === undefined) return answer;
    const values = data.values.map((value) => {
      const reviewers: JsonValue[] = [...value.reviewers];
      return { ...value, reviewers: [...reviewers.slice(turn), ...reviewers.slice(0, turn)] };
    });
    return { ...answer, body: { ...data, values } };
  };
}

describe('reviewers that come in another order each time', () => {
  it('are no change', async () => {
    const company = people()
      .withRepository('PAY', 'api')
      .withPullRequest('PAY', 'api', { reviewers: ['ana', 'bo', 'bot'] })
      .build();
    const server = await startWorld(company);
    world = server;
    expect((await server.run('sync')).exitCode).toBe(0);
    for (const turn of [1, 2]) {
      server.port.reset();
      server.bitbucket.reset();
      server.bitbucket.fail({
        when: ({ path }) => path.endsWith('/pull-requests'),
        fault: { type: 'changed', change: reordered(turn) },
      });
      const { exitCode, result } = await server.run('sync');
      expect({ exitCode, result }).toMatchObject({ exitCode: 0 });
      expect(server.port.writes).toEqual([]);
      expect((await server.run('plan --detailed-exitcode')).exitCode).toBe(0);
    }
  });
});
