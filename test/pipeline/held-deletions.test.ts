import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { reportSchema } from '../../src/report/report-document.js';
import { aCompany } from '../world/a-company.js';
import { startServerWorld } from '../world/a-world.js';
import { IDENTIFIER } from './safety-world.js';

let folder: string;
let world: Awaited<ReturnType<typeof startServerWorld>>;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'held-'));
});

afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

/** Loads twenty repositories, and then under other identifiers, which would replace all of them. */
async function stopped(): Promise<void> {
  const company = aCompany();
  for (let index = 0; index < 20; index += 1) company.withRepository('PAY', `r${index}`);
  world = await startServerWorld(company.build());
  expect((await world.run('sync', { cwd: folder })).exitCode).toBe(0);
  world.clock.advance(60_000);
  expect((await world.run('sync', { cwd: folder })).exitCode).toBe(0);
  await world.run('init --type server --ci none --with-mapping', { cwd: folder });
}

const sync = () => world.run('sync --report-file r.json --summary-file s.md', { cwd: folder });
const textOf = (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8');

describe('deletions that a run holds back', () => {
  it('stand in the report and in the summary, with the command that approves them', async () => {
    await stopped();

    const { exitCode } = await sync();

    expect(exitCode).toBe(5);
    const report = reportSchema.parse(JSON.parse(await textOf('r.json')));
    const [held] = report.heldDeletions;
    expect(held?.why).toBe('stopped');
    expect(held?.approveWith).toMatch(/^npx bitbucket-port sync --approve \d+@\d{4}-\d\d-\d\d$/u);
    expect(held?.entities).toContainEqual({ blueprint: 'bitbucketRepository', identifier: 'r7' });
    const summary = await textOf('s.md');
    expect(summary).toContain(`${String(held?.entities.length)} entities</summary>`);
    expect(summary).toContain('- bitbucketRepository r7\n');
    expect(summary).toContain(`\`\`\`sh\n${held?.approveWith ?? ''}\n\`\`\``);
  });

  it('say once what to do, where several guards stop them', async () => {
    await stopped();

    const { result } = await sync();

    expect(result.match(/more than the threshold/gu)?.length).toBeGreaterThan(1);
    expect(result.match(/the identifier in the mapping seems/gu)).toHaveLength(1);
    expect(result.match(/approve it today/gu)).toHaveLength(1);
  });

  it('say in the next run since when', async () => {
    await stopped();
    const first = await sync();
    expect(first.result).not.toContain('nothing was since');
    expect(world.port.integration(IDENTIFIER)?.spec).toMatchObject({
      bitbucketPort: { stopped: true, stoppedAt: expect.any(String) },
    });

    const second = await sync();

    expect(second.exitCode).toBe(5);
    expect(second.result).toMatch(
      /nothing was deleted, and nothing was since \d{4}-\d\d-\d\d \d\d:\d\d UTC/u,
    );
  });
});
