import { describe, expect, it } from '@jest/globals';
import { HttpResponse } from 'msw';
import { aRequest, errorOf } from './a-client.js';
import {
  answerInTurn,
  client,
  json,
  noUsers,
  origin,
  url,
  users,
  useServer,
} from './answering-server.js';

const server = useServer();

describe('a redirect', () => {
  const to =
    (location: string, code = 302) =>
    (): Response =>
      new HttpResponse(null, { status: code, headers: { location } });

  it.each([301, 302, 303, 307, 308])(
    'of a GET with %d on the same origin is followed',
    async (code) => {
      const requests = answerInTurn(server, to('/elsewhere?start=1', code), json(noUsers));
      const { client: http } = client({
        authorization: () => Promise.resolve({ authorization: 'Bearer a' }),
      });
      await http.json(aRequest(url), users);
      expect(requests[1]!.url).toBe(`${origin}/elsewhere?start=1`);
      expect(requests[1]!.headers.get('authorization')).toBe('Bearer a');
      expect(http.requests).toBe(2);
    },
  );

  it('to another origin is refused: nothing is sent there', async () => {
    answerInTurn(server, to('https://evil.example.com/rest?secret=1'));
    const { client: http } = client();
    const error = await errorOf(http.json(aRequest(url), users));
    expect(error.failure).toBe('foreign-origin');
    expect(error.reason).toBe(
      'redirects to another origin, https://evil.example.com; nothing was sent there',
    );
    expect(http.requests).toBe(1);
  });

  it('of a repeatable write keeps method and body with 308, and is not followed with 302', async () => {
    const requests = answerInTurn(server, to('/new', 308), json(noUsers));
    const write = aRequest(url, { method: 'POST', body: { a: 1 } });
    await client().client.json(write, users);
    expect(requests[1]!.method).toBe('POST');
    expect(await requests[1]!.json()).toEqual({ a: 1 });

    answerInTurn(server, to('/new', 302), json(noUsers));
    const error = await errorOf(client().client.json(write, users));
    expect(error).toMatchObject({ failure: 'status', details: { status: 302 } });
  });

  it.each([
    ['without a target', {}],
    ['with a target that is no URL', { location: 'https://[' }],
  ])('%s is an error', async (_name, headers) => {
    answerInTurn(server, () => new HttpResponse(null, { status: 302, headers }));
    expect((await errorOf(client().client.text(aRequest(url)))).reason).toBe('answered 302 Found');
  });

  it('that never ends is given up after five', async () => {
    answerInTurn(server, to('/again'));
    const { client: http } = client();
    expect((await errorOf(http.text(aRequest(url)))).reason).toBe('redirected more than 5 times');
    expect(http.requests).toBe(6);
  });

  it('to a web page is no text', async () => {
    const page = (): Response => HttpResponse.html('<html>Log in</html>');
    answerInTurn(server, to('/login'), page);
    expect((await errorOf(client().client.text(aRequest(url)))).failure).toBe('login-page');
    answerInTurn(server, page);
    expect((await client().client.text(aRequest(url))).body).toBe('<html>Log in</html>');
  });
});
