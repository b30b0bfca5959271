import { afterEach, describe, expect, it } from '@jest/globals';
import { webhookIdentifier } from '../../src/port/webhooks.js';
import { addPullRequest, mergePullRequest } from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { requirePullRequest, requireRepository } from '../../src/sandbox/company/lookup.js';
import type { Happening } from '../../src/sandbox/happening.js';
import type { Delivery } from '../../src/sandbox/hooks.js';
import { post } from '../../src/sandbox/hooks.js';
import type { SandboxPortOptions } from '../../src/sandbox/port/state.js';
import { aCompany, aMoment, aPullRequest } from '../world/a-company.js';
import { startWorld, type RunResult, type World } from '../world/a-world.js';

const WEBHOOK_SECRET = 'a secret of enough characters';
const WEBHOOK = webhookIdentifier({
  type: 'bitbucket-server',
  identifier: 'my-bitbucket-server-integration',
});

let world: World;
let company: Company;

afterEach(() => world.close());

/** A catalog that was loaded, with two pull requests, and webhooks that keep it up to date. */
async function start(options: Partial<SandboxPortOptions> = {}): Promise<void> {
  company = aCompany()
    .withRepository('PAY', 'api')
    .withPullRequest('PAY', 'api', { id: 7, author: 'ann' })
    .withPullRequest('PAY', 'api', { id: 8, author: 'ann' })
    .build();
  world = await startWorld(company, { port: options });
  expect((await run('sync')).exitCode).toBe(0);
  expect((await run('webhooks apply')).exitCode).toBe(0);
  world.forget();
}

function run(line: string): Promise<RunResult> {
  return world.run(line, { WEBHOOK_SECRET });
}

type Change = Extract<Happening, { type: 'pull-request' }>['change'];

/** Posts what happened to a pull request. */
async function tell(id: number, change: Change): Promise<Delivery> {
  const [delivery] = await world.bitbucket.tell({
    type: 'pull-request',
    change,
    repository: requireRepository(company, 'PAY', 'api'),
    pullRequest: requirePullRequest(company, 'PAY', 'api', id),
    by: 'ann',
    at: aMoment,
  });
  if (delivery === undefined) throw new Error(`${change} was not posted`);
  return delivery;
}

const pullRequest = (id: number) => world.port.entity('bitbucketPullRequest', `api-${id}`);

describe('an event of Bitbucket', () => {
  it('reaches Port without a sync, and leaves alone what it does not tell', async () => {
    await start();
    const before = pullRequest(7);
    expect(before?.properties.state).toBe('OPEN');
    mergePullRequest(company, 'PAY', 'api', 7, aMoment);
    await tell(7, 'merged');
    expect(world.port.events).toMatchObject([{ outcome: 'mapped', problems: [] }]);
    expect(pullRequest(7)).toMatchObject({
      properties: { ...before?.properties, state: 'MERGED', mergedAt: '2025-05-20T12:37:29Z' },
      relations: before?.relations,
    });
    world.clock.advance(60_000);
    // The next run takes open ones alone, as its mapping says.
    expect((await run('sync')).exitCode).toBe(0);
    expect(pullRequest(7)).toBeUndefined();
    expect(pullRequest(8)).toBeDefined();
  });

  it('takes a deleted pull request away', async () => {
    await start();
    await tell(7, 'deleted');
    expect(world.identifiers('bitbucketPullRequest')).toEqual(['api-8']);
  });

  it.each<[string, (sent: Delivery) => Partial<Delivery>]>([
    ['forged', ({ body }) => ({ body: body.replace('MERGED', 'OPEN') })],
    ['sent again', () => ({})],
    ['too large', ({ body }) => ({ body: body + ' '.repeat(524_288) })],
  ])('changes nothing when it is %s', async (_, change) => {
    await start();
    mergePullRequest(company, 'PAY', 'api', 7, aMoment);
    const sent = await tell(7, 'merged');
    world.forget();
    const { hook, headers, body } = { ...sent, ...change(sent) };
    const length = { 'Content-Length': String(Buffer.byteLength(body)) };
    await post(hook.url, { ...headers, ...length }, body);
    expect(world.port.writes).toEqual([]);
  });
});

describe.each(['creator', 'last-writer'] as const)(
  'where $datasource is of the %s',
  (datasource) => {
    it('what a webhook writes stays ours: it is compared, and deleted once it is gone', async () => {
      await start({ datasource });
      addPullRequest(company, 'PAY', 'api', aPullRequest({ id: 9, author: 'ann' }));
      await tell(9, 'opened');
      await tell(8, 'modified');
      expect(pullRequest(9)?.datasource).toBe(`webhook/${WEBHOOK}`);
      world.forget();
      world.clock.advance(60_000);
      const unchanged = await run('sync');
      expect(unchanged.exitCode).toBe(0);
      expect(world.port.writes.filter(({ type }) => type.startsWith('entity'))).toEqual([]);

      for (const id of [8, 9]) mergePullRequest(company, 'PAY', 'api', id, aMoment);
      expect((await run('sync')).exitCode).toBe(0);
      expect(world.identifiers('bitbucketPullRequest')).toEqual(['api-7']);
    });

    it('what others made and a webhook writes to stays theirs', async () => {
      await start({ datasource });
      world.port.putEntity(
        'bitbucketPullRequest',
        { identifier: 'api-9', properties: {} },
        { datasource: 'somebody-else/1.0' },
      );
      addPullRequest(company, 'PAY', 'api', aPullRequest({ id: 9, author: 'ann' }));
      await tell(9, 'opened');
      expect(pullRequest(9)?.properties.state).toBe('OPEN');
      world.clock.advance(60_000);
      mergePullRequest(company, 'PAY', 'api', 9, aMoment);
      expect((await run('sync')).exitCode).toBe(0);
      expect(world.identifiers('bitbucketPullRequest')).toEqual(['api-7', 'api-8', 'api-9']);
    });
  },
);
