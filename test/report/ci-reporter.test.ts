import { describe, expect, it } from '@jest/globals';
import { github } from '../../src/ci/github.js';
import { jenkins } from '../../src/ci/jenkins.js';
import type { CiPlatform } from '../../src/ci/platform.js';
import type { Problem } from '../../src/problems/problem.js';
import { CiReporter } from '../../src/report/ci-reporter.js';
import type { LogLevel } from '../../src/report/reporter.js';
import { aStream, aSummary, grouped, repository } from './a-run.js';

/** What a run on a platform writes to stderr, with a plain reporter that writes a word each. */
function written(
  platform: CiPlatform,
  problems: readonly Problem[],
  { begins = true, level = 'info' }: { begins?: boolean; level?: LogLevel } = {},
): string {
  const stderr = aStream();
  const plain = {
    listen: () => {
      stderr.write('log\n');
    },
    finish: () => {
      stderr.write('result\n');
    },
    stop: () => undefined,
  };
  const options = {
    stderr,
    env: {},
    cwd: '/',
    level,
    redact: (text: string) => text.replaceAll('s3cret', '***'),
    now: () => 0,
  };
  const reporter = new CiReporter(plain, platform, options);
  if (begins) {
    const started = { source: 'Bitbucket', port: 'Port', integration: 'mine', resources: [] };
    reporter.listen({ type: 'run-started', at: 0, ...started });
  }
  reporter.listen({ type: 'note', level: 'info', text: 'a fact' });
  reporter.finish({ summary: aSummary(), problems: grouped(...problems), exitCode: 4 });
  return stderr.text();
}

const failure: Problem = {
  code: 'listing-incomplete',
  listing: 'pull requests of PAY/api with s3cret',
  reason: '::error::500',
};

describe('CiReporter', () => {
  it('folds the log, shows the result, and marks what went wrong', () => {
    expect(written(github, [failure]).split('\n')).toEqual([
      '::group::bitbucket-port: log of the run',
      'log',
      'log',
      '::endgroup::',
      'result',
      '::group::bitbucket-port: the same problems, for the view of the platform',
      '::error title=bitbucket-port::pull requests of PAY/api with *** could not be read to the end: : :error::500. What Port holds of it was kept. The next run reads it again',
      '::endgroup::',
      '',
    ]);
  });

  it('folds nothing when the run did not begin', () => {
    expect(written(github, [], { begins: false })).toBe('log\nresult\n');
  });

  it('folds nothing when errors are all that is logged', () => {
    expect(written(github, [], { level: 'error' })).toBe('log\nlog\nresult\n');
  });

  it('adds nothing on a platform with plain logs', () => {
    expect(written(jenkins, [failure])).toBe('log\nlog\nresult\n');
  });

  it('marks no more than a platform shows', () => {
    const many = Array.from({ length: 12 }, (_, index): Problem => ({
      code: 'field-failed',
      resource: repository,
      item: 'x',
      field: `properties.p${index}`,
      expression: '.a.b',
      message: 'Cannot index number',
    }));
    const failures = Array.from({ length: 12 }, (_, index): Problem => ({
      code: 'blueprint-missing',
      resource: repository,
      blueprint: `b${index}`,
    }));
    const text = written(github, [...many, ...failures]);
    expect(text.match(/^::warning /gmu)).toHaveLength(10);
    expect(text.match(/^::error /gmu)).toHaveLength(10);
  });
});
