import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/model/json.js';
import { reportSchema, type ReportDocument } from '../../src/report/report-document.js';
import { aCompany } from '../world/a-company.js';
import type { World } from '../world/a-world.js';
import { aMappedWorld, mappingOf, resource } from './safety-world.js';

let world: World;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counts-'));
});

afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

type Counts = ReportDocument['resources'][number];

async function countsOf(line: string): Promise<readonly Counts[]> {
  const file = join(folder, 'report.json');
  await world.run(`${line} --report-file ${file}`);
  return reportSchema.parse(JSON.parse(await readFile(file, 'utf8'))).resources;
}

/** What became of all results of a resource. */
const outcomes = (counts: Counts): number =>
  counts.unselected +
  counts.unidentified +
  counts.duplicates +
  counts.merged +
  counts.failed +
  counts.unchanged +
  counts.created +
  counts.updated +
  counts.searched +
  counts.unreached;

const repositories = (entity: JsonObject, query = 'true'): JsonObject =>
  resource(
    'repository',
    { title: '.name', blueprint: '"bitbucketRepository"', ...entity },
    { query },
  );

describe('the counts of a run', () => {
  it('have each item in one column: skipped, without identifier, duplicate, failed, new, then same', async () => {
    const company = aCompany()
      .withRepository('PAY', 'api')
      .withRepository('PAY', 'web')
      .withRepository('PAY', 'nameless')
      .withRepository('PAY', 'hidden')
      .withRepository('PAY', 'broken')
      .withRepository('OPS', 'api')
      .build();
    const identifier =
      'if .slug == "nameless" then null elif .slug == "broken" then error("no") else .slug end';
    const mapping = mappingOf([repositories({ identifier }, '.slug != "hidden"')]);
    world = await aMappedWorld(company, mapping);

    const [first] = await countsOf('sync');

    expect(first).toMatchObject({
      fetched: 6,
      unselected: 1,
      unidentified: 1,
      duplicates: 1,
      failed: 1,
      created: 2,
    });
    world.clock.advance(60_000);
    const { result } = await world.run('sync');
    expect(result).toContain('Resource Read Skip No id Dup Same New Changed Failed Deleted Calls');
    expect(result).toContain('repository 6 1 1 1 2 0 0 1 0');
    expect(result).toContain('Dup: made before under the same identifier');
  });

  it('have what two resources merge once, and once as merged', async () => {
    const company = aCompany().withRepository('PAY', 'api').withRepository('PAY', 'web').build();
    const one = repositories({ identifier: '.slug' });
    world = await aMappedWorld(company, mappingOf([one, one]));

    const counts = await countsOf('sync');

    expect(counts).toMatchObject([
      { fetched: 2, created: 2, merged: 0 },
      { fetched: 2, created: 0, merged: 2 },
    ]);
    for (const each of counts) expect(outcomes(each)).toBe(each.fetched);
  });
});
