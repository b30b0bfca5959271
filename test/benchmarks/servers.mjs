// The built-in servers in a process of their own, around a company of the size that is asked for.
// Prints the variables that lead a run to them, as JSON, and stays until it is stopped.
import { systemClock } from '../../dist/clock.js';
import { largeCompany } from '../../dist/sandbox/company/large-company.js';
import { startPort } from '../../dist/sandbox/port/port.js';
import { startDataCenter } from '../../dist/sandbox/server/data-center.js';

const pullRequests = Number(process.argv[2]);
const company = largeCompany({ projects: 10, repositories: 100, pullRequests });
const credentials = { username: 'exporter', password: 'bitbucket-secret' };
const bitbucket = await startDataCenter({ company, credentials });
const port = await startPort({
  clientId: 'client-id',
  clientSecret: 'client-secret',
  clock: systemClock,
});
process.stdout.write(
  `${JSON.stringify({
    OCEAN__PORT__CLIENT_ID: 'client-id',
    OCEAN__PORT__CLIENT_SECRET: 'client-secret',
    OCEAN__PORT__BASE_URL: port.url,
    BITBUCKET_BASE_URL: bitbucket.url,
    BITBUCKET_USERNAME: credentials.username,
    BITBUCKET_PASSWORD: credentials.password,
  })}\n`,
);
