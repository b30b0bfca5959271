import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aCompany } from '../world/a-company.js';
import { startWorld, type World } from '../world/a-world.js';

// Whole runs, on machines that are busy.
let world: World;
let folder: string;

beforeEach(async () => {
  const company = aCompany();
  for (let index = 1; index <= 5; index += 1) company.withRepository('PAY', `api-${index}`);
  world = await startWorld(company.build());
  folder = await mkdtemp(path.join(tmpdir(), 'never-filled-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
  await world.close();
});

/** Runs sync with a mapping of repositories that fills these properties. */
async function loaded(properties: Readonly<Record<string, string>>, flags = '') {
  const mappings = { identifier: '.slug', blueprint: '"bitbucketRepository"', properties };
  const resources = [{ kind: 'repository', port: { entity: { mappings } } }];
  const mapping = path.join(folder, 'mapping.json');
  await writeFile(mapping, JSON.stringify({ resources }));
  return world.run(`sync --mapping ${mapping}${flags}`);
}

describe('a field that no item fills', () => {
  it('is called out once, with its expression and the key that was meant', async () => {
    const { exitCode, result } = await loaded({ link: '.lnks.self[0].href', state: '.state' });
    expect(result).toContain(
      'warning: repository: properties.link is never filled: null on all 5 items, none of which has a key lnks > Did you mean links? The expression at',
    );
    expect(result).toMatch(/at \S+\/mapping\.json:1:\d+ is: \.lnks\.self\[0\]\.href /u);
    expect(result.match(/never filled/gu)).toHaveLength(1);
    expect(exitCode).toBe(0);
  });

  it('counts with --strict', async () => {
    expect((await loaded({ link: '.lnks' }, ' --strict')).exitCode).toBe(4);
  });

  it('is not called out when the company just has nothing there', async () => {
    const { result } = await loaded({ description: '.description', documentation: '.__readme' });
    expect(result).not.toContain('never filled');
  });

  it('is not called out after a reading that did not come to its end', async () => {
    world.bitbucket.fail({
      fault: { type: 'answer', answer: { status: 404, body: {} } },
      when: ({ path: requested }) => requested.endsWith('/api/1.0/repos'),
    });
    const { exitCode, result } = await loaded({ link: '.lnks' });
    expect(exitCode).toBe(6);
    expect(result).not.toContain('never filled');
  });

  it('is counted in the log for debugging', async () => {
    const { stderr } = await loaded({ link: '.lnks', state: '.state' }, ' --log-level debug');
    expect(stderr).toContain('repository: null: properties.link 5 of 5');
  });

  it('costs a line of the JSON log for a thousand errors', async () => {
    const { stderr } = await loaded({ link: '.slug | tonumber' }, ' --log-format json');
    const lines = stderr.split('\n').filter((line) => line.includes('properties.link'));
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('"message":"4 more like this: ');
  });
});
