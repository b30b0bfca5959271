import type { Company } from '../../src/sandbox/company/company.js';
import type { Fault } from '../../src/sandbox/loopback.js';
import { aCompany, type RepositoryDifference } from '../world/a-company.js';
import type { RunResult, WorldAround, BuiltInBitbucket } from '../world/world-around.js';

/** Four repositories with three open pull requests each. */
export function aCompanyToDeleteFrom(
  differenceOf: (slug: string) => RepositoryDifference = () => ({}),
): Company {
  const builder = aCompany();
  for (const slug of ['api', 'ledger', 'shop', 'blog']) {
    builder.withRepository('PAY', slug, differenceOf(slug));
    for (const id of [1, 2, 3]) builder.withPullRequest('PAY', slug, { id });
  }
  return builder.build();
}

/** What a test of deletions needs of a world. */
export interface DeletionWorld extends Pick<WorldAround<BuiltInBitbucket>, 'port'> {
  readonly bitbucket: { reset(): void };
  run(line: string): Promise<RunResult>;
}

/** Syncs a world once; then a day goes by, on which something changes. */
export async function syncedBefore<Some extends DeletionWorld>(
  world: Some,
  change: () => void,
): Promise<Some> {
  const { exitCode, stdout, stderr } = await world.run('sync');
  if (exitCode !== 0) throw new Error(`${stderr}${stdout}`);
  change();
  world.port.reset();
  world.bitbucket.reset();
  return world;
}

/** The integration that today's container leaves behind. */
export function putContainerIntegration(
  { port }: DeletionWorld,
  type: 'bitbucket-cloud' | 'bitbucket-server',
): void {
  port.putIntegration({
    installationId: `my-${type}-integration`,
    installationAppType: type,
    version: '0.48.0',
    changelogDestination: {},
    config: {},
    arePortResourcesInitialized: true,
  });
}

/** What goes wrong with any server. */
export const GENERAL_FAULTS: Readonly<Record<string, Fault>> = {
  'a truncated body': { type: 'cut-off' },
  'a connection that is cut': { type: 'reset' },
  'a login page': {
    type: 'answer',
    answer: {
      status: 200,
      headers: { 'content-type': 'text/html' },
      body: '<!doctype html><title>Log in</title>',
    },
  },
};
