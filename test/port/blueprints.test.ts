import { afterEach, describe, expect, it } from '@jest/globals';
import { readBlueprints } from '../../src/port/blueprints.js';
import { createBlueprints, type BlueprintDefinition } from '../../src/port/create-blueprints.js';
import { startMockPort, type MockAnswer, type MockPort, type SentCall } from './mock-port.js';

let port: MockPort;
afterEach(() => {
  port.close();
});

describe('reading blueprints', () => {
  it('gives what a mapping has to know, in one call', async () => {
    const blueprints = [
      {
        identifier: 'service',
        title: 'Service',
        icon: 'Microservice',
        schema: {
          properties: {
            url: { type: 'string', format: 'url', title: 'URL' },
            tags: { type: 'array', items: { type: 'string', format: 'user' } },
            state: { type: 'string', enum: ['OPEN', 'MERGED'] },
          },
          required: ['url'],
        },
        relations: {
          project: { target: 'project', required: true, many: false, title: 'Project' },
          owners: { target: '_user', many: true },
        },
        mirrorProperties: { lead: { path: 'project.lead' } },
        calculationProperties: { upper: { calculation: '.title', type: 'string' } },
        aggregationProperties: { count: { target: 'pullRequest' } },
        createdAt: '2026-01-01T00:00:00Z',
      },
      { identifier: 'bare', schema: { properties: {} }, newMember: [1] },
    ];
    port = startMockPort({ answer: () => ({ body: { ok: true, blueprints } }) });
    const read = await readBlueprints(port.client);
    expect([...read.keys()]).toEqual(['service', 'bare']);
    expect(read.get('service')).toEqual({
      identifier: 'service',
      title: 'Service',
      properties: new Map([
        ['url', { type: 'string', format: 'url', itemsType: null, itemsFormat: null }],
        ['tags', { type: 'array', format: null, itemsType: 'string', itemsFormat: 'user' }],
        [
          'state',
          {
            type: 'string',
            format: null,
            itemsType: null,
            itemsFormat: null,
            allowed: ['OPEN', 'MERGED'],
          },
        ],
      ]),
      requiredProperties: new Set(['url']),
      relations: new Map([
        ['project', { target: 'project', required: true, many: false }],
        ['owners', { target: '_user', required: false, many: true }],
      ]),
      computedProperties: new Set(['lead', 'upper', 'count']),
    });
    expect(read.get('bare')).toMatchObject({ title: null, properties: new Map() });
    expect(port.calls.map(({ route }) => route)).toEqual(['GET /v1/blueprints']);
  });

  it.each<[MockAnswer, string]>([
    [403, 'permission-refused'],
    [500, 'server-unavailable'],
    [{ body: { ok: true } }, 'server-unavailable'],
  ])('fails as a problem for %j', async (answer, code) => {
    port = startMockPort({ answer: () => answer });
    await expect(readBlueprints(port.client)).rejects.toMatchObject({
      problems: [{ code, side: 'port', subject: 'blueprints' }],
    });
  });
});

describe('creating blueprints', () => {
  const project: BlueprintDefinition = {
    identifier: 'project',
    title: 'Project',
    icon: 'BitBucket',
    schema: { properties: { lead: { type: 'string' } } },
    relations: {},
    aggregationProperties: { services: { target: 'service', title: 'n', calculationSpec: {} } },
  };
  const service: BlueprintDefinition = {
    identifier: 'service',
    title: 'Service',
    schema: { properties: {} },
    relations: { project: { target: 'project', required: false, many: false } },
    mirrorProperties: { lead: { path: 'project.lead' } },
    calculationProperties: {},
  };
  const both = [project, service];
  const isBlueprintCall = (call: SentCall, method: string, identifier: string): boolean =>
    call.route === `${method} /v1/blueprints/${identifier}`;
  const routes = (): string[] => port.calls.map(({ route }) => route);

  it('goes in three stages, so that each leads only to what is there', async () => {
    port = startMockPort({ answer: () => ({ status: 201, body: { ok: true } }) });
    expect(await createBlueprints(port.client, both, new Set())).toEqual(['project', 'service']);
    expect(port.calls.map(({ route, body }) => [route, body])).toEqual([
      [
        'POST /v1/blueprints',
        {
          identifier: 'project',
          title: 'Project',
          icon: 'BitBucket',
          schema: { properties: { lead: { type: 'string' } } },
        },
      ],
      [
        'POST /v1/blueprints',
        { identifier: 'service', title: 'Service', schema: { properties: {} } },
      ],
      ['PATCH /v1/blueprints/service', { relations: service.relations }],
      ['PATCH /v1/blueprints/project', { aggregationProperties: project.aggregationProperties }],
      ['PATCH /v1/blueprints/service', { mirrorProperties: service.mirrorProperties }],
    ]);
    expect(port.calls[0]?.query.get('create_catalog_page')).toBe('false');
  });

  it('leaves alone what is there', async () => {
    port = startMockPort();
    const existing = new Set(['service']);
    expect(await createBlueprints(port.client, both, existing)).toEqual(['project']);
    expect(port.calls.some(({ route }) => route.includes('service'))).toBe(false);
  });

  it.each<[string, MockAnswer]>([
    ['409', 409],
    ['identifier_taken', { status: 422, body: { ok: false, error: 'identifier_taken' } }],
  ])('leaves alone what appears in the meantime (%s)', async (_, taken) => {
    port = startMockPort({
      answer: ({ body }) =>
        (body as { identifier?: string }).identifier === 'service' ? taken : { body: { ok: true } },
    });
    expect(await createBlueprints(port.client, both, new Set())).toEqual(['project']);
    expect(routes()).toEqual([
      'POST /v1/blueprints',
      'POST /v1/blueprints',
      'PATCH /v1/blueprints/project',
    ]);
  });

  it('never sends a creation twice: it would not know its own work again', async () => {
    port = startMockPort({ answer: () => Response.error() });
    await expect(createBlueprints(port.client, both, new Set())).rejects.toMatchObject({
      problems: [{ code: 'defaults-refused', blueprint: 'project' }],
    });
    const created = port.calls.map(({ body }) => (body as { identifier?: string }).identifier);
    expect([...created].sort()).toEqual(['project', 'service']);
    expect(new Set(routes())).toEqual(new Set(['POST /v1/blueprints']));
  });

  it('takes back what it created when a later stage is refused', async () => {
    port = startMockPort({
      answer: (call) => (isBlueprintCall(call, 'PATCH', 'service') ? 422 : { body: { ok: true } }),
    });
    await expect(createBlueprints(port.client, both, new Set(['other']))).rejects.toMatchObject({
      problems: [
        {
          code: 'defaults-refused',
          blueprint: 'service',
          reason: '422 error_422: message of 422',
        },
      ],
    });
    expect(routes().slice(-2)).toEqual([
      'DELETE /v1/blueprints/service',
      'DELETE /v1/blueprints/project',
    ]);
  });

  it('takes them back in whatever order Port allows', async () => {
    const gone = new Set<string>();
    port = startMockPort({
      answer: ({ route }) => {
        if (route === 'PATCH /v1/blueprints/project') return 422;
        if (route === 'DELETE /v1/blueprints/service' && !gone.has('project')) return 422;
        if (route.startsWith('DELETE')) gone.add(route.split('/').at(-1) ?? '');
        return { body: { ok: true } };
      },
    });
    await expect(createBlueprints(port.client, both, new Set())).rejects.toThrow(
      'defaults-refused',
    );
    expect([...gone]).toEqual(['project', 'service']);
  });

  it('names what it could not take back', async () => {
    port = startMockPort({
      answer: (call) => {
        if (isBlueprintCall(call, 'PATCH', 'service')) return 422;
        return isBlueprintCall(call, 'DELETE', 'project') ? 403 : { body: { ok: true } };
      },
    });
    await expect(createBlueprints(port.client, both, new Set())).rejects.toMatchObject({
      problems: [{ reason: expect.stringMatching(/could not be removed again: project$/) }],
    });
  });
});
