// The built-in servers in a process of their own, around a company of the size that is asked for, as
// JSON: { flavour, projects, repositories, pullRequests, latency }. Each line on standard input
// starts an empty Port in place of the one before. It is answered by a line of JSON: the variables
// that lead a run to the servers, and what was asked of them and loaded since the line before.
import { createServer, connect } from 'node:net';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers';
import { systemClock } from '../../dist/clock.js';
import { startCloud } from '../../dist/sandbox/cloud/cloud.js';
import { readScopes } from '../../dist/sandbox/cloud/credential.js';
import { largeCompany } from '../../dist/sandbox/company/large-company.js';
import { startPort } from '../../dist/sandbox/port/port.js';
import { startDataCenter } from '../../dist/sandbox/server/data-center.js';

const { flavour, latency = 0, ...size } = JSON.parse(process.argv[2]);
const company = largeCompany(size);
const flavours = {
  server: async () => {
    const credentials = { username: 'exporter', password: 'bitbucket-secret' };
    const server = await startDataCenter({ company, credentials });
    return {
      server,
      variables: (url) => ({
        BITBUCKET_BASE_URL: url,
        BITBUCKET_USERNAME: credentials.username,
        BITBUCKET_PASSWORD: credentials.password,
      }),
    };
  },
  cloud: async () => {
    const token = 'workspace-secret';
    const server = await startCloud({
      company,
      credentials: [{ type: 'workspace-token', token, scopes: readScopes }],
      rateLimits: { repositories: 1_000_000, files: 1_000_000 },
      clock: systemClock,
    });
    return {
      server,
      variables: (url) => ({
        BITBUCKET_WORKSPACE: 'fernlicht',
        BITBUCKET_HOST_URL: url,
        BITBUCKET_WORKSPACE_TOKEN: token,
      }),
    };
  },
};

/** The same server at the end of a long line: what is sent to it arrives `latency` ms later. */
async function far(url) {
  if (latency === 0) return url;
  const { port, pathname } = new URL(url);
  const line = createServer((near) => {
    const server = connect(Number(port), '127.0.0.1');
    near.on('data', (bytes) => setTimeout(() => server.write(bytes), latency));
    server.on('data', (bytes) => near.write(bytes));
    for (const [one, other] of [
      [near, server],
      [server, near],
    ]) {
      one.setNoDelay(true);
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  line.listen(0, '127.0.0.1');
  await once(line, 'listening');
  return `http://127.0.0.1:${line.address().port}${pathname === '/' ? '' : pathname}`;
}

const client = { clientId: 'client-id', clientSecret: 'client-secret' };
const bitbucket = await flavours[flavour]();
const bitbucketUrl = await far(bitbucket.server.url);
let port = null;
let portUrl = '';

for await (const line of createInterface({ input: process.stdin })) {
  const seen = {
    bitbucket: bitbucket.server.requests.length,
    port: port?.requests.length ?? 0,
    entities: port
      ?.blueprints()
      .reduce((sum, { identifier }) => sum + port.entities(identifier).length, 0),
    violations: [...bitbucket.server.violations, ...(port?.violations ?? [])],
  };
  bitbucket.server.reset();
  port?.reset();
  if (line === 'new port') {
    await port?.close();
    port = await startPort({ ...client, clock: systemClock });
    portUrl = await far(port.url);
  }
  const variables = {
    OCEAN__PORT__CLIENT_ID: client.clientId,
    OCEAN__PORT__CLIENT_SECRET: client.clientSecret,
    OCEAN__PORT__BASE_URL: portUrl,
    ...bitbucket.variables(bitbucketUrl),
  };
  process.stdout.write(`${JSON.stringify({ variables, seen })}\n`);
}
