import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { Chalk } from 'chalk';
import type { RunEnd } from '../../src/report/reporter.js';
import { resultLines } from '../../src/report/result.js';
import { samples } from '../problems/samples.js';
import { aResource, aSummary, grouped, pullRequest, repository } from './a-run.js';

const plain = { width: 80, colors: new Chalk({ level: 0 }), clean: (text: string) => text };

function result(difference: Partial<RunEnd>): string {
  const end: RunEnd = { summary: aSummary(), problems: [], exitCode: 0, ...difference };
  return resultLines(end, plain).join('\n');
}

/** A run that could not read the pull requests of one repository. */
const unreadPullRequests = aSummary({
  resources: [
    aResource(repository, { fetched: 120, mapped: 120, unchanged: 120, requests: 4 }),
    aResource(
      pullRequest,
      { fetched: 2_000, mapped: 2_000, unchanged: 1_998, failed: 2, requests: 131 },
      { status: 'incomplete', milliseconds: 61_200 },
    ),
  ],
});

const withoutDeletions = aSummary({
  resources: [aResource(repository, { fetched: 5, mapped: 5, created: 5, requests: 3 })],
});

describe('resultLines', () => {
  it('0: complete', () => {
    expect(result({})).toMatchInlineSnapshot(`
      "
      Resource      Read Skip  Same New Changed Failed Deleted Calls  Time
      repository     120    0   117   2       1      0       0     4  1.5s
      pull-request 2,340    5 2,300  30       5      0       3   131 1m01s
      Skip: left out by the selector

      Complete in 1m04s (exit 0): 32 new, 6 changed, 3 deleted, 2,417 same, 125
      requests to Bitbucket and 10 to Port"
    `);
  });

  it('0: nothing to do', () => {
    const summary = aSummary({
      resources: [
        aResource(repository, { fetched: 120, mapped: 120, unchanged: 120, requests: 3 }),
      ],
      requests: { bitbucket: 1, port: 1 },
      milliseconds: 900,
    });
    expect(result({ summary })).toMatchInlineSnapshot(`
      "
      Resource   Read Same New Changed Failed Deleted Calls Time
      repository  120  120   0       0      0       0     3 1.5s

      Complete in 900ms (exit 0): 0 new, 0 changed, 0 deleted, 120 same, 1 request to
      Bitbucket and 1 to Port"
    `);
  });

  it('1: a bug', () => {
    const problems = grouped(samples['internal-error']);
    expect(result({ summary: null, problems, exitCode: 1 })).toMatchInlineSnapshot(`
      "
      error: this is a bug in bitbucket-port: an entity without an outcome
             > Please report it with the output of --log-level debug, which holds no
               secrets

      Failed by a bug (exit 1)"
    `);
  });

  it('2: wrong settings', () => {
    const problems = grouped(samples['setting-missing'], samples['setting-unknown']);
    expect(result({ summary: null, problems, exitCode: 2 })).toMatchInlineSnapshot(`
      "
      error: port.clientId is not set
             > Set PORT_CLIENT_ID or OCEAN__PORT__CLIENT_ID
      error: bitbucket-port.yml has an unknown key sync.concurency
             > Did you mean sync.concurrency?

      Settings or mapping are wrong, nothing was loaded (exit 2)"
    `);
  });

  it('3: refused credentials', () => {
    const problems = grouped(samples['credentials-refused']);
    expect(result({ summary: null, problems, exitCode: 3 })).toMatchInlineSnapshot(`
      "
      error: Bitbucket at https://bitbucket.example.com refused BITBUCKET_USERNAME and
             BITBUCKET_PASSWORD: 401 Unauthorized
             > One of them is wrong, expired or revoked

      Credentials or a permission were refused, nothing was loaded (exit 3)"
    `);
  });

  it('4: a listing that failed', () => {
    const problems = grouped(
      samples['listing-incomplete'],
      samples['deletions-withheld'],
      samples['identifier-empty'],
    );
    expect(result({ summary: unreadPullRequests, problems, exitCode: 4 })).toMatchInlineSnapshot(`
      "
      Resource       Read  Same New Changed Failed Deleted Calls  Time
      repository      120   120   0       0      0       0     4  1.5s
      pull-request! 2,000 1,998   0       0      2       0   131 1m01s
      ! not read to its end

      error: pull requests of PAY/api could not be read to the end: 500 Internal
             Server Error, 6 times
             > What Port holds of it was kept. The next run reads it again
      warning: pull-request:
               https://bitbucket.example.com/projects/PAY/repos/api/pull-requests/7
               was skipped, its identifier is null or empty
               > Add a default to the expression: .emailAddress // .slug
      note: kept 12 entities of service that this run did not produce: its repository
            could not be read to its end (shop, web, …)

      Incomplete in 1m04s (exit 4): 0 new, 0 changed, 0 deleted, 2,118 same, 2 failed,
      125 requests to Bitbucket and 10 to Port"
    `);
  });

  it('6: a server that cannot be reached', () => {
    const problems = grouped(samples['server-unavailable']);
    expect(result({ summary: null, problems, exitCode: 6 })).toMatchInlineSnapshot(`
      "
      error: Port could not be asked for an access token: connection refused
             > Check PORT_BASE_URL, the proxy and the network of this machine; then
               run again

      Failed, nothing was loaded (exit 6)"
    `);
  });

  it('5: the threshold', () => {
    const problems = grouped(samples['deletion-stopped']);
    expect(result({ summary: withoutDeletions, problems, exitCode: 5 })).toMatchInlineSnapshot(`
      "
      Resource   Read Same New Changed Failed Deleted Calls Time
      repository    5    0   5       0      0       0     3 1.5s

      error: 95 of 100 entities would be deleted, more than the threshold of 90 %
             allows; nothing was deleted. Among them: service api
             > If this is right, approve it today: npx bitbucket-port sync --approve
               95@2026-11-30

      Stopped before deleting in 1m04s (exit 5): 5 new, 0 changed, 0 deleted, 0 same,
      125 requests to Bitbucket and 10 to Port"
    `);
  });

  it('130: interrupted', () => {
    const problems = grouped({ code: 'interrupted', signal: 'SIGINT' });
    expect(result({ problems, exitCode: 130 })).toMatchInlineSnapshot(`
      "
      Resource      Read Skip  Same New Changed Failed Deleted Calls  Time
      repository     120    0   117   2       1      0       0     4  1.5s
      pull-request 2,340    5 2,300  30       5      0       3   131 1m01s
      Skip: left out by the selector

      error: stopped by SIGINT; nothing new was started after it
             > Run again; what was loaded stays in Port

      Interrupted in 1m04s (exit 130): 32 new, 6 changed, 3 deleted, 2,417 same, 125
      requests to Bitbucket and 10 to Port"
    `);
  });

  it('143: terminated', () => {
    const problems = grouped(samples.interrupted);
    expect(result({ summary: null, problems, exitCode: 143 })).toMatchInlineSnapshot(`
      "
      error: stopped by SIGTERM; nothing new was started after it
             > Run again; what was loaded stays in Port

      Terminated (exit 143)"
    `);
  });

  it('counts what was deleted where no resource feeds among the deleted', () => {
    const text = result({ summary: aSummary({ deletedElsewhere: 12 }) });
    expect(text).toContain('12 more deleted in blueprints that no resource feeds any more');
    expect(text).toContain('15 deleted');
  });

  it.each([0, 4] as const)(
    'ends in a line that differs in colour alone, exit code %d',
    (exitCode) => {
      const end: RunEnd = {
        summary: aSummary(),
        problems: grouped(samples['listing-incomplete'], samples['identifier-empty']),
        exitCode,
      };
      const colors = new Chalk({ level: 1 });
      const text = resultLines(end, { ...plain, colors }).join('\n');
      const [green, red, yellow] = ['\u001b[32m', '\u001b[31m', '\u001b[33m'];
      expect(text.split('\n').at(-2)).toContain(exitCode === 0 ? green : red);
      expect(text).toContain(`${red}\u001b[1merror:`);
      expect(text).toContain(`${yellow}warning:`);
      expect(stripVTControlCharacters(text)).toBe(resultLines(end, plain).join('\n'));
    },
  );
});
