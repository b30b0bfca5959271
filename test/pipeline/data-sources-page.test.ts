import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { systemClock } from '../../src/clock.js';
import { run } from '../../src/run.js';
import type { Answer, Fault, RecordedRequest } from '../../src/sandbox/loopback.js';
import type { PageMetrics } from '../../src/sandbox/port/data-sources-page.js';
import { aCompany } from '../world/a-company.js';
import { aRuntime } from '../world/a-runtime.js';
import { startWorld, type World } from '../world/a-world.js';
import {
  IDENTIFIER,
  mappingOf,
  putBlueprints,
  putMapping,
  resource,
  status,
} from './safety-world.js';

let world: World;

afterEach(async () => {
  await world.close();
});

const PROJECT = { identifier: '.key', title: '.name', blueprint: '"bitbucketProject"' };
const REPOSITORY = { identifier: '.slug', title: '.name', blueprint: '"bitbucketRepository"' };
const MAPPING = mappingOf([resource('project', PROJECT), resource('repository', REPOSITORY)]);

async function aWorldWithPage(mapping = MAPPING): Promise<NonNullable<World['port']['page']>> {
  const company = aCompany().withRepository('PAY', 'api').withRepository('PAY', 'web').build();
  world = await startWorld(company, { port: { hasPage: true } });
  putBlueprints(world);
  putMapping(world, mapping);
  return pageOf();
}

function pageOf(): NonNullable<World['port']['page']> {
  const { page } = world.port;
  if (page === null) throw new Error('this Port has no page');
  return page;
}

const calls = ({ server }: NonNullable<World['port']['page']>): readonly string[] =>
  server.requests.map(({ method, path }) => `${method} ${path.replace(/[0-9a-f-]{36}/u, '…')}`);

/** `repository-1 completed: 2 read, 2 loaded` */
function shown({ kindIdentifier, syncState, metrics }: PageMetrics): string {
  const { extract, load, delete: deleted } = metrics.phase;
  const counts = [
    [extract?.object_count_type.raw_extracted, 'read'],
    [load?.object_count_type.loaded, 'loaded'],
    [load?.object_count_type.skipped, 'same'],
    [load?.object_count_type.failed, 'failed'],
    [deleted?.object_count_type.deleted, 'deleted'],
  ] as const;
  const told = counts.flatMap(([count, name]) =>
    count === undefined || count.object_count === 0 ? [] : `${count.object_count} ${name}`,
  );
  return `${kindIdentifier} ${syncState}${told.length === 0 ? '' : `: ${told.join(', ')}`}`;
}

describe("Port's Data sources page", () => {
  it('shows what each kind came to and the log of the run', async () => {
    const page = await aWorldWithPage();

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(page.rows().map(shown)).toEqual([
      '__runtime__ completed',
      'project-0 completed: 1 read, 1 loaded',
      'repository-1 completed: 2 read, 2 loaded',
      '__reconciliation__ completed',
    ]);
    expect(page.rows()[1]).toMatchObject({
      integrationType: 'bitbucket-server',
      integrationIdentifier: IDENTIFIER,
      kind: 'project',
      kindIndex: 0,
      blueprint: '"bitbucketProject"',
    });
    const messages = page.lines.map(({ level, message }) => `${level} ${message}`);
    expect(messages).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^INFO Bitbucket Data Center http/u),
        'INFO project: done, 1 read, 1 mapped, 1 new',
        expect.stringMatching(/^INFO Complete in .* \(exit 0\)$/u),
      ]),
    );
    expect(messages.join()).not.toContain('DEBUG');
  });

  it('is told in a handful of calls, none of which goes to the API of Port', async () => {
    const page = await aWorldWithPage();
    await world.run('sync');
    page.clear();
    world.port.reset();

    await world.run('sync');
    const told = world.port.requests.length;
    expect(calls(page)).toEqual([
      'POST /metrics/syncMetrics',
      'PUT /metrics/syncMetrics/resync/…/kind/project-0',
      'PUT /metrics/syncMetrics/resync/…/kind/repository-1',
      'POST /metrics/syncMetrics',
      'POST /logs',
    ]);
    world.port.reset();
    await world.run('sync --no-report-to-port');
    expect(world.port.requests).toHaveLength(told);
    expect(page.server.requests).toEqual([]);
  });

  it('is given the token of Port, and no other secret in any part', async () => {
    const secret = 'bitbucket-secret';
    const title = `"PAY" | error("${secret} port-secret")`;
    const page = await aWorldWithPage(mappingOf([resource('project', { ...PROJECT, title })]));

    await world.run('sync');

    const token = world.port.requests.at(-1)?.headers.authorization ?? '';
    expect(token).toMatch(/^Bearer \S+$/u);
    for (const { headers, body, target } of page.server.requests) {
      expect(headers.authorization).toBe(token);
      const all = JSON.stringify([{ ...headers, authorization: '' }, body, target]);
      for (const one of [secret, 'port-secret', token.slice(7)]) expect(all).not.toContain(one);
    }
    expect(page.lines.map(({ message }) => message).join()).toContain('***');
  });

  it('is told of a first run as soon as it has created the integration', async () => {
    const company = aCompany().withRepository('PAY', 'api').build();
    world = await startWorld(company, { port: { hasPage: true } });

    expect((await world.run('sync')).exitCode).toBe(0);

    expect(pageOf().rows().map(shown)).toEqual(
      expect.arrayContaining([
        '__runtime__ completed',
        expect.stringMatching(/^repository-\d completed: 1 read, 1 loaded$/u),
      ]),
    );
  });

  it('shows which kind failed, and how the deletions went', async () => {
    const page = await aWorldWithPage();
    await world.run('sync');
    page.clear();
    world.bitbucket.fail({ when: ({ path }) => path.endsWith('/repos'), fault: status(403) });

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(4);
    expect(page.rows().map(shown)).toEqual([
      '__runtime__ failed',
      'project-0 completed: 1 read, 1 same',
      'repository-1 failed',
      '__reconciliation__ failed',
    ]);
    expect(page.lines.map(({ level }) => level)).toContain('ERROR');
  });

  it('counts items whose selector fails as not mapped', async () => {
    const selector = { query: '.slug | if . == "api" then error("no") else true end' };
    const page = await aWorldWithPage(mappingOf([resource('repository', REPOSITORY, selector)]));
    await world.run('sync');
    expect(page.rows()[1]?.metrics.phase).toMatchObject({
      transform: {
        object_count_type: { transformed: { object_count: 1 }, failed: { object_count: 1 } },
      },
      load: { object_count_type: { loaded: { object_count: 1 }, failed: { object_count: 0 } } },
    });
  });

  it('shows a run that was stopped', async () => {
    const page = await aWorldWithPage();
    // A stop leaves some seconds to what is under way, which take no time on the clock of the tests.
    const runtime = aRuntime({ argv: ['sync'], env: world.env, clock: systemClock });
    world.bitbucket.watch(({ path }) => {
      if (path.endsWith('/repos')) runtime.signal('SIGTERM');
    });

    expect(await run(runtime)).toBe(143);

    expect(page.rows().map(({ syncState }) => syncState)).toContain('aborted');
    expect(page.rows()[0]?.syncState).toBe('aborted');
    expect(page.lines.at(-1)?.level).toBe('ERROR');
  });

  it.each(['plan', 'check', 'preview --kind project'])('is told nothing by %s', async (line) => {
    const page = await aWorldWithPage();
    await world.run(line);
    expect(page.server.requests).toEqual([]);
  });

  it('is told nothing where a setting says so', async () => {
    const page = await aWorldWithPage();
    await world.run('sync', { OCEAN__SYNC__REPORT_TO_PORT: 'false' });
    expect(page.server.requests).toEqual([]);
  });
});

describe('a Data sources page that cannot be told', () => {
  const stale = { ok: false, error: 'resync_stale', message: 'another resync is newer' };
  const faults: readonly (readonly [string, Fault, string])[] = [
    ['fails', status(500), '500 no'],
    ['refuses the token', status(401), '401'],
    ['is cut off', { type: 'reset' }, 'was cut before an answer came'],
    [
      'knows a newer run',
      { type: 'answer', answer: { status: 409, body: stale } },
      '409 resync_stale: another resync is newer',
    ],
    [
      'leads elsewhere',
      {
        type: 'answer',
        answer: { status: 307, headers: { location: 'https://elsewhere.example.com/' } },
      },
      '307',
    ],
  ];

  it.each(faults)('since it %s is one warning, and asked once', async (_, fault, reason) => {
    const page = await aWorldWithPage();
    page.server.fail({ when: () => true, fault });

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(world.identifiers('bitbucketRepository')).toEqual(['api', 'web']);
    expect(result.split("telling Port's Data sources page of the run failed")).toHaveLength(2);
    expect(result).toContain(reason);
    expect(page.server.requests).toHaveLength(1);
  });

  it('in the middle of a run is told nothing more', async () => {
    const page = await aWorldWithPage();
    const isOfKind = ({ method }: RecordedRequest): boolean => method === 'PUT';
    page.server.fail({ when: isOfKind, fault: status(503) });
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(calls(page)).toHaveLength(2);
  });

  it.each([
    [
      'not over https',
      'http://ingest.example.com/logs',
      'http://ingest.example.com for it, which is not https',
    ],
    [
      'with credentials',
      'https://a:b@ingest.example.com/',
      'https://ingest.example.com for it, with credentials',
    ],
    ['no address', 'ingest', 'no http or https address'],
  ])('because Port names it %s is a warning, and nothing is sent', async (_, ingestUrl, reason) => {
    const page = await aWorldWithPage();
    world.port.fail({
      when: ({ method, path }) => method === 'GET' && path.endsWith(`/integration/${IDENTIFIER}`),
      fault: {
        type: 'changed',
        change: (answer) => withAddress(answer, ingestUrl),
      },
    });

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(result).toContain(reason);
    expect(result).not.toContain('a:b@');
    expect(page.server.requests).toEqual([]);
  });
});

const integrationAnswer = z.looseObject({ integration: z.looseObject({}) });

function withAddress(answer: Answer, ingestUrl: string): Answer {
  const body = integrationAnswer.parse(answer.body);
  const named = { logAttributes: { ingestUrl }, metricAttributes: { ingestUrl } };
  return { ...answer, body: { ...body, integration: { ...body.integration, ...named } } };
}
