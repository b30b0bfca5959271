import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { demoCompany } from '../../src/sandbox/company/demo-company.js';
import { reportSchema } from '../../src/report/report-document.js';
import { run } from '../../src/run.js';
import { aCompany } from '../world/a-company.js';
import { startWorld, type World } from '../world/a-world.js';

let world: World;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reports-'));
  world = await startWorld(demoCompany());
});

afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

describe('a run that is asked for reports', () => {
  it('writes one in JSON and one in Markdown, without any secret', async () => {
    const report = join(folder, 'report.json');
    const summary = join(folder, 'summary.md');
    const { exitCode } = await world.run(`sync --report-file ${report} --summary-file ${summary}`);

    expect(exitCode).toBe(0);
    const json = await readFile(report, 'utf8');
    const document = reportSchema.parse(JSON.parse(json));
    expect(document).toMatchObject({ exitCode: 0, outcome: 'complete' });
    const created = document.resources.reduce((sum, resource) => sum + resource.created, 0);
    expect(created).toBeGreaterThan(0);
    expect(document.blueprints.reduce((sum, one) => sum + one.created, 0)).toBe(created);
    const markdown = await readFile(summary, 'utf8');
    expect(markdown).toContain('### Bitbucket to Port: Complete');
    expect(markdown).toContain('| Blueprint |');
    expect(json + markdown).not.toContain('bitbucket-secret');
  });

  it('counts its time from where the command began, as it tells the user', async () => {
    const file = join(folder, 'report.json');
    // Before anything is read, as a busy server makes it wait.
    world.port.fail({
      when: ({ path }) => path.endsWith('/auth/access_token'),
      fault: { type: 'answer', answer: { status: 503, headers: { 'retry-after': '20' } } },
      times: 1,
    });
    const { result } = await world.run(`sync --report-file ${file}`);
    const report = reportSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    const seconds = (Date.parse(report.endedAt) - Date.parse(report.startedAt)) / 1000;
    expect(seconds).toBeGreaterThanOrEqual(20);
    expect(result).toContain(`Complete in ${seconds.toFixed(1)}s (exit 0)`);
  });

  it('marks an expression that fails on items where it stands in the mapping', async () => {
    const mapping = [
      'resources:',
      '  - kind: project',
      "    selector: { query: 'true' }",
      '    port:',
      '      entity:',
      '        mappings:',
      '          identifier: .key',
      `          blueprint: '"bitbucketProject"'`,
      '          title: .name | tonumber',
    ];
    const file = join(folder, 'm.yml');
    await writeFile(file, mapping.join('\n'));
    const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: folder };

    const { stderr, result } = await world.run(`sync --mapping ${file}`, env);

    expect(stderr).toMatch(/^::warning file=m\.yml,line=9,col=18,/mu);
    expect(result.replaceAll(/\s+/gu, ' ')).toContain(
      `The expression at ${file}:9:18 is: .name | tonumber`,
    );
  });

  it("adds to the job's summary on GitHub, folds the log and marks failures", async () => {
    const file = join(folder, 'step-summary');
    await writeFile(file, 'what another step said\n');
    world.bitbucket.fail({
      when: ({ path }) => path.endsWith('/pull-requests'),
      fault: { type: 'answer', answer: { status: 403 } },
    });
    const { exitCode, stderr: log } = await world.run('sync', {
      GITHUB_ACTIONS: 'true',
      GITHUB_STEP_SUMMARY: file,
    });

    expect(exitCode).toBe(4);
    const text = await readFile(file, 'utf8');
    expect(text).toMatch(/^what another step said\n### Bitbucket to Port: Incomplete/u);
    expect(log).toContain('::group::bitbucket-port: log of the run\n');
    expect(log).toMatch(/^::error title=bitbucket-port::.*could not be read to the end/mu);
  });

  it('hands the summary over on Azure', async () => {
    const summary = join(folder, 'summary.md');
    const env = { TF_BUILD: 'True' };
    const { stderr: log } = await world.run(`sync --summary-file ${summary}`, env);
    // Behind what folds, where it is not overlooked.
    expect(log).toMatch(/##\[endgroup\]\n[^]*##vso\[task\.uploadsummary\][^\n]*\n$/u);
    expect(log).toContain(`##vso[task.uploadsummary]${summary}\n`);

    const json = await world.run(`sync --log-format json --summary-file ${summary}`, env);
    expect(json.stderr).not.toContain('uploadsummary');
  });

  it.each([
    ['--report-file', 'in a folder that is missing', 'missing/a.json', 'there is no such folder'],
    ['--report-file', 'that is a folder', '.', 'it is a folder'],
    ['--summary-file', 'below a file', 'a-file/a.md', 'there is no such folder'],
  ])('refuses %s %s before anything is sent', async (flag, _name, name, why) => {
    await writeFile(join(folder, 'a-file'), '');
    const file = join(folder, name);
    const { exitCode, stderr } = await world.run(`sync ${flag} ${file}`);
    expect(exitCode).toBe(2);
    expect(stderr.replace(/\s+/gu, ' ')).toMatch(
      new RegExp(`^error: ${flag} names ${file}, which cannot be written: ${why} ?$`, 'u'),
    );
    expect([...world.port.requests, ...world.bitbucket.requests]).toEqual([]);
  });

  it('says in the other report that one cannot be written', async () => {
    const report = join(folder, 'report.json');
    const summary = join(folder, 'missing', 'summary.md');
    const { exitCode, stderr } = await world.run(`sync --report-file ${report}`, {
      OCEAN__SYNC__SUMMARY_FILE: summary,
    });
    expect(exitCode).toBe(2);
    const document = reportSchema.parse(JSON.parse(await readFile(report, 'utf8')));
    expect(document.problems.map(({ code, count }) => [code, count])).toEqual([
      ['setting-invalid', 1],
    ]);
    expect(stderr.match(/cannot be written|could not be written/gu)).toHaveLength(1);
  });

  it('warns when a file can no longer be written, and counts it with --strict', async () => {
    const gone = join(folder, 'gone');
    const file = join(gone, 'report.json');
    // The run is under way by then.
    world.port.fail({
      when: ({ path }) => {
        if (path.endsWith('/auth/access_token')) rmSync(gone, { recursive: true, force: true });
        return false;
      },
      fault: { type: 'hang' },
    });
    mkdirSync(gone);
    const { exitCode, result } = await world.run(`sync --report-file ${file}`);
    expect(exitCode).toBe(0);
    expect(result.replace(/\s+/gu, ' ')).toContain(
      `warning: ${file} could not be written: there is no such folder`,
    );
    mkdirSync(gone);
    expect((await world.run(`sync --strict --report-file ${file}`)).exitCode).toBe(4);
  });

  it('says there as well that the settings cannot be used', async () => {
    const report = join(folder, 'report.json');
    const missing = join(folder, 'missing', 'summary.md');
    const jobSummary = join(folder, 'step-summary');
    const { exitCode, stderr: log } = await world.run(
      `sync --report-file ${report} --summary-file ${missing}`,
      {
        OCEAN__PORT__CLIENT_SECRET: '',
        BITBUCKET_TYPE: 'bitbucket-secret',
        GITHUB_ACTIONS: 'true',
        GITHUB_STEP_SUMMARY: jobSummary,
      },
    );

    expect(exitCode).toBe(2);
    const json = await readFile(report, 'utf8');
    const document = reportSchema.parse(JSON.parse(json));
    expect(document).toMatchObject({ exitCode: 2, outcome: 'settings-wrong', source: null });
    expect(document.problems.map(({ code }) => code)).toEqual([
      'setting-missing',
      'setting-invalid',
    ]);
    const markdown = await readFile(jobSummary, 'utf8');
    expect(markdown).toContain('### Bitbucket to Port: Settings or mapping are wrong (exit 2)');
    expect(markdown).toContain('- **Error**: port.clientSecret is not set');
    expect(json + markdown).not.toContain('bitbucket-secret');
    expect(log.replace(/\s+/gu, ' ')).toContain(`${missing} could not be written`);
    expect([...world.port.requests, ...world.bitbucket.requests]).toEqual([]);
  });
});

describe('a report', () => {
  it('holds no escape code, no turned text and no command of a CI system', async () => {
    const name = 'api \u009b31m\u202e ##vso[task.complete]';
    const { company } = world.bitbucket;
    company.repositories.splice(0, company.repositories.length);
    company.pullRequests.clear();
    company.repositories.push(...aCompany().withRepository('PAY', 'web').build().repositories);
    world.bitbucket.fail({
      when: ({ path }) => path.endsWith('/pull-requests'),
      fault: { type: 'answer', answer: { status: 500, body: { errors: [{ message: name }] } } },
    });
    const [report, summary] = [join(folder, 'report.json'), join(folder, 'summary.md')];
    await world.run(`sync --report-file ${report} --summary-file ${summary}`);
    const json = await readFile(report, 'utf8');
    expect(JSON.stringify(reportSchema.parse(JSON.parse(json)))).toContain('31m');
    for (const text of [json, await readFile(summary, 'utf8')]) {
      expect(text).not.toMatch(/[\u0080-\u009f\u202a-\u202e\u2066-\u2069]|##vso\[/u);
    }
  });

  it.each(['--report-file', '--summary-file'])(
    'follows no link out of its folder: %s',
    async (flag) => {
      const target = join(folder, 'precious');
      const inside = join(folder, 'reports');
      await writeFile(target, 'precious');
      mkdirSync(inside);
      const links: readonly (readonly [link: string, to: string, named: string])[] = [
        ['direct', target, 'direct'],
        ['dangling', join(folder, 'nothing-yet'), 'dangling'],
        ['folder', folder, 'folder/precious'],
      ];
      for (const [link, to, named] of links) {
        await symlink(to, join(inside, link));
        const runtime = { ...world.runtime(`sync ${flag} ${named}`), cwd: inside };
        expect(await run(runtime)).toBe(2);
        expect(runtime.written.stderr.replace(/\s+/gu, ' ')).toContain(
          'it is a link that leads out of its folder',
        );
      }
      expect(await readFile(target, 'utf8')).toBe('precious');
      expect(world.port.requests).toEqual([]);
    },
  );

  it('follows a link that stays in its folder', async () => {
    await symlink('dated.json', join(folder, 'latest.json'));
    expect((await world.run(`sync --report-file ${join(folder, 'latest.json')}`)).exitCode).toBe(0);
    const json = await readFile(join(folder, 'dated.json'), 'utf8');
    expect(reportSchema.parse(JSON.parse(json))).toMatchObject({ exitCode: 0 });
  });

  const itWhereDisksAreFull = existsSync('/dev/full') ? it : it.skip;
  itWhereDisksAreFull.each(['--report-file', '--summary-file'])(
    'that a full disk does not take makes the run incomplete: %s',
    async (flag) => {
      const { exitCode, result } = await world.run(`sync ${flag} /dev/full`);
      expect({ exitCode, result }).toMatchObject({ exitCode: 4 });
      expect(result).toContain('/dev/full could not be written: there is no space left');
      expect(result).toContain('Free some space on its disk');
    },
  );
});
