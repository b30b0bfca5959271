import { afterEach, describe, expect, it } from '@jest/globals';
import type { Company } from '../../src/sandbox/company/company.js';
import type { RecordedRequest } from '../../src/sandbox/loopback.js';
import { aCompany } from '../world/a-company.js';
import { startCloudWorld, type CloudWorld } from '../world/a-cloud-world.js';
import { startWorld, type World } from '../world/a-world.js';

let world: World | CloudWorld | undefined;

afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** Forty repositories, one of which has forty open pull requests. */
function company(): Company {
  const builder = aCompany();
  for (let index = 1; index <= 40; index += 1) {
    builder.withRepository('PAY', `r${String(index)}`).withPullRequest('PAY', 'r1');
  }
  return builder.build();
}

const sizeOf =
  (name: string) =>
  ({ query }: RecordedRequest): number =>
    Number(query.get(name) ?? 0);

describe('a Bitbucket that answers 504 above a page size', () => {
  it.each([
    ['Data Center', 'limit', startWorld, 62],
    ['Cloud', 'pagelen', startCloudWorld, 12],
  ] as const)('is read whole, in smaller pages: %s', async (_name, parameter, start, items) => {
    world = await start(company());
    const size = sizeOf(parameter);
    world.bitbucket.fail({
      fault: { type: 'answer', answer: { status: 504, body: '<html>Gateway Time-out</html>' } },
      when: (request) => size(request) > items,
    });
    const { exitCode, stderr, result } = await world.run('sync');
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(world.identifiers('bitbucketRepository')).toHaveLength(40);
    expect(world.identifiers('bitbucketPullRequest')).toHaveLength(40);
    expect(result).toMatch(
      /Bitbucket gives no pages of [\d,]+ items \(.+: answered 504 Gateway Timeout, after 2 attempts\)/,
    );
    expect(result).toContain(`they are read ${items} at a time`);

    // The run after it deletes nothing of what it reads in pages that small.
    world.port.reset();
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(world.port.writes).toEqual([]);
  });
});
