import { afterEach, describe, expect, it } from '@jest/globals';
import { DEFAULTS } from '../../src/defaults/index.js';
import {
  canonicalJson,
  isJsonArray,
  type JsonObject,
  type JsonValue,
} from '../../src/model/json.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { demoCompany } from '../../src/sandbox/company/demo-company.js';
import type { CatalogEntity } from '../../src/sandbox/port/entity.js';
import { startPort, type SandboxPort } from '../../src/sandbox/port/port.js';
import { containerDifferences, type CatalogDifference } from '../docs/container-differences.js';
import { startCloudWorld, WORKSPACE_TOKEN } from '../world/a-cloud-world.js';
import { startServerWorld } from '../world/a-world.js';
import { loadAsTheContainer, type ContainerEntity } from './container-by-its-rules.js';
import { mappingOf, resource } from './safety-world.js';

type Flavour = CatalogDifference['flavour'];
type MappingName = CatalogDifference['mapping'];

const TYPES = { server: 'bitbucket-server', cloud: 'bitbucket-cloud' } as const;
const CLIENT = { clientId: 'port-client', clientSecret: 'port-secret' };

/** The default mapping of the container, which every customer of it has in Port. */
const CONTAINER_MAPPINGS: Readonly<Record<Flavour, JsonObject>> = {
  server: mappingOf([
    resource('project', {
      identifier: '.key',
      title: '.name',
      blueprint: '"bitbucketProject"',
      properties: {
        public: '.public',
        type: '.type',
        description: '.description',
        link: '.links.self[0].href',
      },
    }),
    resource('repository', {
      identifier: '.slug',
      title: '.name',
      blueprint: '"bitbucketRepository"',
      properties: {
        description: '.description',
        state: '.state',
        forkable: '.forkable',
        public: '.public',
        link: '.links.self[0].href',
        documentation: '.__readme',
      },
      relations: {
        project: '.project.key',
        latestCommitAuthor: '.__latestCommit.author.emailAddress',
      },
    }),
    resource('pull-request', {
      identifier: '.toRef.repository.slug + "-" + (.id|tostring)',
      title: '.title',
      blueprint: '"bitbucketPullRequest"',
      properties: {
        created_on: '.createdDate | (tonumber / 1000 | strftime("%Y-%m-%dT%H:%M:%SZ"))',
        updated_on: '.updatedDate | (tonumber / 1000 | strftime("%Y-%m-%dT%H:%M:%SZ"))',
        merge_commit: '.fromRef.latestCommit',
        state: '.state',
        owner: '.author.user.emailAddress',
        link: '.links.self[0].href',
        destination: '.toRef.displayId',
        source: '.fromRef.displayId',
        mergedAt:
          '.closedDate as $d | if $d == null then null else ($d / 1000 | strftime("%Y-%m-%dT%H:%M:%SZ")) end',
        reviewers: '[.reviewers[].user.emailAddress]',
      },
      relations: {
        repository: '.toRef.repository.slug',
        participants: '[.participants[].user.emailAddress]',
      },
    }),
    resource('user', {
      identifier: '.emailAddress',
      title: '.displayName',
      blueprint: '"bitbucketUser"',
      properties: { username: '.name', url: '.links.self[0].href', portUser: '.emailAddress' },
    }),
  ]),
  cloud: mappingOf([
    resource('project', {
      identifier: '.uuid | gsub("[{-}]"; "")',
      title: '.name',
      blueprint: '"bitbucketProject"',
      properties: {
        private: '.is_private',
        description: '.description',
        type: '.type',
        url: '.links.html.href',
      },
    }),
    resource(
      'repository',
      {
        identifier: '.name',
        title: '.name',
        blueprint: '"bitbucketRepository"',
        properties: {
          url: '.links.html.href',
          defaultBranch: '.mainbranch.name',
          readme: '.__includedFiles["README.md"]',
          codeowners: '.__includedFiles["CODEOWNERS"]',
        },
        relations: { project: '.project.uuid | gsub("[{-}]"; "")' },
      },
      { includedFiles: ['README.md', 'CODEOWNERS'] },
    ),
    resource('pull-request', {
      identifier: '.destination.repository.name + (.id|tostring)',
      title: '.title',
      blueprint: '"bitbucketPullRequest"',
      properties: {
        creator: '.author.display_name',
        assignees: '[.participants[].user.display_name]',
        reviewers: '[.reviewers[].user.display_name]',
        status: '.state',
        createdAt: '.created_on',
        updatedAt: '.updated_on',
        link: '.links.html.href',
      },
      relations: { repository: '.destination.repository.name' },
    }),
  ]),
};

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** The built-in company, where code owners stand in either place. `names`: of its repositories. */
function company(names: 'as they are' | 'that Port takes'): Company {
  const built = demoCompany();
  const owners: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    ledger: { '.bitbucket/CODEOWNERS': '* @books', CODEOWNERS: '* @everybody' },
    terraform: { CODEOWNERS: '* @operations' },
  };
  return {
    ...built,
    repositories: built.repositories.map((repository) => {
      const files = { ...repository.files, ...owners[repository.slug] };
      if (names === 'as they are') return { ...repository, files };
      // One workspace has no two repositories with one slug: the second one of them gets another name.
      const slug = repository.project === 'WEB' ? `web-${repository.slug}` : repository.slug;
      return { ...repository, files, slug, name: slug };
    }),
  };
}

/** Loads the company as the container would, and with `sync`; gives what differs. */
async function differencesOf(
  flavour: Flavour,
  mapping: MappingName,
  names: Parameters<typeof company>[0],
): Promise<readonly CatalogDifference[]> {
  const data = company(names);
  const world = flavour === 'server' ? await startServerWorld(data) : await startCloudWorld(data);
  const port = await startPort({ ...CLIENT, clock: world.clock });
  closing.push(
    () => port.close(),
    () => world.close(),
  );
  for (const blueprint of DEFAULTS[TYPES[flavour]].blueprints) {
    port.putBlueprint(blueprint);
    world.port.putBlueprint(blueprint);
  }
  const basic = Buffer.from('exporter:bitbucket-secret').toString('base64');
  const authorization = flavour === 'server' ? `Basic ${basic}` : `Bearer ${WORKSPACE_TOKEN}`;
  const bitbucket = { root: world.bitbucket.url, authorization };
  const container = { bitbucket, workspace: 'fernlicht', port, client: CLIENT };
  const made = await loadAsTheContainer(container, flavour);
  if (mapping === 'container') {
    world.port.putIntegration({
      installationId: `my-${TYPES[flavour]}-integration`,
      installationAppType: TYPES[flavour],
      version: '0.48.12',
      changelogDestination: {},
      config: CONTAINER_MAPPINGS[flavour],
    });
  }
  expect((await world.run('sync')).exitCode).toBe(0);
  return port.blueprints().flatMap(({ identifier: blueprint }) => {
    const about = { flavour, mapping, blueprint };
    const ofBlueprint = made.filter((each) => each.blueprint === blueprint);
    return compared(about, held(port, blueprint), held(world.port, blueprint), ofBlueprint);
  });
}

function held(port: SandboxPort, blueprint: string): ReadonlyMap<string, CatalogEntity> {
  return new Map(port.entities(blueprint).map((entity) => [entity.identifier, entity]));
}

function compared(
  about: Pick<CatalogDifference, 'flavour' | 'mapping' | 'blueprint'>,
  container: ReadonlyMap<string, CatalogEntity>,
  here: ReadonlyMap<string, CatalogEntity>,
  made: readonly ContainerEntity[],
): readonly CatalogDifference[] {
  const identifiers = [...new Set([...container.keys(), ...here.keys()])];
  return identifiers.flatMap((identifier): readonly CatalogDifference[] => {
    const theirs = container.get(identifier);
    const ours = here.get(identifier);
    const difference = {
      ...about,
      identifier,
      isHere: ours !== undefined,
      made: made.filter((each) => each.identifier === identifier),
      isLoadedThere: theirs !== undefined && theirs.title !== null,
    };
    if (theirs === undefined || ours === undefined) return [{ ...difference, field: null }];
    return changedFields(theirs, ours).map((field) => ({ ...difference, field }));
  });
}

/** Null and absent are the same; texts in a list have no order. */
function changedFields(one: CatalogEntity, other: CatalogEntity): readonly string[] {
  const text = (value: JsonValue | undefined): string => {
    if (value === undefined || !isJsonArray(value)) return canonicalJson(value ?? null);
    const isOfTexts = value.every((each) => typeof each === 'string');
    return canonicalJson(isOfTexts ? [...value].sort() : value);
  };
  const fields = (['properties', 'relations'] as const).flatMap((kind) =>
    [...new Set([...Object.keys(one[kind]), ...Object.keys(other[kind])])]
      .filter((name) => text(one[kind][name]) !== text(other[kind][name]))
      .map((name) => `${kind}.${name}`),
  );
  return one.title === other.title ? fields : ['title', ...fields];
}

describe('the catalog that a swap of the container leads to', () => {
  const seen = new Set<string>();

  it.each<[Flavour, MappingName, Parameters<typeof company>[0]]>([
    ['server', 'container', 'as they are'],
    ['server', 'built-in', 'as they are'],
    ['cloud', 'container', 'as they are'],
    ['cloud', 'container', 'that Port takes'],
    ['cloud', 'built-in', 'as they are'],
    ['cloud', 'built-in', 'that Port takes'],
  ])('differs on %s, %s mapping, names %s, only where the page says so', async (...world) => {
    const unexplained: string[] = [];
    for (const difference of await differencesOf(...world)) {
      const row = containerDifferences.find(({ explains }) => explains(difference));
      if (row !== undefined) seen.add(row.what);
      else {
        const { blueprint, identifier, field } = difference;
        unexplained.push(`${blueprint} ${identifier} ${field ?? 'as a whole'}`);
      }
    }
    expect(unexplained).toEqual([]);
  });

  it('shows each of the differences that the page names', () => {
    expect([...seen].sort()).toEqual(containerDifferences.map(({ what }) => what).sort());
  });
});
