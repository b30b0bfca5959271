import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { PortClient, PortRequest } from '../../src/port/port-client.js';
import { readOnlyClient } from '../../src/port/watched-client.js';
import { aContext } from '../stages/a-run.js';

function guarded(): { readonly client: PortClient; readonly sent: PortRequest[] } {
  const sent: PortRequest[] = [];
  const { client: nobody } = aContext();
  const client: PortClient = {
    ...nobody,
    body: (request, schema) => {
      sent.push(request);
      return Promise.resolve(schema.parse(null));
    },
    withSignal: () => client,
  };
  return { client: readOnlyClient(client), sent };
}

function aRequest(method: PortRequest['method'], path: readonly string[]): PortRequest {
  return { method, path, subject: 'it', caller: 'exporter', repeatable: true };
}

describe('readOnlyClient', () => {
  it.each<[PortRequest['method'], readonly string[]]>([
    ['GET', ['blueprints']],
    ['POST', ['blueprints', 'service', 'entities', 'search']],
    ['POST', ['blueprints', 'entities', 'datasource-entities']],
  ])('lets %s %j pass', async (method, path) => {
    const { client, sent } = guarded();
    await client.withSignal(new AbortController().signal).body(aRequest(method, path), z.unknown());
    expect(sent).toHaveLength(1);
  });

  it.each<[PortRequest['method'], readonly string[]]>([
    ['POST', ['blueprints', 'service', 'entities', 'bulk']],
    ['POST', ['blueprints', 'service', 'bulk', 'entities', 'delete']],
    ['POST', ['integration']],
    ['PATCH', ['integration', 'bitbucket-prod', 'resync-state']],
    ['DELETE', ['blueprints', 'search']],
  ])('never sends %s %j', async (method, path) => {
    const { client, sent } = guarded();
    await expect(client.body(aRequest(method, path), z.unknown())).rejects.toThrow(
      `${method} of it, where nothing may be written`,
    );
    await expect(client.json(aRequest(method, path), z.unknown())).rejects.toThrow();
    expect(sent).toEqual([]);
  });
});
