import { afterEach } from '@jest/globals';
import type { CloudOptions } from '../../../src/sandbox/cloud/cloud.js';
import { aCompany } from '../../world/a-company.js';
import { aCloud, type TestCloud } from './a-cloud.js';

/** Starts a Bitbucket Cloud for one test, and stops it after the test, however that ends. */
export function startsCloud(): (options?: Partial<CloudOptions>) => Promise<TestCloud> {
  const running: TestCloud[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map(({ server }) => server.close()));
  });
  return async (options = {}) => {
    const cloud = await aCloud({
      company: aCompany().withRepository('PAY', 'api').build(),
      ...options,
    });
    running.push(cloud);
    return cloud;
  };
}
