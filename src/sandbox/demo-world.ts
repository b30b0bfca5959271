import type { Clock } from '../clock.js';
import { startCloud } from './cloud/cloud.js';
import { readScopes } from './cloud/credential.js';
import { mergePullRequest, removeRepository, renameRepository } from './company/changes.js';
import { demoCompany } from './company/demo-company.js';
import { finishVouchers, withMore } from './company/demo/more.js';
import { requireRepository } from './company/lookup.js';
import type { Delivery } from './hooks.js';
import type { LoopbackServer } from './loopback.js';
import { startPort, type SandboxPort } from './port/port.js';
import type { Jq } from './port/webhooks.js';
import { startDataCenter } from './server/data-center.js';

/** A Bitbucket and a Port on loopback, with a small company in the former. */
export interface DemoWorld {
  readonly bitbucket: LoopbackServer;
  readonly port: SandboxPort;
  /** The variables that a user's pipeline would set to sync the one into the other. */
  readonly variables: Readonly<Record<string, string>>;
  /** An access token that Bitbucket takes, also where the variables hold a password. */
  readonly token: string;
  /** Lets a day pass, in Bitbucket and for what is in Port. Returns what happened, in words. */
  liveOneDay(): readonly string[];
  close(): Promise<void>;
}

/** A world whose Bitbucket posts what happens to its webhooks. */
export interface EventWorld extends DemoWorld {
  /** Merges a pull request of PAY/api. Returns what became of the event. */
  merge(id: number): Promise<readonly Delivery[]>;
}

/** Known to nobody but the servers of the demo. */
const CREDENTIALS = {
  username: 'port-exporter',
  password: 'demo-bitbucket-password',
  token: 'demo-bitbucket-token',
  clientId: 'demo-client',
  clientSecret: 'demo-client-secret',
};

const DAY_MILLISECONDS = 86_400_000;

const WORKSPACE = { slug: 'fernlicht', name: 'Fernlicht' };

/**
 * Starts the world of the demo's first half: Bitbucket Data Center.
 * @param jq what Port maps events with; without it, it takes none
 */
export async function startServerWorld(clock: Clock, jq?: () => Promise<Jq>): Promise<EventWorld> {
  const { username, password, token } = CREDENTIALS;
  const company = withMore(demoCompany());
  const bitbucket = await startDataCenter({ company, credentials: { username, password }, token });
  const world = await withPort(clock, jq, bitbucket, {
    variables: {
      OCEAN__INTEGRATION__CONFIG__BITBUCKET_BASE_URL: bitbucket.url,
      OCEAN__INTEGRATION__CONFIG__BITBUCKET_USERNAME: username,
      OCEAN__INTEGRATION__CONFIG__BITBUCKET_PASSWORD: password,
    },
    liveOneDay: () => {
      removeRepository(company, 'OPS', 'deploy-scripts');
      renameRepository(company, 'WEB', 'mobile-app', 'Rider App');
      mergePullRequest(company, 'PAY', 'api', 4, clock.now());
      mergePullRequest(company, 'PAY', 'ledger', 4, clock.now());
      finishVouchers(company, 'refund-part-of-a-charge');
      return [
        'repository OPS/deploy-scripts was deleted, with its pull requests',
        'repository WEB/mobile-app was renamed to WEB/rider-app',
        'pull requests PAY/api #4 and PAY/ledger #4 were merged',
        'PAY/api lost the branch of #4, and its port.yml the service Vouchers',
      ];
    },
  });
  return {
    ...world,
    merge: async (id) => {
      const at = clock.now();
      const pullRequest = mergePullRequest(company, 'PAY', 'api', id, at);
      const repository = requireRepository(company, 'PAY', 'api');
      const merged = { type: 'pull-request', change: 'merged', repository, pullRequest } as const;
      return await bitbucket.tell({ ...merged, by: pullRequest.author, at });
    },
  };
}

/** Starts the world of its second half: the same company in a workspace of Bitbucket Cloud. */
export async function startCloudWorld(clock: Clock): Promise<DemoWorld> {
  const { token } = CREDENTIALS;
  const company = withMore(demoCompany());
  const bitbucket = await startCloud({
    company,
    clock,
    workspace: WORKSPACE,
    credentials: [{ type: 'workspace-token', token, scopes: [...readScopes, 'webhook'] }],
  });
  return await withPort(clock, undefined, bitbucket, {
    variables: {
      // Only a demo needs it: by default, it is Bitbucket Cloud itself.
      OCEAN__INTEGRATION__CONFIG__BITBUCKET_HOST_URL: bitbucket.url,
      OCEAN__INTEGRATION__CONFIG__BITBUCKET_WORKSPACE: WORKSPACE.slug,
      OCEAN__INTEGRATION__CONFIG__BITBUCKET_WORKSPACE_TOKEN: token,
    },
    liveOneDay: () => {
      removeRepository(company, 'PAY', 'legacy-invoices');
      mergePullRequest(company, 'WEB', 'storefront', 4, clock.now());
      return ['repository legacy-invoices was deleted', 'pull request storefront #4 was merged'];
    },
  });
}

async function withPort(
  clock: Clock,
  jq: (() => Promise<Jq>) | undefined,
  bitbucket: LoopbackServer,
  { variables, liveOneDay }: Pick<DemoWorld, 'variables' | 'liveOneDay'>,
): Promise<DemoWorld> {
  const { clientId, clientSecret, token } = CREDENTIALS;
  const mapping = jq === undefined ? {} : { jq };
  const port = await startPort({ clientId, clientSecret, clock, hasPage: true, ...mapping });
  return {
    bitbucket,
    port,
    token,
    liveOneDay: () => {
      port.age(DAY_MILLISECONDS);
      return liveOneDay();
    },
    variables: {
      OCEAN__PORT__CLIENT_ID: clientId,
      OCEAN__PORT__CLIENT_SECRET: clientSecret,
      OCEAN__PORT__BASE_URL: port.url,
      ...variables,
    },
    close: async () => {
      await Promise.all([bitbucket.close(), port.close()]);
    },
  };
}
