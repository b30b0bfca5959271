import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../../src/model/json.js';
import {
  deactivateUser,
  mergePullRequest,
  removeProject,
  removeRepository,
} from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { aCompany, aMoment } from '../world/a-company.js';
import { deletedIn, mappingOf, resource } from '../pipeline/safety-world.js';
import {
  aDay,
  BOTH,
  done,
  INTEGRATION,
  mappingOn,
  planned,
  putIntegration,
  theDayAfter,
  type Day,
  type Flavour,
} from './a-day.js';

let day: Day;

afterEach(async () => {
  await day.close();
});

const deleted = (): readonly string[] => deletedIn(day);

function company(): Company {
  const builder = aCompany();
  for (const slug of ['api', 'blog', 'shop']) {
    builder.withRepository('PAY', slug);
    for (const id of [1, 2]) builder.withPullRequest('PAY', slug, { id });
  }
  return builder.build();
}

/** A change at some place of a mapping; a place is a path of keys and positions. */
function withKey(
  mapping: JsonObject,
  place: readonly (string | number)[],
  key: string,
): JsonObject {
  const set = (value: JsonValue, [step, ...rest]: readonly (string | number)[]): JsonValue => {
    if (step === undefined) return isJsonObject(value) ? { ...value, [key]: false } : value;
    if (isJsonArray(value)) {
      return value.map((each, index) => (index === step ? set(each, rest) : each));
    }
    if (!isJsonObject(value)) return value;
    return { ...value, [step]: set(value[step] ?? null, rest) };
  };
  const changed = set(mapping, place);
  if (!isJsonObject(changed)) throw new Error('a mapping is an object');
  return changed;
}

/** Where an unknown key may stand, and in which blueprints it keeps. Resource 1 is that of services. */
const PLACES: readonly (readonly [string, readonly (string | number)[], readonly string[]])[] = [
  ['at the root', [], ['change', 'service']],
  ['in a resource', ['resources', 1], ['service']],
  ['in a selector', ['resources', 1, 'selector'], ['service']],
  ['in port', ['resources', 1, 'port'], ['service']],
  ['in port.entity', ['resources', 1, 'port', 'entity'], ['service']],
  ['in mappings', ['resources', 1, 'port', 'entity', 'mappings'], ['service']],
];

describe.each(BOTH)('a key that nobody knows, in a mapping that Port of %s holds', (flavour) => {
  it.each(PLACES)(
    '%s keeps what it covers, with a warning that names it',
    async (_, place, kept) => {
      const data = company();
      day = await theDayAfter(flavour, data, () => {
        removeRepository(data, 'PAY', 'shop');
      });
      putIntegration(day, withKey(mappingOn(flavour), place, 'disableDelete'));
      const all = ['change shop-1', 'change shop-2', 'service shop'];
      const isKept = (each: string): boolean => kept.some((name) => each.startsWith(name));

      const before = await planned(day);
      const { exitCode, result } = await day.run('sync');

      expect(exitCode).toBe(0);
      expect(result).toContain('disableDelete');
      expect(result).toContain('a key that this version does not know');
      expect(deleted()).toEqual(all.filter((each) => !isKept(each)));
      expect(before.deletes).toEqual(deleted().map((each) => `- ${each}`));
      expect((await day.run('sync --strict')).exitCode).toBe(4);
      day.port.reset();
      await day.run(`sync --delete-only ${kept.join(',')}`);
      expect(deleted()).toEqual(all.filter(isKept));
    },
  );

  it.each(PLACES)('%s is a mistake in a file of the user', async (_, place) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'keys-'));
    const file = path.join(folder, 'mapping.json');
    await writeFile(file, JSON.stringify(withKey(mappingOn(flavour), place, 'disableDelete')));
    day = await aDay(flavour, company());

    const { exitCode, result, stderr } = await day.run(`sync --mapping ${file}`);
    await rm(folder, { recursive: true });

    expect(exitCode).toBe(2);
    expect(result + stderr).toContain('disableDelete');
    expect(day.port.requests).toEqual([]);
  });
});

describe.each(BOTH)('enableDelete: false on %s', (flavour) => {
  const withSwitch = (enableDelete: boolean): JsonObject =>
    mappingOn(flavour, { ofRepositories: { enableDelete } });

  it('keeps what its resource feeds, no more, and nobody advises to remove an unknown key', async () => {
    const data = company();
    day = await theDayAfter(flavour, data, () => {
      removeRepository(data, 'PAY', 'shop');
      mergePullRequest(data, 'PAY', 'api', 1, aMoment);
    });
    putIntegration(day, withSwitch(false));

    const { exitCode, result } = await day.run('sync --strict');

    expect(exitCode).toBe(0);
    expect(deleted()).toEqual(['change api-1', 'change shop-1', 'change shop-2']);
    expect(result).toContain('says enableDelete: false');
    expect(result).not.toContain('does not know');
    putIntegration(day, withSwitch(true));
    await done(day.run('sync --strict'));
    expect(deleted()).toContain('service shop');
  });

  it('keeps also what another resource feeds into the same blueprint', async () => {
    const data = company();
    day = await theDayAfter(flavour, data, () => {
      removeRepository(data, 'PAY', 'shop');
    });
    const protecting = {
      ...resource('project', { identifier: '"team-" + .key', blueprint: '"service"' }),
      enableDelete: false,
    };
    putIntegration(day, mappingOn(flavour, { more: [protecting] }));

    await done(day.run('sync --strict'));

    expect(deleted()).toEqual(['change shop-1', 'change shop-2']);
  });
});

describe('blueprints of Port itself', () => {
  const people = mappingOf([
    resource('user', { identifier: '.emailAddress', title: '.displayName', blueprint: '"_user"' }),
    resource('project', { identifier: '.key', title: '.name', blueprint: '"_team"' }),
    resource('repository', { identifier: '.slug', title: '.name', blueprint: '"_rule_result"' }),
  ]);

  /** People, teams and results that were loaded into Port's own blueprints, of which one each went. */
  async function loaded(): Promise<void> {
    const data = aCompany()
      .withUser({ name: 'ana' })
      .withUser({ name: 'bo' })
      .withRepository('PAY', 'api')
      .withRepository('OLD', 'gone')
      .build();
    day = await aDay('server', data, { port: { systemBlueprints: true }, mapping: people });
    day.port.putBlueprint({
      identifier: '_rule_result',
      title: 'Rule result',
      schema: { properties: {} },
    });
    await done(day.run('sync'));
    removeProject(data, 'OLD');
    deactivateUser(data, 'bo');
    day.port.reset();
  }

  it('lose nobody and nothing, and that is told', async () => {
    await loaded();

    const { exitCode, result } = await day.run('sync --strict');

    expect(exitCode).toBe(0);
    expect(deleted()).toEqual([]);
    for (const name of ['_user', '_team', '_rule_result']) {
      expect(result).toContain(`kept 1 entity of ${name}`);
    }
    expect(result).toContain('the blueprint is one of Port itself');
    expect((await planned(day)).deletes).toEqual([]);
  });

  it('lose nobody either where nothing feeds them any more, whatever is approved', async () => {
    await loaded();
    putIntegration(
      day,
      mappingOf([resource('project', { identifier: '.key', blueprint: '"team"' })]),
    );

    await day.run('sync --approve 999@2026-01-01');

    expect(deleted()).toEqual([]);
    expect(day.identifiers('_user')).toContain('bo@example.com');
  });

  it('are deleted in where sync.deleteOnly names them, and nowhere else', async () => {
    await loaded();

    await done(day.run('sync --delete-only _user'));

    expect(deleted()).toEqual(['_user bo@example.com']);
  });
});

describe.each(BOTH)('an entity of ours that a search also reaches, on %s', (flavour) => {
  it.each(['creator', 'last-writer'] as const)(
    'stays ours where Port takes the %s for its data source, and goes with its repository',
    async (datasource) => {
      const link = flavour === 'server' ? '.links.self[0].href' : '.links.html.href';
      const searched = resource('repository', {
        identifier: {
          combinator: '"and"',
          rules: [{ property: '"link"', operator: '"="', value: link }],
        },
        blueprint: '"service"',
        properties: { note: '"found"' },
      });
      const mapping = mappingOn(flavour);
      const data = company();
      day = await aDay(flavour, data, { port: { datasource }, mapping });
      await done(day.run('sync'));
      putIntegration(day, mappingOn(flavour, { more: [searched] }));
      await done(day.run('sync'));
      expect(day.port.entity('service', 'shop')?.properties).toMatchObject({ note: 'found' });

      removeRepository(data, 'PAY', 'shop');
      const { result } = await day.run('sync');
      expect(deleted()).toEqual(['change shop-1', 'change shop-2']);
      expect(result).toContain('a mapping finds entities there by a search query');
      for (const { datasource: of } of day.port.entities('service')) {
        expect(of).toMatch(new RegExp(`/${INTEGRATION[flavour].identifier}/exporter$`, 'u'));
      }
      putIntegration(day, mapping);
      await done(day.run('sync --strict'));
      expect(deleted()).toContain('service shop');
    },
  );
});

/** What lets none of the pull requests of project PAY through, whoever compares it. */
const MISTAKES: readonly (readonly [Flavour, string, JsonObject])[] = [
  ['server', 'an expression', { query: '.title == "none"' }],
  ['server', 'another state', { state: 'DECLINED' }],
  ['server', 'several other states', { states: ['MERGED', 'DECLINED'] }],
  ['server', 'a window', { updatedWithin: '1h' }],
  ['server', 'names of projects', { projectFilterRegex: '^PYA$' }],
  ['cloud', 'an expression', { query: '.title == "none"' }],
  ['cloud', 'another state', { states: ['DECLINED'] }],
  ['cloud', 'a query', { pullRequestQuery: 'title = "none"' }],
  ['cloud', 'a window', { updatedWithin: '1h' }],
  ['cloud', 'a query of repositories', { repoQuery: 'name = "none"' }],
];

describe.each(MISTAKES)(
  'a selector of %s that lets nothing through by mistake: %s',
  (flavour, _, selector) => {
    it('stops the run: what is there in Bitbucket is not taken for gone', async () => {
      const data = aCompany();
      for (let index = 1; index <= 4; index += 1) {
        data.withRepository('PAY', `svc-${index}`);
        for (let id = 1; id <= 3; id += 1) data.withPullRequest('PAY', `svc-${index}`, { id });
      }
      day = await theDayAfter(flavour, data.build(), () => undefined);
      day.clock.advance(2 * 60 * 60_000);
      putIntegration(day, mappingOn(flavour, { selectors: { 'pull-request': selector } }));

      expect((await planned(day)).postponed).toHaveLength(12);
      const { exitCode, result } = await day.run('sync');

      expect(exitCode).toBe(5);
      expect(result).toContain('--approve');
      expect(deleted()).toEqual([]);
      expect(
        (await day.run(`sync --approve ${/--approve (\S+)/u.exec(result)?.[1] ?? ''}`)).exitCode,
      ).toBe(0);
      expect(deleted()).toHaveLength(12);
    });
  },
);
