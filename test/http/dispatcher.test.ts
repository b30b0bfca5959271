import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createDispatcher, type DispatcherOptions } from '../../src/http/dispatcher.js';
import { ProblemError } from '../../src/problems/problem.js';
import { failureOf, textOf } from './a-client.js';
import {
  authorityCertificate,
  selfSignedCertificate,
  selfSignedHash,
  selfSignedKey,
  serverCertificate,
  serverKey,
} from './certificates.js';
import { listen } from './proxy-servers.js';

const authorities = [{ spelling: '--ca-file', pem: `# ours\n${authorityCertificate}` }];
const servers: Server[] = [];
/** Signed by the authority of these tests, and by itself. */
let secure: string;
let selfSigned: string;

beforeAll(async () => {
  secure = await start(serverKey, serverCertificate);
  selfSigned = await start(selfSignedKey, selfSignedCertificate);
});
afterAll(() => {
  for (const server of servers) server.close();
});

async function start(key: string, cert: string): Promise<string> {
  const server = createServer({ key, cert }, (_request, response) => response.end('secure'));
  servers.push(server);
  return `https://${await listen(server)}`;
}

describe('certificates', () => {
  it('of an unknown authority are refused at once, with the setting that helps', async () => {
    const { reason, requests } = await failureOf(secure);
    expect(reason).toMatch(/signed by an authority that is not trusted here; name .* --ca-file/);
    expect(requests).toBe(1);
  });

  it('of a private authority are trusted once it is named', async () => {
    expect(await textOf(secure, { authorities })).toBe('secure');
  });

  it('for another host name are refused even so', async () => {
    const { reason } = await failureOf(secure.replace('127.0.0.1', 'localhost'), { authorities });
    expect(reason).toContain('made for another host name');
  });

  it('are all accepted once verification is off', async () => {
    expect(await textOf(secure, { verify: false })).toBe('secure');
  });

  it.each([
    ['no certificate', serverKey, 'holds no PEM certificate'],
    ['an empty file', '', 'holds no PEM certificate'],
    [
      'a broken certificate',
      authorityCertificate.replace('MII', 'XXX'),
      'holds a certificate that cannot be read',
    ],
  ])('in a file with %s are a wrong setting', (_name, pem, reason) => {
    expect(problemOf({ authorities: [{ spelling: 'SSL_CERT_FILE', pem }] })).toEqual({
      code: 'setting-invalid',
      spelling: 'SSL_CERT_FILE',
      reason,
    });
  });

  it('may be many in one file', async () => {
    const pem = [...rootCertificates.slice(0, 3), authorityCertificate].join('\n');
    expect(await textOf(secure, { authorities: [{ spelling: '--ca-file', pem }] })).toBe('secure');
  });
});

/** Asks servers as the command does, in a Node.js of its own, and prints what each answered. */
const asking = `
  const [folder, authorities, ...urls] = process.argv.slice(1);
  const { createDispatcher } = await import(folder + '/http/dispatcher.js');
  for (const url of urls) {
    const origin = new URL(url);
    const pool = createDispatcher({ origin, authorities: JSON.parse(authorities) });
    const request = { origin: origin.origin, path: '/', method: 'GET', headers: {}, body: null };
    console.log(await new Promise((resolve) => pool.dispatch(request, {
      onRequestStart: () => {}, onResponseData: () => {},
      onResponseStart: (_, status) => resolve(status),
      onResponseEnd: () => {}, onResponseError: (_, { code }) => resolve(code),
    })));
    await pool.destroy();
  }`;

/** Where the sources stand as built for these tests. */
const build = process.env.TESTS_COUNT_COVERAGE === 'true' ? 'covered' : 'plain';
const built = fileURLToPath(new URL(`../../.test-build/${build}/src`, import.meta.url));

describe('one authority more', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'bitbucket-port-'));
    await writeFile(path.join(folder, `${selfSignedHash}.0`), selfSignedCertificate);
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  /** What both servers answer to a Node.js that is told `env`. */
  async function answers(
    env: Readonly<Record<string, string>>,
    named: DispatcherOptions['authorities'],
  ): Promise<readonly string[]> {
    const flags = ['--input-type=module', '--eval', asking];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...flags, built, JSON.stringify(named), secure, selfSigned],
      { env: { PATH: process.env.PATH, ...env } },
    );
    return stdout.trim().split('\n');
  }

  const untrusted = 'DEPTH_ZERO_SELF_SIGNED_CERT';
  const system = (option: string) => (): Readonly<Record<string, string>> => ({
    NODE_OPTIONS: option,
    SSL_CERT_DIR: folder,
  });
  const stores: [string, () => Readonly<Record<string, string>>][] = [
    ['the store of OpenSSL', system('--use-openssl-ca')],
  ];
  // Node.js 22.15 and newer.
  if (process.allowedNodeEnvironmentFlags.has('--use-system-ca')) {
    stores.push(['the store of the system', system('--use-system-ca')]);
  }

  it.each(stores)('leaves those of %s trusted', async (_name, env) => {
    expect(await answers(env(), [])).toEqual(['UNABLE_TO_VERIFY_LEAF_SIGNATURE', '200']);
    expect(await answers(env(), authorities)).toEqual(['200', '200']);
  });

  it('is all that is trusted besides where Node.js is told nothing', async () => {
    expect(await answers({}, authorities)).toEqual(['200', untrusted]);
  });
});

function problemOf(options: Partial<DispatcherOptions>): unknown {
  try {
    createDispatcher({ origin: new URL('https://server.example.com'), ...options });
  } catch (error) {
    if (error instanceof ProblemError) return error.problems[0];
    throw error;
  }
  throw new Error('expected a problem');
}
