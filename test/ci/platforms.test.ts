import { describe, expect, it } from '@jest/globals';
import { ciPlatformOf, ciPlatforms } from '../../src/ci/index.js';
import type { CiPlatform } from '../../src/ci/platform.js';

function platform(name: string): CiPlatform {
  const found = ciPlatforms.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no platform ${name}`);
  return found;
}

describe('a platform is recognised by its own variable', () => {
  it.each([
    ['GitHub Actions', { GITHUB_ACTIONS: 'true' }, 'github'],
    ['Azure Pipelines', { TF_BUILD: 'True' }, 'azure'],
    ['GitLab CI', { GITLAB_CI: 'true' }, 'gitlab'],
    ['Jenkins', { JENKINS_URL: 'https://jenkins.example.com/' }, 'jenkins'],
    ['Bitbucket Pipelines', { BITBUCKET_PIPELINE_UUID: '{1}' }, 'bitbucket-pipelines'],
    ['any other CI', { CI: 'true' }, undefined],
    ['empty variables', { GITHUB_ACTIONS: '', JENKINS_URL: '' }, undefined],
  ])('%s', (_name, env, expected) => {
    expect(ciPlatformOf(env)?.name).toBe(expected);
  });
});

describe('the summary of a job', () => {
  it.each([
    [{ GITHUB_STEP_SUMMARY: '/tmp/summary' }, '/tmp/summary'],
    [{ GITHUB_STEP_SUMMARY: '' }, null],
    [{}, null],
  ])('on GitHub with %j goes to %j', (env, file) => {
    expect(platform('github').summaryFile(env)).toBe(file);
  });
});

describe('log commands', () => {
  it('fold a part of the log', () => {
    expect(platform('github').folding?.open('the log', 1)).toBe('::group::the log');
    expect(platform('github').folding?.close(2)).toBe('::endgroup::');
    expect(platform('azure').folding?.open('the log', 1)).toBe('##[group]the log');
    expect(platform('azure').folding?.close(2)).toBe('##[endgroup]');
    expect(platform('gitlab').folding?.open('the log', 1_560_896_352)).toBe(
      '\u001b[0Ksection_start:1560896352:bitbucket_port[collapsed=true]\r\u001b[0Kthe log',
    );
    expect(platform('gitlab').folding?.close(1_560_896_353)).toBe(
      '\u001b[0Ksection_end:1560896353:bitbucket_port\r\u001b[0K',
    );
  });

  it('mark failures and warnings, and leave notices alone', () => {
    expect(platform('github').annotation?.('failure', '50 % gone\nfor good')).toBe(
      '::error title=bitbucket-port::50 %25 gone%0Afor good',
    );
    expect(platform('github').annotation?.('warning', 'odd')).toBe(
      '::warning title=bitbucket-port::odd',
    );
    expect(platform('azure').annotation?.('failure', '50 % gone\nfor good')).toBe(
      '##vso[task.logissue type=error;]50 %AZP25 gone%0Afor good',
    );
    const place = { file: 'ci, cd/a:b;c].yml', line: 14, column: 22 };
    expect(platform('github').annotation?.('failure', 'odd', place)).toBe(
      '::error file=ci%2C cd/a%3Ab;c].yml,line=14,col=22,title=bitbucket-port::odd',
    );
    expect(platform('azure').annotation?.('failure', 'odd', place)).toBe(
      '##vso[task.logissue type=error;sourcepath=ci, cd/a:b%3Bc%5D.yml;linenumber=14;columnnumber=22;]odd',
    );
    for (const { annotation } of ciPlatforms) {
      expect(annotation?.('notice', 'by the way') ?? null).toBeNull();
    }
  });
});
