import { describe, expect, it } from '@jest/globals';
import { HttpResponse } from 'msw';
import { z } from 'zod';
import { aRequest, errorOf, type ClientUnderTest } from './a-client.js';
import {
  answerInTurn,
  client,
  json,
  noUsers,
  origin,
  status,
  url,
  users,
  useServer,
} from './answering-server.js';

const server = useServer();

describe('credentials', () => {
  it('are asked for on each attempt', async () => {
    const requests = answerInTurn(server, status(503), json(noUsers));
    let token = 0;
    await client({
      authorization: () => Promise.resolve({ authorization: `Bearer ${(token += 1)}` }),
    }).client.json(aRequest(url), users);
    expect(requests.map(({ headers }) => headers.get('authorization'))).toEqual([
      'Bearer 1',
      'Bearer 2',
    ]);
  });

  it('are refreshed once on 401, and the request is repeated', async () => {
    answerInTurn(server, status(401), json(noUsers));
    const refused: unknown[] = [];
    const { client: http } = client({
      authorization: () => Promise.resolve({ authorization: 'Bearer old' }),
      onUnauthorized: (credentials) => {
        refused.push(credentials);
        return Promise.resolve(true);
      },
    });
    await http.json(aRequest(url, { method: 'POST', repeatable: false }), users);
    expect(refused).toEqual([{ authorization: 'Bearer old' }]);
  });

  it.each([
    ['refreshed in vain', true, 2],
    ['not to be had anew', false, 1],
  ])('that are %s end the call', async (_name, refreshed, sent) => {
    answerInTurn(server, status(401));
    let asked = 0;
    const { client: http } = client({
      onUnauthorized: () => {
        asked += 1;
        return Promise.resolve(refreshed);
      },
    });
    expect((await errorOf(http.json(aRequest(url), users))).details.status).toBe(401);
    expect([asked, http.requests]).toEqual([1, sent]);
  });

  it('are masked in what is kept of an error body', async () => {
    const basic = Buffer.from('admin:hunter2').toString('base64');
    answerInTurn(server, () => HttpResponse.text(`${basic} hunter2 other-secret`, { status: 400 }));
    const { client: http } = client({
      authorization: () => Promise.resolve({ authorization: `Basic ${basic}` }),
      redact: (text) => text.replace('other-secret', '***'),
    });
    expect((await errorOf(http.text(aRequest(url)))).details.body).toBe('*** *** ***');
  });

  it('may be fetched through the same client, even when there is room for one request', async () => {
    const requests = answerInTurn(server, json({ token: 'abc' }), json(noUsers));
    const under: ClientUnderTest = client({
      concurrency: 1,
      authorization: async (subject) => {
        if (subject === 'the token') return {};
        const request = aRequest(`${origin}/token`, { subject: 'the token' });
        const answer = await under.client.json(request, z.object({ token: z.string() }));
        return { authorization: `Bearer ${answer.body?.token ?? ''}` };
      },
    });
    await under.client.json(aRequest(url), users);
    expect(requests[1]!.headers.get('authorization')).toBe('Bearer abc');
  });

  it('that cannot be made end the call with their own error', async () => {
    const cause = new Error('no token');
    const { client: http } = client({ authorization: () => Promise.reject(cause) });
    await expect(http.text(aRequest(url))).rejects.toBe(cause);
  });
});
