import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { systemClock } from '../src/clock.js';
import { run } from '../src/run.js';
import { startCloudWorld, type DemoWorld } from '../src/sandbox/demo-world.js';
import { authorityCertificate } from './http/certificates.js';
import { codeIn, pages, root, textOf } from './docs/documents.js';
import { runsIn } from './docs/shell.js';
import { aRuntime } from './world/a-runtime.js';
import { searchPath } from './worker/search-path.js';

/** The version of the container that loaded the catalog before. */
const CONTAINER = '0.48.0';
/** As pipelines hold it. */
const WEBHOOK_SECRET = 'a secret of enough characters';
const IDENTIFIER = 'my-bitbucket-cloud-integration';

let world: DemoWorld;
let folder: string;

beforeEach(async () => {
  world = await startCloudWorld(systemClock);
  folder = await mkdtemp(path.join(tmpdir(), 'docs-'));
  const example = path.join(root, 'examples', 'cloud-quick-start');
  await mkdir(path.join(folder, 'samples'));
  await cp(path.join(example, 'samples'), path.join(folder, 'samples'), { recursive: true });
  await cp(path.join(example, 'mapping.yml'), path.join(folder, 'mapping.yml'));
  await writeFile(path.join(folder, 'company-ca.pem'), authorityCertificate);
});

afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

async function ran(line: string, env: Readonly<Record<string, string>> = {}) {
  const runtime = aRuntime({
    argv: line.split(' '),
    env: { PATH: searchPath, WEBHOOK_SECRET, ...world.variables, ...env },
    cwd: folder,
    clock: systemClock,
  });
  const exitCode = await run(runtime);
  return { exitCode, ...runtime.written };
}

/** A catalog that the container loaded, a day ago. */
async function loadedByTheContainer(): Promise<void> {
  expect((await ran('sync')).exitCode).toBe(0);
  const record = world.port.integration(IDENTIFIER);
  world.port.putIntegration({
    installationId: IDENTIFIER,
    installationAppType: 'bitbucket-cloud',
    changelogDestination: {},
    config: record?.config ?? null,
    version: CONTAINER,
  });
  world.liveOneDay();
}

const blocksIn = (page: string, language: string): readonly string[] =>
  codeIn(textOf(page), language);

it.each(pages.filter((page) => blocksIn(page, 'sh').length > 0))(
  '%s shows commands that do what it says, one after the other',
  async (page) => {
    await loadedByTheContainer();
    for (const { line, env } of blocksIn(page, 'sh').flatMap(runsIn)) {
      const { exitCode, stdout, stderr } = await ran(line, env);
      if (exitCode !== 0) throw new Error(`${line} ended with ${exitCode}\n${stdout}${stderr}`);
    }
  },
);

describe('a migration', () => {
  it('warns of the take-over, deletes nothing at first, then what is gone', async () => {
    await loadedByTheContainer();
    const identifiers = (): readonly string[] =>
      world.port.entities('bitbucketRepository').map(({ identifier }) => identifier);

    expect((await ran('check')).stdout.replace(/\s+/gu, ' ')).toContain(
      `was written last by ${CONTAINER}; the first sync takes its catalog over`,
    );
    const first = await ran('sync');
    expect(first.stdout.replace(/\s+/gu, ' ')).toContain('The next run would delete 2 entities');
    expect(identifiers()).toContain('legacy-invoices');
    await ran('sync');
    expect(identifiers()).not.toContain('legacy-invoices');
  });
});

const stepSchema = z.tuple([
  z.looseObject({ name: z.string().optional(), with: z.record(z.string(), z.string()).optional() }),
]);

describe('YAML in a page', () => {
  const template = textOf('ci-templates/github/bitbucket-cloud.yml');
  const all = pages.flatMap((page) => blocksIn(page, 'yaml').map((text) => ({ page, text })));

  it.each(all)('of $page is understood: $text', async ({ text }) => {
    const value: unknown = parse(text);
    const step = stepSchema.safeParse(value).data?.[0];
    if (step?.with !== undefined) {
      await writeFile(path.join(folder, 'config.yml'), JSON.stringify(step.with));
      const { exitCode, stdout } = await ran('check --offline --config config.yml');
      expect([exitCode, stdout]).toEqual([0, expect.stringContaining('config')]);
      return;
    }
    if (step !== undefined) {
      // It stands alone: what it runs is installed by itself, in the version of the templates.
      const [, version] = /BITBUCKET_PORT_VERSION: (\S+)/u.exec(template) ?? [];
      const [run] = /^ +run: .*$/mu.exec(text) ?? [];
      expect(run).toContain(`npx -y bitbucket-port@${version ?? ''} sync --timeout 25m`);
      const others = text
        .trim()
        .split('\n')
        .filter((line) => line !== run);
      // The secrets that are there, also those that the templates take from variables.
      const lines = template.replaceAll('${{ vars.', '${{ secrets.');
      for (const line of others) expect(lines).toContain(line.trim());
      return;
    }
    const isMapping = z.looseObject({ resources: z.array(z.unknown()) }).safeParse(value).success;
    await writeFile(path.join(folder, 'written.yml'), text);
    const line = `check --offline --${isMapping ? 'mapping' : 'config'} written.yml`;
    const { exitCode, stdout } = await ran(line, {
      PORT_CLIENT_ID: 'client',
      PORT_CLIENT_SECRET: 'secret',
    });
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('written.yml')]);
  });
});

describe('what replaces the command of the container', () => {
  const changes = blocksIn('docs/migration.md', 'diff');
  const marked = (sign: string, text: string): string =>
    text
      .split('\n')
      .filter((line) => line.startsWith(sign))
      .join('\n');

  it('is there for each platform that the container ran on beside GitHub', () => {
    expect(changes).toHaveLength(3);
  });

  it.each(changes)('runs by itself, in the version of the templates: %s', (text) => {
    const [, version = ''] =
      /BITBUCKET_PORT_VERSION: (\S+)/u.exec(textOf('ci-templates/github/bitbucket-cloud.yml')) ??
      [];
    expect(marked('-', text)).toContain('docker run');
    expect(marked('+', text)).toContain(`npx -y bitbucket-port@${version} sync --timeout 25m`);
    for (const [secret] of marked('-', text).matchAll(/\$\(\w+\)/gu)) {
      expect(marked('+', text)).toContain(`: ${secret}`);
    }
  });
});
