import { afterEach, expect, it } from '@jest/globals';
import { readScopes } from '../../src/sandbox/cloud/credential.js';
import { mergePullRequest } from '../../src/sandbox/company/changes.js';
import { requireRepository } from '../../src/sandbox/company/lookup.js';
import { post } from '../../src/sandbox/hooks.js';
import { startCloudWorld, WORKSPACE_TOKEN, type CloudWorld } from '../world/a-cloud-world.js';
import { aCompany, aMoment } from '../world/a-company.js';

const env = { WEBHOOK_SECRET: 'a secret of enough characters' };

let world: CloudWorld;
afterEach(() => world.close());

// Cloud names the event in a header alone, and the letters of header names come in any case.
it.each([
  ['the workspace', 'title', () => false],
  ['the repository', 'lower', (slug: string | null) => slug === null],
] as const)(
  'an event of Cloud to a webhook of %s reaches Port once, with headers in %s case',
  async (_, headerCase, refusesHooks) => {
    const company = aCompany()
      .withRepository('PAY', 'api')
      .withPullRequest('PAY', 'api', { id: 7 })
      .build();
    const scopes = [...readScopes, 'webhook'];
    world = await startCloudWorld(company, {
      bitbucket: {
        credentials: [{ type: 'workspace-token', token: WORKSPACE_TOKEN, scopes }],
        refusesHooks,
      },
      port: { conduct: { headerCase } },
    });
    for (const line of ['sync', 'webhooks apply']) {
      expect((await world.run(line, { env })).exitCode).toBe(0);
    }
    const pullRequest = mergePullRequest(company, 'PAY', 'api', 7, aMoment);
    const repository = requireRepository(company, 'PAY', 'api');
    const merged = { type: 'pull-request', change: 'merged', repository, pullRequest } as const;
    const [sent] = await world.bitbucket.tell({ ...merged, by: 'admin', at: aMoment });
    expect(world.port.entities('bitbucketPullRequest')).toMatchObject([
      { title: 'Change 7', properties: { status: 'MERGED' } },
    ]);
    if (sent === undefined) throw new Error('nothing was posted');
    await post(sent.hook.url, sent.headers, sent.body);
    expect(world.port.events.map(({ outcome }) => outcome)).toEqual(['mapped', 'repeated']);
    expect(world.port.events.flatMap(({ problems }) => problems)).toEqual([]);
  },
);
