import { afterEach, describe, expect, it } from '@jest/globals';
import { LastReads } from '../../src/model/last-reads.js';
import { WithheldSince } from '../../src/model/withheld-since.js';
import type { JsonValue } from '../../src/model/json.js';
import {
  createIntegration,
  listIntegrations,
  readIntegration,
  signIntegration,
  updateIntegration,
} from '../../src/port/integration.js';
import { readOrganization } from '../../src/port/organization.js';
import { reportResyncState } from '../../src/port/resync-state.js';
import { startMockPort, type MockAnswer, type MockPort } from './mock-port.js';

let port: MockPort;
afterEach(() => {
  port.close();
});

const answering = (...answers: readonly MockAnswer[]): MockPort =>
  (port = startMockPort({
    answer: (_, index) => answers[Math.min(index, answers.length - 1)] ?? 500,
  }));
const sent = (): [string, unknown][] => port.calls.map(({ route, body }) => [route, body]);
const noResync = { status: null, lastResyncStart: null, lastResyncEnd: null };
const record = {
  installationId: 'my-bitbucket',
  installationAppType: 'bitbucket-server',
  version: '0.9.0',
  config: { resources: [] },
  arePortResourcesInitialized: true,
  logAttributes: { ingestUrl: 'https://logs.test' },
  resyncState: { status: 'running', lastResyncStart: '2026-01-01T00:00:00Z', lastResyncEnd: null },
};

describe('the integration', () => {
  it('is read by its identifier', async () => {
    answering({ body: { ok: true, integration: record } });
    expect(await readIntegration(port.client)).toEqual({
      status: 'found',
      integration: {
        identifier: 'my-bitbucket',
        type: 'bitbucket-server',
        version: '0.9.0',
        config: { resources: [] },
        arePortResourcesInitialized: true,
        processingMode: null,
        resync: { status: 'running', lastResyncStart: '2026-01-01T00:00:00Z', lastResyncEnd: null },
        ingest: { logs: 'https://logs.test', metrics: null },
        isHosted: false,
        spec: {},
        mark: null,
        lastReads: LastReads.NONE,
        withheld: WithheldSince.NONE,
        webhook: null,
      },
    });
    expect(sent()).toEqual([['GET /v1/integration/my-bitbucket', null]]);
  });

  it.each<[string, JsonValue]>([
    ['null', null],
    ['{}', {}],
  ])('has no mapping when its config is %s', async (_, config) => {
    answering({ body: { integration: { ...record, config } } });
    expect(await readIntegration(port.client)).toMatchObject({ integration: { config: null } });
  });

  it('may tell next to nothing', async () => {
    answering({ body: { integration: { resyncState: null } } });
    expect(await readIntegration(port.client)).toEqual({
      status: 'found',
      integration: {
        identifier: 'my-bitbucket',
        type: '',
        version: null,
        config: null,
        arePortResourcesInitialized: false,
        processingMode: null,
        resync: noResync,
        ingest: { logs: null, metrics: null },
        isHosted: false,
        spec: {},
        mark: null,
        lastReads: LastReads.NONE,
        withheld: WithheldSince.NONE,
        webhook: null,
      },
    });
  });

  it('is missing when Port says 404', async () => {
    answering(404);
    expect(await readIntegration(port.client)).toEqual({ status: 'missing' });
  });

  it.each<[MockAnswer, string]>([
    [401, 'permission-refused'],
    [403, 'permission-refused'],
    [500, 'server-unavailable'],
    [{ body: { ok: true } }, 'server-unavailable'],
    [{ body: { integration: { config: 'text' } } }, 'server-unavailable'],
  ])('is not missing when Port says %j', async (answer, code) => {
    answering(answer);
    await expect(readIntegration(port.client)).rejects.toMatchObject({
      problems: [{ code, side: 'port', subject: 'integration my-bitbucket' }],
    });
  });

  it('is created with its mapping and our version', async () => {
    answering({ body: { integration: record } });
    const created = await createIntegration(port.client, { config: { resources: [1] } });
    expect(created.identifier).toBe('my-bitbucket');
    expect(sent()).toEqual([
      [
        'POST /v1/integration',
        {
          installationId: 'my-bitbucket',
          installationAppType: 'bitbucket-server',
          version: 'bitbucket-port-1.2.3',
          changelogDestination: {},
          config: { resources: [1] },
          actionsProcessingEnabled: false,
          createPortResourcesOrigin: 'Ocean',
        },
      ],
    ]);
  });

  it('is read when another run created it first', async () => {
    answering(409, { body: { integration: record } });
    const created = await createIntegration(port.client, { config: { resources: [1] } });
    expect(created.config).toEqual({ resources: [] });
  });

  it.each<[MockAnswer, string]>([
    [403, 'permission-refused'],
    [500, 'server-unavailable'],
  ])('is not created when Port says %j, and not asked for twice', async (answer, code) => {
    answering(answer);
    const creation = createIntegration(port.client, { config: {} });
    await expect(creation).rejects.toMatchObject({ problems: [{ code }] });
    expect(port.calls).toHaveLength(1);
  });

  it('is told that its blueprints are there, and nothing else', async () => {
    answering({ body: { integration: record } });
    await updateIntegration(port.client, { arePortResourcesInitialized: true });
    const body = { arePortResourcesInitialized: true };
    expect(sent()).toEqual([['PATCH /v1/integration/my-bitbucket', body]]);
  });

  it.each([
    {
      name: 'beside the keys of others in its spec',
      holds: { isHosted: false, spec: { theirs: 1, bitbucketPort: { old: true } } },
      mark: { isTakenOver: true, isStopped: true },
      body: {
        version: 'bitbucket-port-1.2.3',
        spec: {
          theirs: 1,
          bitbucketPort: { judged: '2026-11-30T07:17:00Z', takenOver: true, stopped: true },
        },
      },
    },
    {
      name: 'in its version where Port hosts it',
      holds: { isHosted: true, spec: { appSpec: {} } },
      mark: { isTakenOver: false, isStopped: false },
      body: { version: 'bitbucket-port-1.2.3+judged.20261130T071700Z' },
    },
    {
      name: 'of a stop in its version',
      holds: { isHosted: true, spec: {} },
      mark: { isTakenOver: true, isStopped: true },
      body: { version: 'bitbucket-port-1.2.3+judged.20261130T071700Z.takenover.stopped' },
    },
  ])('remembers the mark $name, and is read back', async ({ holds, mark, body }) => {
    const kept = { ...record, ...body, installationType: holds.isHosted ? 'Saas' : 'OnPrem' };
    answering({ body: { integration: kept } });
    const judgedAt = Date.UTC(2026, 10, 30, 7, 17);
    const after = await signIntegration(port.client, { judgedAt, ...mark }, holds);
    expect(after.mark).toEqual({ judgedAt, ...mark });
    expect(sent()).toEqual([
      ['PATCH /v1/integration/my-bitbucket', body],
      ['GET /v1/integration/my-bitbucket', null],
    ]);
  });

  it.each([
    [{ bitbucketPort: { judged: 'yesterday' } }],
    [{ bitbucketPort: 'yes' }],
    [{ bitbucketPort: null }],
    [{}],
    [null],
  ])('has no mark with a spec of %j', async (spec) => {
    answering({ body: { integration: { ...record, spec } } });
    const answer = await readIntegration(port.client);
    expect(answer).toMatchObject({ status: 'found', integration: { mark: null } });
  });

  it('is never sent an empty change, which would start a resync', async () => {
    answering(500);
    await updateIntegration(port.client, {});
    expect(port.calls).toHaveLength(0);
  });

  it('is one of a list', async () => {
    const integrations = [record, { version: '1' }, { ...record, installationId: 'other' }];
    answering({ body: { ok: true, integrations } });
    const list = await listIntegrations(port.client);
    expect(list.map(({ identifier }) => identifier)).toEqual(['my-bitbucket', 'other']);
    expect(sent()).toEqual([['GET /v1/integration', null]]);
  });
});

describe('the state of the run', () => {
  const start = Date.UTC(2026, 0, 1);

  it.each([
    ['running', null, null],
    ['completed', start + 1_500, '2026-01-01T00:00:01.500Z'],
  ] as const)('is told as %s', async (status, lastResyncEnd, told) => {
    answering({ body: { ok: true } });
    const state = { status, lastResyncStart: start, lastResyncEnd };
    expect(await reportResyncState(port.client, state)).toBeNull();
    expect(sent()).toEqual([
      [
        'PATCH /v1/integration/my-bitbucket/resync-state',
        {
          status,
          lastResyncStart: '2026-01-01T00:00:00.000Z',
          lastResyncEnd: told,
          nextResync: null,
          intervalInMinuets: null,
        },
      ],
    ]);
  });

  it('is told again while Port is busy with an earlier change', async () => {
    const busy = { status: 400, body: { ok: false, error: 'integration_is_in_progress' } };
    answering(busy, busy, { body: { ok: true } });
    const state = { status: 'failed', lastResyncStart: start, lastResyncEnd: start } as const;
    expect(await reportResyncState(port.client, state)).toBeNull();
    expect(port.calls).toHaveLength(3);
    expect(port.clock.waits).toEqual([1_000, 2_000]);
  });

  it('is only a problem when Port stays busy, or refuses the change itself', async () => {
    const state = { status: 'failed', lastResyncStart: start, lastResyncEnd: start } as const;
    const message = 'Integration is in progress';
    answering({ status: 400, body: { ok: false, error: 'integration_is_in_progress', message } });
    expect(await reportResyncState(port.client, state)).toMatchObject({
      reason: `400 integration_is_in_progress: ${message}`,
    });
    expect(port.calls).toHaveLength(5);
    port.close();
    answering(400);
    expect(await reportResyncState(port.client, state)).toMatchObject({
      code: 'best-effort-failed',
    });
    expect(port.calls).toHaveLength(1);
  });

  it.each([403, 404, 500])('is only a problem when Port says %i', async (status) => {
    answering(status);
    const state = { status: 'failed', lastResyncStart: start, lastResyncEnd: start } as const;
    expect(await reportResyncState(port.client, state)).toEqual({
      code: 'best-effort-failed',
      subject: 'resync state of integration my-bitbucket',
      reason: `${status} error_${status}: message of ${status}`,
      remedy: expect.stringContaining('permission to update integrations'),
    });
  });
});

describe('the organization', () => {
  it.each([
    [{ featureFlags: ['DATA_SOURCE_PROCESSOR_ENABLED', 'B', 'LAKEHOUSE_ELIGIBLE'] }, true, false],
    [{ featureFlags: ['LAKEHOUSE_ELIGIBLE'], isBlocked: false }, false, false],
    [{ featureFlags: ['DATA_SOURCE_PROCESSOR_ENABLED'], isBlocked: true }, false, true],
    [{ id: 'org' }, false, false],
    [{ featureFlags: 'LAKEHOUSE_ELIGIBLE', isBlocked: 'no' }, false, false],
  ])('is told by %j', async (organization, isProcessedByPort, isBlocked) => {
    answering({ body: { ok: true, organization } });
    expect(await readOrganization(port.client)).toEqual({ isProcessedByPort, isBlocked });
    expect(sent()).toEqual([['GET /v1/organization', null]]);
  });

  it('may not be ours to look at', async () => {
    answering(403);
    await expect(readOrganization(port.client)).rejects.toMatchObject({
      problems: [{ code: 'permission-refused', subject: 'the organization' }],
    });
  });
});
