import { afterEach, expect } from '@jest/globals';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/model/json.js';
import { startPort, type SandboxPort } from '../../../src/sandbox/port/port.js';
import { anyJson } from '../../../src/sandbox/port/schemas/json.js';
import type { SandboxPortOptions } from '../../../src/sandbox/port/state.js';
import { createFakeClock, type FakeClock } from '../../world/fake-clock.js';

export const credentials = { clientId: 'the-client', clientSecret: 'the-secret' };

/** What Port's exporter and ours call themselves when they write entities. */
export const exporter = 'port-ocean/bitbucket-server/1.0.0/my-integration/exporter';

/** A call; a test states what it is about. */
export interface CallOptions {
  readonly query?: string;
  /** Sent as JSON; a string as it is. */
  readonly body?: JsonValue;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface PortAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: JsonValue;
}

export interface PortUnderTest {
  readonly port: SandboxPort;
  readonly clock: FakeClock;
  /** Calls with a token, as the exporter. */
  readonly call: (route: string, options?: CallOptions) => Promise<PortAnswer>;
  /** What the contract did not know since the last look. What nobody looks at fails the test. */
  readonly takeViolations: () => readonly string[];
}

const running: SandboxPort[] = [];

afterEach(async () => {
  const violations = running.flatMap((port) => [...port.violations]);
  await Promise.all(running.splice(0).map((port) => port.close()));
  expect(violations).toEqual([]);
});

/** A Port with nothing in it. */
export async function anEmptyPort(
  options: Partial<SandboxPortOptions> = {},
): Promise<PortUnderTest> {
  const clock = createFakeClock();
  const port = await startPort({ ...credentials, clock, ...options });
  running.push(port);
  const token = async (): Promise<string> => {
    const { body } = await send(port, 'POST /v1/auth/access_token', { body: credentials });
    return `Bearer ${field(body, 'accessToken')}`;
  };
  return {
    port,
    clock,
    call: async (route, call = {}) =>
      send(port, route, {
        ...call,
        headers: { authorization: await token(), 'user-agent': exporter, ...call.headers },
      }),
    takeViolations: () => {
      const found = [...port.violations];
      port.reset();
      return found;
    },
  };
}

/** A Port that knows users, repositories, pull requests, and one of the first two each. */
export async function aPort(options: Partial<SandboxPortOptions> = {}): Promise<PortUnderTest> {
  const underTest = await anEmptyPort(options);
  const { port } = underTest;
  for (const blueprint of [userBlueprint, repositoryBlueprint, pullRequestBlueprint]) {
    port.putBlueprint(blueprint);
  }
  port.putEntity('user', { identifier: 'ada' }, { datasource: exporter });
  port.putEntity(
    'repository',
    { identifier: 'api', title: 'API', properties: { url: 'https://git.example.com/api' } },
    { datasource: exporter },
  );
  return underTest;
}

export const userBlueprint = {
  identifier: 'user',
  title: 'User',
  schema: { properties: {} },
} satisfies JsonObject;

export const repositoryBlueprint = {
  identifier: 'repository',
  title: 'Repository',
  schema: { properties: { url: { type: 'string', format: 'url' } } },
  relations: { owner: { target: 'user', required: false, many: false } },
} satisfies JsonObject;

export const pullRequestBlueprint = {
  identifier: 'pullRequest',
  title: 'Pull request',
  schema: {
    properties: {
      state: { type: 'string', enum: ['OPEN', 'MERGED'] },
      size: { type: 'number' },
      draft: { type: 'boolean' },
      link: { type: 'string', format: 'url' },
      createdOn: { type: 'string', format: 'date-time' },
      contact: { type: 'string', format: 'email' },
      assignee: { type: 'string', format: 'user' },
      labels: { type: 'array', items: { type: 'string', enum: ['bug', 'docs'] } },
      raw: { type: 'object' },
    },
  },
  mirrorProperties: { repositoryLink: { path: 'repository.url' } },
  relations: {
    repository: { target: 'repository', required: true, many: false },
    reviewers: { target: 'user', required: false, many: true },
  },
} satisfies JsonObject;

/** Sends a call as it is: without a token unless the headers hold one. */
export async function send(
  port: SandboxPort,
  route: string,
  { query = '', body, headers = {} }: CallOptions = {},
): Promise<PortAnswer> {
  const [method = '', path = ''] = route.split(' ');
  const response = await fetch(`${port.url}${path}${query === '' ? '' : `?${query}`}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: anyJson.parse(JSON.parse(await response.text())),
  };
}

/** A text field of an answer; an answer without it is a failed test. */
export function field(body: JsonValue, name: string): string {
  const value = isJsonObject(body) ? body[name] : undefined;
  if (typeof value !== 'string') throw new Error(`no text "${name}" in ${JSON.stringify(body)}`);
  return value;
}
