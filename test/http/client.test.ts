import { describe, expect, it } from '@jest/globals';
import { HttpResponse } from 'msw';
import { aRequest, errorOf } from './a-client.js';
import {
  answerAll,
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

describe('a call', () => {
  it("sends its own headers, the request's, and the credentials, and gives the checked body", async () => {
    const requests = answerInTurn(server, json({ values: [{ id: 1 }] }));
    const { client: http } = client({
      authorization: (subject) => Promise.resolve({ Authorization: `Bearer for ${subject}` }),
    });
    const answer = await http.json(
      aRequest(url, { method: 'POST', body: { a: 1 }, headers: { 'User-Agent': 'mine/2' } }),
      users,
    );
    expect(answer.body).toEqual({ values: [{ id: 1 }] });
    expect(answer.status).toBe(200);
    const sent = requests[0]!;
    expect(await sent.json()).toEqual({ a: 1 });
    expect(Object.fromEntries(sent.headers)).toMatchObject({
      accept: 'application/json',
      authorization: 'Bearer for users',
      'content-type': 'application/json',
      'user-agent': 'mine/2',
    });
    expect(http.requests).toBe(1);
  });

  it('gives null for an empty body and for an accepted status', async () => {
    answerInTurn(server, () => new HttpResponse(null, { status: 204 }), status(404));
    const { client: http } = client();
    expect(await http.json(aRequest(url), users)).toMatchObject({ status: 204, body: null });
    expect(await http.json(aRequest(url, { accepted: [404] }), users)).toMatchObject({
      status: 404,
      body: null,
    });
  });

  it('gives the text of an accepted status', async () => {
    answerInTurn(server, () => HttpResponse.text('gone', { status: 404 }));
    const answer = await client().client.text(aRequest(url, { accepted: [404] }));
    expect(answer).toMatchObject({ status: 404, body: 'gone' });
  });

  it('is repeated after a failure that passes, and says how often it was tried in vain', async () => {
    answerInTurn(server, status(503), status(502), json(noUsers));
    const first = client();
    await first.client.json(aRequest(url), users);
    expect(first.client.requests).toBe(3);
    expect(first.told).toEqual([
      'users: answered 503 Service Unavailable; then another attempt (250)',
      'users: answered 502 Bad Gateway; then another attempt (500)',
    ]);

    answerInTurn(server, status(503));
    const second = client();
    const error = await errorOf(second.client.json(aRequest(url), users));
    expect(error.message).toBe('users: answered 503 Service Unavailable, after 6 attempts');
    expect(error).toMatchObject({ failure: 'status', details: { status: 503 } });
    expect(second.client.requests).toBe(6);
  });

  it('that is not repeatable is sent once', async () => {
    answerInTurn(server, status(500), json(noUsers));
    const { client: http } = client();
    const request = aRequest(url, { method: 'POST', repeatable: false });
    const error = await errorOf(http.json(request, users));
    expect(error.reason).toBe('answered 500 Internal Server Error');
    expect(http.requests).toBe(1);
  });

  it('that is not repeatable is sent again after 429, which did not carry it out', async () => {
    const requests = answerInTurn(server, status(429, { 'retry-after': '2' }), json(noUsers));
    const { client: http, clock } = client();
    await http.json(aRequest(url, { method: 'POST', repeatable: false, body: [1] }), users);
    expect(clock.waits).toEqual([2_000]);
    expect(await requests[1]!.json()).toEqual([1]);
  });

  it.each([
    [504, 2],
    [555, 2],
    [500, 4],
  ])('that can be asked in smaller parts is given up sooner: %d', async (code, attempts) => {
    answerInTurn(server, status(code));
    const { client: http } = client();
    const request = aRequest(url, { sizePatience: { slow: 2, failed: 4 } });
    expect((await errorOf(http.json(request, users))).details.status).toBe(code);
    expect(http.requests).toBe(attempts);
  });

  it.each([400, 403, 404, 410, 422])('is sent once when it is answered %d', async (code) => {
    answerInTurn(server, status(code, { 'retry-after': '1' }));
    const { client: http } = client();
    expect((await errorOf(http.json(aRequest(url), users))).details.status).toBe(code);
    expect(http.requests).toBe(1);
  });

  it('to another origin is refused before anything is sent', async () => {
    const { client: http } = client();
    const error = await errorOf(http.text(aRequest('https://evil.example.com/rest?token=1')));
    expect(error.failure).toBe('foreign-origin');
    expect(error.reason).toBe(
      'leads to another origin, https://evil.example.com; nothing was sent there',
    );
    expect(http.requests).toBe(0);
  });

  it('sends no user-info of its URL', async () => {
    answerInTurn(server, json(noUsers));
    await client().client.json(aRequest('https://user:pass@server.example.com/rest/users'), users);
  });

  it('with a token that holds a line break is not sent, and the token is not told', async () => {
    const { client: http } = client({
      authorization: () => Promise.resolve({ authorization: 'Bearer abc\nsecret' }),
    });
    const error = await errorOf(http.text(aRequest(url)));
    expect(error.reason).toMatch(/^not sent: the header authorization holds a character/);
    expect(JSON.stringify([error, error.stack, error.cause])).not.toContain('secret');
    expect(http.requests).toBe(0);
  });
});

describe('the number of requests in flight', () => {
  it('never passes the bound', async () => {
    let inFlight = 0;
    let most = 0;
    answerAll(server, async () => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await new Promise((resolve) => setImmediate(resolve));
      inFlight -= 1;
      return HttpResponse.json(noUsers);
    });
    const { client: http } = client({ concurrency: 3 });
    await Promise.all(Array.from({ length: 12 }, () => http.json(aRequest(url), users)));
    expect(most).toBe(3);
  });

  it('grows while answers are quick, and falls to half when the server refuses', async () => {
    let inFlight = 0;
    let counted: number[] = [];
    let refusals = 0;
    answerAll(server, async () => {
      inFlight += 1;
      counted.push(inFlight);
      await new Promise((resolve) => setImmediate(resolve));
      inFlight -= 1;
      refusals -= 1;
      return refusals >= 0 ? status(429, { 'retry-after': '1' })() : HttpResponse.json(noUsers);
    });
    const { client: http } = client({ concurrency: { first: 4, most: 6 } });
    const ask = (count: number): Promise<unknown> =>
      Promise.all(Array.from({ length: count }, () => http.json(aRequest(url), users)));
    await ask(50);
    expect([Math.max(...counted.slice(0, 4)), Math.max(...counted)]).toEqual([4, 6]);

    refusals = 3;
    await ask(3);
    counted = [];
    await ask(3);
    await ask(6);
    expect(counted.slice(0, 6)).toEqual([1, 2, 3, 1, 2, 3]);
  });
});

describe('a signal', () => {
  it.each(["the run's", "the request's"])(
    'of %s own ends a request that is under way',
    async (whose) => {
      const controller = new AbortController();
      answerAll(server, () => {
        controller.abort(new Error('SIGTERM'));
        return new Promise<Response>(() => undefined);
      });
      const { signal } = controller;
      const { client: http } = client(whose === "the run's" ? { signal } : {});
      const request = aRequest(url, whose === "the run's" ? {} : { signal });
      const error = await errorOf(http.text(request));
      expect(error).toMatchObject({ failure: 'aborted', reason: 'the run was stopped' });
      expect(http.requests).toBe(1);
    },
  );

  it('that was given before lets nothing be sent', async () => {
    const { client: http } = client({ signal: AbortSignal.abort() });
    expect((await errorOf(http.text(aRequest(url)))).failure).toBe('aborted');
    expect(http.requests).toBe(0);
  });

  it('ends a wait', async () => {
    answerInTurn(server, status(503, { 'retry-after': '60' }));
    const controller = new AbortController();
    const { client: http } = client({
      onWait: () => {
        controller.abort();
      },
    });
    const error = await errorOf(http.text(aRequest(url, { signal: controller.signal })));
    expect(error.failure).toBe('aborted');
    expect(http.requests).toBe(1);
  });

  it('ends a request that is still in the queue, and leaves the others alone', async () => {
    const controller = new AbortController();
    let answer = (): void => undefined;
    answerAll(server, async () => {
      await new Promise<void>((resolve) => {
        answer = resolve;
        controller.abort();
      });
      return HttpResponse.json(noUsers);
    });
    const { client: http } = client({ concurrency: 1 });
    const first = http.json(aRequest(url), users);
    const second = http.json(aRequest(url, { signal: controller.signal }), users);
    expect((await errorOf(second)).failure).toBe('aborted');
    answer();
    expect((await first).status).toBe(200);
    expect(http.requests).toBe(1);
  });
});
