import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ciPlatforms } from '../../src/ci/index.js';
import { ownVersion } from '../../src/cli/version.js';
import { platformOf } from './platforms/index.js';
import { templateFiles } from './template-files.js';

/** Makes a template wrong in a way that its platform's grammar or schema has to notice. */
const BREAKS: Readonly<Record<string, (text: string) => string>> = {
  azure: (text) => text.replace('timeoutInMinutes:', 'timeoutInMinute:'),
  'bitbucket-pipelines': (text) => text.replace('max-time', 'max-times'),
  github: (text) => text.replace('timeout-minutes', 'timeout-minute'),
  gitlab: (text) => text.replace('resource_group', 'resource_groups'),
  jenkins: (text) => text.replace(/\}\s*$/u, ''),
};

/** What keeps a run from overlapping another, and from running for ever. */
const GUARDS: Readonly<Record<string, readonly RegExp[]>> = {
  azure: [/^lockBehavior: sequential$/mu, /Exclusive lock/u, /timeoutInMinutes: 30/u],
  'bitbucket-pipelines': [/concurrency-group: bitbucket-to-port/u, /max-time: 30/u],
  github: [
    /concurrency:\n +group: bitbucket-to-port\n +cancel-in-progress: false/u,
    /timeout-minutes: 30/u,
  ],
  gitlab: [/resource_group: bitbucket-to-port/u, /timeout: 30 minutes/u],
  jenkins: [/disableConcurrentBuilds\(\)/u, /timeout\(time: 30, unit: 'MINUTES'\)/u],
};

it('finds the template of every platform that init offers', () => {
  const offered = ciPlatforms.flatMap(({ template: { folder, extension, hasServer } }) =>
    ['bitbucket-cloud', ...(hasServer ? ['bitbucket-server'] : [])].map(
      (type) => `${folder}/${type}${extension}`,
    ),
  );
  expect(templateFiles.map(({ name }) => name)).toEqual(offered.sort());
});

const renovate = z.object({
  customManagers: z.tuple([z.object({ matchStrings: z.tuple([z.string()]) })]),
});

it('is found in a Jenkinsfile by what README tells to give Renovate', () => {
  const readme = readFileSync(path.join(import.meta.dirname, '../../README.md'), 'utf8');
  const [, config = ''] = /```json\n(\{\n {2}"customManagers"[^]*?)```/u.exec(readme) ?? [];
  const [{ matchStrings }] = renovate.parse(JSON.parse(config)).customManagers;
  const files = templateFiles.filter(({ platform }) => platform === 'jenkins');
  expect(files.length).toBeGreaterThan(0);
  for (const { text } of files) {
    expect(new RegExp(matchStrings[0], 'u').exec(text)?.groups).toEqual({
      datasource: 'npm',
      depName: 'bitbucket-port',
      currentValue: ownVersion(),
    });
  }
});

describe.each(templateFiles)('$name', ({ platform, type, text }) => {
  it('is what its platform understands', async () => {
    expect(await platformOf(platform).problems(text)).toEqual([]);
  });

  it('would be noticed if it were not', async () => {
    const broken = BREAKS[platform]!(text);
    expect(broken).not.toBe(text);
    expect(await platformOf(platform).problems(broken)).not.toEqual([]);
  });

  it('pins this very version and names what it reads', () => {
    const versions = [...text.matchAll(/BITBUCKET_PORT_VERSION\s*[:=]\s*'?(\d[\w.+-]*)/gu)];
    expect(versions.length).toBeGreaterThan(0);
    for (const [, version] of versions) expect(version).toBe(ownVersion());
    expect(text).toContain(type);
  });

  it('lets Renovate raise the version, by the line that its presets look for', () => {
    const versions = /^.*(?:# |\/\/ )?BITBUCKET_PORT_VERSION\s*[:=]\s*'?\d/gmu;
    const marked =
      /(?:#|\/\/) renovate: datasource=npm depName=bitbucket-port\n[ -]*(?:export )?BITBUCKET_PORT_VERSION\s*[:=]/gu;
    expect(text.match(marked)).toHaveLength(text.match(versions)?.length ?? 0);
  });

  it('pins what it uses of others to a commit, and names the version', () => {
    for (const [, used] of text.matchAll(/\buses: *(.+)/gu)) {
      expect(used).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/u);
    }
  });

  it('runs for a pull request that changes the pipeline itself', () => {
    const target = ciPlatforms.find(({ name }) => name === platform)?.template.target;
    for (const [, watched] of text.matchAll(/\[(bitbucket-port\.yml, [^\]]*)\]/gu)) {
      expect(watched).toContain(target);
    }
  });

  it('never lets a run overlap the next, and ends before its job is cut off', () => {
    for (const guard of GUARDS[platform]!) expect(text).toMatch(guard);
    expect(text).toMatch(/--timeout 25m\b/u);
  });

  it('names the secrets that the pages of the integration name, and where to create them', () => {
    const header = text.slice(0, text.search(/^(?!#|\/\/)/mu));
    expect(header).toMatch(/OCEAN__PORT__CLIENT_ID\n/u);
    expect(header).toMatch(/OCEAN__PORT__CLIENT_SECRET\n/u);
    expect(header).toMatch(/OCEAN__INTEGRATION__CONFIG__BITBUCKET_/u);
  });

  it('runs hourly, or says where that is set up, and never at the full hour', () => {
    expect(text).toMatch(
      /\b(?:[1-9]|[1-5]\d) \* \* \* \*|'H \* \* \* \*'|Schedules > New schedule.*hourly|hourly\./su,
    );
    expect(text).not.toMatch(/\b0 \* \* \* \*/u);
  });

  it('installs without the scripts of packages', () => {
    const installs = [...text.matchAll(/npm install[^|]*?bitbucket-port@/gsu)];
    expect(installs.length).toBeGreaterThan(0);
    for (const [install] of installs) expect(install).toContain('--ignore-scripts');
  });
});

/** What runs: without comments, and without the words that tell one Bitbucket from the other. */
function whatRuns(text: string): string {
  return text
    .replace(/^ *(?:#|\/\/).*\n/gmu, '')
    .replace(/^.*OCEAN__INTEGRATION__CONFIG__.*\n/gmu, '')
    .replace(/bitbucket-(?:cloud|server)/gu, '');
}

it.each(templateFiles.filter(({ type }) => type === 'bitbucket-server'))(
  '$name runs what its platform runs for Bitbucket Cloud',
  ({ platform, text }) => {
    const sibling = templateFiles.find(
      (other) => other.platform === platform && other.type === 'bitbucket-cloud',
    );
    expect(whatRuns(text)).toBe(whatRuns(sibling?.text ?? ''));
  },
);
