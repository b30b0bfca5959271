import { afterEach, describe, expect, it } from '@jest/globals';
import { removeRepository } from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { aCompany } from '../world/a-company.js';
import { deletedIn } from '../pipeline/safety-world.js';
import { BOTH, done, theDayAfter, type Day } from './a-day.js';

let day: Day;

afterEach(async () => {
  await day.close();
});

const HOUR = 3_600_000;
const deleted = (): readonly string[] => deletedIn(day);

/** Three repositories, with a pull request each. */
function company(): Company {
  const builder = aCompany();
  for (const slug of ['svc-1', 'svc-2', 'svc-3']) {
    builder.withRepository('PAY', slug).withPullRequest('PAY', slug);
  }
  return builder.build();
}

describe.each(BOTH)('a run that was killed on %s', (flavour) => {
  /** Lets the process die as it sends this request: nothing of it reaches a server any more. */
  async function killedAt(moment: number): Promise<boolean> {
    let seen = 0;
    for (const server of [day.port, day.bitbucket]) {
      server.watch(() => void (seen += 1));
      server.fail({ when: () => seen >= moment, fault: { type: 'reset' } });
    }
    await day.run('sync');
    day.port.reset();
    day.bitbucket.reset();
    return seen >= moment;
  }

  it('counts as under way for an hour, and then no more', async () => {
    const data = company();
    day = await theDayAfter(flavour, data, () => {
      removeRepository(data, 'PAY', 'svc-1');
    });
    await killedAt(15);

    expect((await day.run('sync')).exitCode).toBe(4);
    expect(deleted()).toEqual([]);
    await killedAt(15);
    day.clock.advance(HOUR);
    await done(day.run('sync --strict'));
    expect(deleted()).toEqual(['change svc-1-1', 'service svc-1']);
  });

  it('at any moment: the next run deletes what is gone, and nothing else', async () => {
    const data = company();
    day = await theDayAfter(flavour, data, () => undefined);
    let isKilled = true;
    let [goes, comes] = ['svc-1', 'svc-9'];
    // Every other moment on each flavour, which send about the same.
    for (let moment = flavour === 'server' ? 1 : 2; isKilled; moment += 2) {
      const repository = data.repositories.find(({ slug }) => slug === goes);
      if (repository === undefined) throw new Error(`${goes} is not there`);
      removeRepository(data, 'PAY', goes);
      data.repositories.push({ ...repository, id: 100 + moment, slug: comes, name: comes });

      isKilled = await killedAt(moment);
      day.clock.advance(HOUR);
      await done(day.run('sync'));

      expect([moment, day.identifiers('service')]).toEqual([
        moment,
        [comes, 'svc-2', 'svc-3'].sort(),
      ]);
      expect([moment, day.identifiers('team')]).toEqual([moment, ['PAY']]);
      day.port.reset();
      [goes, comes] = [comes, goes];
    }
    await done(day.run('sync --strict'));
    expect(day.port.writes).toEqual([]);
  });
});
