import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { pipelineBelow } from '../../src/commands/init/pipeline-file.js';
import { platformOf } from './platforms/index.js';
import { onScene, type Scene } from './scene.js';
import { installOnce, type SharedInstall } from './shared-install.js';
import { templateFiles, type TemplateFile } from './template-files.js';

interface Place {
  readonly folder: string;
  readonly install: SharedInstall;
}

let place: Promise<Place> | undefined;

async function prepare(): Promise<Place> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ci-templates-'));
  return { folder, install: await installOnce(folder) };
}

afterAll(async () => {
  const made = await place;
  if (made === undefined) return;
  await made.install.close();
  await rm(made.folder, { recursive: true });
});

/**
 * A test on a scene of its own, with the stand-in of the package if not with itself. They run side by
 * side: most of their time is other processes'.
 */
function play(
  name: string,
  template: TemplateFile,
  act: (scene: Scene) => Promise<void>,
  lent: 'installed' | 'standIn' = 'standIn',
  isPossible = true,
): void {
  (isPossible ? it.concurrent : it.concurrent.skip)(name, async () => {
    place ??= prepare();
    await onScene(template, await place, lent, act);
  });
}

/** Maps projects and repositories by these identifiers. */
function mappingOf(project: string, repository: string): string {
  const resources = { project, repository };
  return JSON.stringify({
    resources: Object.entries(resources).map(([kind, identifier]) => ({
      kind,
      selector: { query: 'true' },
      port: { entity: { mappings: { identifier, title: '.name', blueprint: '"thing"' } } },
    })),
  });
}

const GOOD = mappingOf('.key', '.slug');

/** Items that were recorded, of both kinds: the loop over them comes to the repository last. */
const SAMPLES = {
  'project.json': [{ key: 'PAY', name: 'Payments' }],
  'repository.json': [{ slug: 'ledger', name: 'Ledger' }],
};

/** A repository as a user keeps it: settings, a mapping, and maybe items to try it on. */
async function keepMapping(
  { folder, write }: Scene,
  type: string,
  mapping: string,
  samples: Readonly<Record<string, unknown>> = SAMPLES,
  below = '',
): Promise<void> {
  const hasSamples = Object.keys(samples).length > 0;
  await mkdir(path.join(folder, below, hasSamples ? 'samples' : ''), { recursive: true });
  const settings = `integration: { type: ${type} }\nmapping: mapping.yml\n`;
  await write(path.join(below, 'bitbucket-port.yml'), settings);
  await write(path.join(below, 'mapping.yml'), mapping);
  for (const [name, items] of Object.entries(samples)) {
    await write(path.join(below, 'samples', name), JSON.stringify(items));
  }
}

/** A pull request's pipeline saw no secret and asked nobody. */
async function expectSeclusion({ world, network, hidden, npmCalls }: Scene): Promise<void> {
  expect(network.requests).toEqual([]);
  expect(world.bitbucket.requests).toEqual([]);
  expect(world.port.requests).toEqual([]);
  const [call] = await npmCalls();
  expect(call?.env).toContain('AGENT_SCRATCH=');
  for (const secret of hidden) expect(call?.env).not.toContain(secret);
}

// The templates of a platform differ in nothing that runs, as another test makes sure.
const onePerPlatform = templateFiles.filter(
  ({ platform }, index) => platform !== templateFiles[index - 1]?.platform,
);

describe.each(templateFiles)('$name', (template) => {
  play(
    'loads Bitbucket into Port, and shows secrets to no other step',
    template,
    async (scene) => {
      const { world, network, folder, hidden } = scene;
      const end = await scene.run('schedule');

      expect(end).toMatchObject({ verdict: 'passed' });
      expect(world.port.entities('bitbucketRepository').length).toBeGreaterThan(3);
      expect(world.port.entities('bitbucketPullRequest').length).toBeGreaterThan(3);
      expect(network.requests).toEqual([]);
      const report = await readFile(path.join(folder, 'bitbucket-port-report.json'), 'utf8');
      const [call, ...others] = await scene.npmCalls();
      expect(others).toEqual([]);
      expect(call?.env).toContain('AGENT_SCRATCH=');
      expect(hidden.length).toBeGreaterThan(1);
      for (const secret of hidden) {
        expect(end.output).not.toContain(secret);
        expect(report).not.toContain(secret);
        expect(call?.env).not.toContain(secret);
      }
    },
    onePerPlatform.includes(template) ? 'installed' : 'standIn',
  );

  play(
    'lets a pull request with a good mapping pass',
    template,
    async (scene) => {
      await keepMapping(scene, template.type, GOOD);
      const end = await scene.run('pull-request');

      expect(end).toMatchObject({ verdict: 'passed' });
      expect(end.output).toContain('ledger');
      expect(await readdir(scene.folder)).not.toContain('bitbucket-port-report.json');
      await expectSeclusion(scene);
    },
    template === templateFiles[0] ? 'installed' : 'standIn',
  );
});

/** What the mappings here load into. */
const THING = { identifier: 'thing', title: 'Thing', schema: { properties: {}, required: [] } };

/** What a plan wrote in Markdown, wherever the platform has it. */
async function readSummary({ folder, temporary }: Scene): Promise<string> {
  const places = [path.join(folder, 'plan.md'), path.join(temporary, 'bitbucket-port-plan.md')];
  const texts = await Promise.all(places.map((file) => readFile(file, 'utf8').catch(() => '')));
  return texts.join('');
}

const HAS_GIT = spawnSync('git', ['--version']).status === 0;

/** Settings and mapping as they are on the branch that a pull request is to be merged into. */
const settled = (type: string, below = ''): Record<string, string> => ({
  [`${below}bitbucket-port.yml`]: `integration: { type: ${type} }\nmapping: mapping.yml\n`,
  [`${below}mapping.yml`]: GOOD,
});

describe.each(onePerPlatform)('$name', (template) => {
  const { text, type } = template;
  play(
    'shows what a pull request would change, by the settings that it is to be merged with',
    template,
    async (scene) => {
      const { world, network, hidden } = scene;
      world.port.putBlueprint(THING);
      await scene.openPullRequest(settled(type), {
        'mapping.yml': mappingOf('.key', '"changed-" + .slug'),
        'bitbucket-port.yml': `port: { baseUrl: ${network.url} }\nsync: { kinds: [project] }\n`,
        '.env': `HTTPS_PROXY=${network.url}\nOCEAN__PORT__BASE_URL=${network.url}\n`,
      });
      const end = await scene.run('plan');

      expect(end).toMatchObject({ verdict: 'passed' });
      expect(end.output).toContain('changed-ledger');
      expect(await readSummary(scene)).toContain('changed-ledger');
      expect(network.requests).toEqual([]);
      expect(world.port.writes).toEqual([]);
      const [call] = await scene.npmCalls();
      for (const secret of hidden) {
        expect(end.output).not.toContain(secret);
        expect(call?.env).not.toContain(secret);
      }
    },
    'standIn',
    HAS_GIT,
  );

  play(
    'reads no other file where a pull request makes the mapping a link',
    template,
    async (scene) => {
      await scene.write('../secret.txt', 'not for everybody');
      await scene.openPullRequest(settled(type), {}, { 'mapping.yml': '../secret.txt' });
      const end = await scene.run('plan');

      expect(end.verdict).toBe('failed');
      expect(end.output).not.toContain('not for everybody');
      expect(scene.world.port.requests).toEqual([]);
    },
    'standIn',
    HAS_GIT,
  );

  const below = { ...template, text: pipelineBelow(text, 'ops/port', 'ops/port') };
  play(
    'shows the plan for settings below the root',
    below,
    async (scene) => {
      scene.world.port.putBlueprint(THING);
      await scene.openPullRequest(settled(type, 'ops/port/'), {
        'ops/port/mapping.yml': mappingOf('.key', '"changed-" + .slug'),
      });
      const end = await scene.run('plan');
      expect(end).toMatchObject({ verdict: 'passed' });
      expect(end.output).toContain('changed-ledger');
    },
    'standIn',
    HAS_GIT,
  );
});

describe.each(onePerPlatform)('$name, for settings below the root', (template) => {
  const text = pipelineBelow(template.text, 'ops/port', 'ops/port');
  const below = { ...template, text };

  play('obeys them', below, async ({ folder, write, run, world }) => {
    await mkdir(path.join(folder, 'ops', 'port'), { recursive: true });
    await write('ops/port/bitbucket-port.yml', 'sync: { kinds: [project] }\n');
    expect(await run('schedule')).toMatchObject({ verdict: 'passed' });
    expect(world.port.entities('bitbucketProject').length).toBeGreaterThan(1);
    expect(world.port.entities('bitbucketRepository')).toEqual([]);
  });

  play('checks their mapping, and tries it on their samples', below, async (scene) => {
    await keepMapping(scene, template.type, GOOD, SAMPLES, 'ops/port');
    const end = await scene.run('pull-request');
    expect(end).toMatchObject({ verdict: 'passed' });
    expect(end.output).toContain('ledger');
    await expectSeclusion(scene);
  });

  it('is what its platform understands', async () => {
    expect(await platformOf(template.platform).problems(text)).toEqual([]);
  });
});

describe.each(onePerPlatform)('$name', (template) => {
  const { platform, type } = template;

  play('fails when the credentials are wrong', template, async ({ run, secrets, world }) => {
    const wrong = { ...secrets, OCEAN__PORT__CLIENT_SECRET: 'not-the-secret' };
    const end = await run('schedule', wrong);

    expect(end.verdict).toBe('failed');
    expect(end.steps).toHaveLength(2);
    expect(world.port.writes).toEqual([]);
    expect(end.output).toContain(' refused OCEAN__');
    expect(end.output).not.toContain('not-the-secret');
  });

  play('passes an approval on that somebody gives by hand', template, async ({ run, secrets }) => {
    const day = new Date().toISOString().slice(0, 10);
    expect(await run('schedule', secrets, `5@${day}`)).toMatchObject({ verdict: 'passed' });
  });

  play(
    'takes an approval for no command, whatever is in it',
    template,
    async ({ run, secrets, folder, world }) => {
      const end = await run('schedule', secrets, '5@2026-01-01"; touch $(echo taken) #');

      expect(end.verdict).toBe('failed');
      expect(end.output).toContain('must be a number and a day');
      expect(await readdir(folder)).not.toContain('taken');
      expect(world.port.writes).toEqual([]);
    },
  );

  play(
    'shows an incomplete run in yellow where the platform has that, else in red',
    template,
    async ({ run, write, world, folder }) => {
      // Each repetition would wait.
      await write('bitbucket-port.yml', 'sync: { retries: 0 }\n');
      world.bitbucket.fail({
        fault: { type: 'answer', answer: { status: 500, body: 'broken' } },
        when: ({ path: asked }) => /\/ledger\/(?:pull-requests|pullrequests)$/u.test(asked),
      });
      const end = await run('schedule');

      const isRed = ['github', 'bitbucket-pipelines'].includes(platform);
      expect(end.verdict).toBe(isRed ? 'failed' : 'warned');
      const report = await readFile(path.join(folder, 'bitbucket-port-report.json'), 'utf8');
      expect(JSON.parse(report)).toMatchObject({ exitCode: 4 });
      expect(world.port.entities('bitbucketRepository').length).toBeGreaterThan(3);
    },
  );

  // Neither is the last thing that the script does: it has to end there all the same.
  describe.each([
    ['with a mapping that is no jq', mappingOf('.key', '.slug |'), {}, /mapping\.yml/u],
    [
      'whose mapping fails on an item',
      mappingOf('.name | tonumber', '.slug'),
      SAMPLES,
      /Payments/u,
    ],
  ])('holds up a pull request', (words, mapping, samples, shown) => {
    play(words, template, async (scene) => {
      await keepMapping(scene, type, mapping, samples);
      const end = await scene.run('pull-request');

      expect(end.verdict).toBe('failed');
      expect(end.output).toMatch(shown);
      await expectSeclusion(scene);
    });
  });
});
