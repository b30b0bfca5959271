import { describe, expect, it } from '@jest/globals';
import { HttpResponse } from 'msw';
import { aRequest, errorOf } from './a-client.js';
import {
  answerInTurn,
  client,
  json,
  noUsers,
  status,
  url,
  users,
  useServer,
} from './answering-server.js';

const server = useServer();

describe('an answer that is not the JSON that was asked for', () => {
  const text =
    (body: string, headers: Record<string, string> = {}) =>
    (): Response =>
      new HttpResponse(body, { headers });

  it.each([
    ['by its type', text('{}', { 'content-type': 'text/html; charset=utf-8' })],
    ['by its doctype', text('\n <!DOCTYPE html><p>Log in')],
    ['by its root', text('<HTML lang="en">', { 'content-type': 'application/json' })],
  ])('is a sign-in page, known %s, and not asked for again', async (_name, page) => {
    answerInTurn(server, page);
    const { client: http } = client();
    expect((await errorOf(http.json(aRequest(url), users))).failure).toBe('login-page');
    expect(http.requests).toBe(1);
  });

  it.each([
    ['truncated', '{"values":[{"id":1}'],
    ['truncated', '{"values":["a\\"'],
    ['malformed', 'Service busy'],
    ['malformed', '{"values":[}]}'],
  ])('is %s: %s, and asked for again', async (failure, body) => {
    answerInTurn(server, text(body));
    const { client: http } = client({ retries: 2 });
    const error = await errorOf(http.json(aRequest(url), users));
    expect(error.failure).toBe(failure);
    expect(error.message).not.toContain(body);
    expect(http.requests).toBe(3);
  });

  it('names where another shape begins, shows none of it, and is not asked for again', async () => {
    answerInTurn(server, json({ values: [{ id: 1 }, { id: 'private' }, {}] }));
    const { client: http } = client();
    const error = await errorOf(http.json(aRequest(url), users));
    expect(error.failure).toBe('malformed');
    expect(error.reason).toBe(
      'answered with JSON of another shape at values[1].id: Invalid input: expected number, received string, and 1 more',
    );
    expect(http.requests).toBe(1);
  });

  it('may begin with a byte-order mark', async () => {
    answerInTurn(server, text('\uFEFF{"values":[]}'));
    expect((await client().client.json(aRequest(url), users)).body).toEqual(noUsers);
  });
});

describe('the body of an error', () => {
  it('is kept from its start, without a parser having seen it', async () => {
    answerInTurn(server, () => HttpResponse.html(`<h1>${'x'.repeat(5_000)}`, { status: 404 }));
    const { details } = await errorOf(client().client.json(aRequest(url), users));
    expect(details.body).toBe(`<h1>${'x'.repeat(1_996)}`);
  });

  it('comes without the cookies that the server set', async () => {
    answerInTurn(server, status(404, { 'set-cookie': 'session=secret', 'x-trace-id': '7' }));
    const { details } = await errorOf(client().client.json(aRequest(url), users));
    expect(details.headers?.get('set-cookie')).toBeNull();
    expect(details.headers?.get('x-trace-id')).toBe('7');
  });
});

describe('the size of an answer', () => {
  it('is bounded: reading stops, and it is not asked for again', async () => {
    let pulled = 0;
    answerInTurn(server, () => {
      const stream = new ReadableStream({
        pull: (controller) => {
          pulled += 1;
          controller.enqueue(new Uint8Array(1_024));
        },
      });
      return new HttpResponse(stream);
    });
    const { client: http } = client({ maximumBytes: 10_240 });
    const error = await errorOf(http.text(aRequest(url)));
    expect(error).toMatchObject({
      failure: 'too-large',
      reason: 'the answer is larger than 10240 bytes',
    });
    expect(http.requests).toBe(1);
    expect(pulled).toBeLessThan(20);
  });

  it('may be just the bound', async () => {
    answerInTurn(server, () => HttpResponse.text('x'.repeat(1_024)));
    expect((await client({ maximumBytes: 1_024 }).client.text(aRequest(url))).body).toHaveLength(
      1_024,
    );
  });
});
