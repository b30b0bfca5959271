// The floor: what this machine could do. A bare exporter of the default mapping, with the requests,
// the jq, the comparison and the bulks of `sync`, and nothing else: no proofs, no settings, no words.
// Takes the variables of `sync`; CONCURRENCY is how much is asked of Bitbucket at once.
import { hash } from 'node:crypto';
import { createRequire } from 'node:module';
import { MessageChannel, Worker } from 'node:worker_threads';
import { Pool } from 'undici';
import { DEFAULTS } from '../../dist/defaults/index.js';

const { env } = process;
const concurrency = Number(env.CONCURRENCY ?? 8);
const BULK = 20;
const BULKS = 8;
/** Repositories that are open for each request under way. */
const AHEAD = 4;
/** Repositories that are mapped together. */
const ATTACHED = 25;

/** Lets so many go at once. */
function limit(most) {
  const waiting = [];
  let going = 0;
  return async (work) => {
    if (going >= most) await new Promise((resolve) => waiting.push(resolve));
    going += 1;
    try {
      return await work();
    } finally {
      going -= 1;
      waiting.shift()?.();
    }
  };
}

function ask(pool, method, path, headers, body) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    let status = 0;
    pool.dispatch(
      { path, method, headers, body },
      {
        onConnect() {},
        onHeaders(given) {
          status = given;
          return true;
        },
        onData(chunk) {
          chunks.push(chunk);
          return true;
        },
        onComplete() {
          resolve({ status, bytes: chunks.length === 1 ? chunks[0] : Buffer.concat(chunks) });
        },
        onError: reject,
      },
    );
  });
}

const parsed = ({ bytes }) => JSON.parse(bytes.toString('utf8'));

const flavours = {
  'bitbucket-server': {
    url: env.BITBUCKET_BASE_URL,
    root: '/rest/api/1.0',
    authorization: `Basic ${btoa(`${env.BITBUCKET_USERNAME}:${env.BITBUCKET_PASSWORD}`)}`,
    roots: { project: '/projects?limit=1000', user: '/users?limit=1000' },
    repositories: '/repos?archived=ALL&limit=1000',
    pullRequests: ({ project, slug }) =>
      `/projects/${project.key}/repos/${slug}/pull-requests?state=ALL&limit=1000`,
    attach: async ({ project, slug, ...rest }) => {
      const path = `/projects/${project.key}/repos/${slug}`;
      const [readme, commits] = await Promise.all([
        get(`${path}/readme`),
        get(`${path}/commits?limit=1`),
      ]);
      const __readme = readme.status === 200 ? readme.bytes.toString('utf8') : '';
      const __latestCommit = commits.status === 200 ? (parsed(commits).values[0] ?? null) : null;
      return { project, slug, ...rest, __readme, __latestCommit };
    },
    next: 'if .isLastPage then null else .nextPageStart end',
    follow: (path, next) => `${path}&start=${next}`,
  },
  'bitbucket-cloud': {
    url: env.BITBUCKET_HOST_URL?.replace(/\/2\.0$/u, ''),
    root: '/2.0',
    authorization: `Bearer ${env.BITBUCKET_WORKSPACE_TOKEN}`,
    roots: { project: `/workspaces/${env.BITBUCKET_WORKSPACE}/projects?pagelen=100` },
    repositories: `/repositories/${env.BITBUCKET_WORKSPACE}?pagelen=100`,
    pullRequests: ({ full_name: name }) =>
      `/repositories/${name}/pullrequests?state=OPEN&pagelen=50&fields=%2Bvalues.participants%2C%2Bvalues.reviewers`,
    attach: async (repository) => {
      const path = `/repositories/${repository.full_name}/src`;
      const { values } = parsed(await get(`${path}/${repository.mainbranch.name}/?pagelen=100`));
      const __includedFiles = {};
      for (const name of ['README.md', '.bitbucket/CODEOWNERS', 'CODEOWNERS']) {
        const entry = values.find((value) => value.path === name);
        if (entry === undefined) __includedFiles[name] = null;
        else {
          const file = await get(`${path}/${entry.commit.hash}/${name}`);
          __includedFiles[name] = file.bytes.toString('utf8');
        }
      }
      return { ...repository, __includedFiles };
    },
    next: '.next',
    follow: (path, next) => next.slice(next.indexOf('/2.0') + 4),
  },
};

const type = env.BITBUCKET_BASE_URL === undefined ? 'bitbucket-cloud' : 'bitbucket-server';
const flavour = flavours[type];
const { mapping, blueprints: definitions } = DEFAULTS[type];

const bitbucket = new Pool(flavour.url, { connections: concurrency });
const reading = limit(concurrency);
const headers = { authorization: flavour.authorization, accept: 'application/json' };
const get = (path) => reading(() => ask(bitbucket, 'GET', `${flavour.root}${path}`, headers));

const catalog = new Pool(env.OCEAN__PORT__BASE_URL, { connections: 10 });
const integration = env.OCEAN__INTEGRATION__IDENTIFIER;
const agent = `port-ocean/${type}/bitbucket-port-0/${integration}`;
let token = '';
async function port(method, path, body) {
  const isOurs = path.startsWith('/integration') || path.startsWith('/auth');
  const signed = {
    authorization: token,
    'content-type': 'application/json',
    'user-agent': isOurs ? agent : `${agent}/exporter`,
  };
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await ask(catalog, method, `/v1${path}`, signed, text);
  if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.bytes.toString('utf8')}`);
  return parsed(answer);
}

const kinds = mapping.resources.map(({ kind, port: { entity } }) => {
  const { identifier, title, blueprint, properties, relations = {} } = entity.mappings;
  const definition = definitions.find(({ identifier: name }) => name === JSON.parse(blueprint));
  return {
    kind,
    blueprint: JSON.parse(blueprint),
    expressions: [identifier, title, ...Object.values(properties), ...Object.values(relations)],
    properties: Object.keys(properties),
    relations: Object.keys(relations),
    moments: Object.keys(properties).map(
      (name) => definition.schema.properties[name]?.format === 'date-time',
    ),
  };
});

/** One jq for all kinds: pages go in as they came, rows come out. */
function startJq() {
  const rows = kinds.map(({ kind, expressions }) => {
    const row = expressions.map((expression) => `(${expression})`);
    return `if $kind == "${kind}" then [.values[] | [${row}]] else`;
  });
  const program = `.kind as $kind | .page | {next: (${flavour.next}), rows: (${rows.join(' ')} null ${'end '.repeat(rows.length)})}`;
  const { port1, port2 } = new MessageChannel();
  const signal = new SharedArrayBuffer(4);
  const counter = new Int32Array(signal);
  const jqWeb = createRequire(import.meta.url).resolve('jq-web');
  const worker = new Worker(new URL('floor-jq.cjs', import.meta.url), {
    workerData: { jqWeb, program, signal, port: port2 },
    transferList: [port2],
    resourceLimits: { stackSizeMb: 8 },
  });
  const waiting = [];
  let rest = Buffer.alloc(0);
  worker.on('message', (bytes) => {
    let start = 0;
    for (let end; (end = bytes.indexOf(10, start)) !== -1; start = end + 1) {
      const part = bytes.subarray(start, end);
      const line =
        rest.length === 0
          ? Buffer.from(part.buffer, part.byteOffset, part.length)
          : Buffer.concat([rest, part]);
      rest = Buffer.alloc(0);
      waiting.shift()(JSON.parse(line.toString('utf8')));
    }
    rest = Buffer.concat([rest, bytes.subarray(start)]);
  });
  return {
    map: (kind, page) =>
      new Promise((resolve) => {
        waiting.push(resolve);
        const head = Buffer.from(`{"kind":"${kind}","page":`);
        const bytes = new Uint8Array(head.length + page.length + 2);
        bytes.set(head);
        bytes.set(page, head.length);
        // jq reads lines: nothing is seen of one that has no end.
        bytes.set(Buffer.from('}\n'), bytes.length - 2);
        port1.postMessage(bytes, [bytes.buffer]);
        Atomics.add(counter, 0, 1);
        Atomics.notify(counter, 0);
      }),
    close: () => {
      port1.close();
      return worker.terminate();
    },
  };
}

/** The entities of one blueprint: what Port holds, what differs, what is sent. */
class Load {
  #owned = new Map();
  #seen = new Set();
  #gathered = [];
  #sent = [];
  #sending = limit(BULKS);

  constructor(kind) {
    this.kind = kind;
  }

  async readOwned() {
    const { blueprint, properties, relations } = this.kind;
    const rules = [`port-ocean/${type}/`, `/${integration}/exporter`].map((value) => ({
      property: '$datasource',
      operator: 'contains',
      value,
    }));
    const include = ['$identifier', '$updatedAt', '$title', ...properties, ...relations];
    let from;
    do {
      const query = { combinator: 'and', rules };
      const body = { query, include, limit: 1000, ...(from ? { from } : {}) };
      const page = await port('POST', `/blueprints/${blueprint}/entities/search`, body);
      for (const entity of page.entities) {
        const values = (names, held) => names.map((name) => held?.[name]);
        const row = [
          entity.title,
          ...values(properties, entity.properties),
          ...values(relations, entity.relations),
        ];
        this.#owned.set(entity.identifier, this.#print(row));
      }
      from = page.next;
    } while (from);
  }

  add(rows) {
    const { properties, relations } = this.kind;
    for (const [identifier, ...row] of rows) {
      if (!/^[\p{L}0-9@_.+:\\/=-]+$/u.test(identifier ?? '') || this.#seen.has(identifier))
        continue;
      this.#seen.add(identifier);
      if (this.#owned.get(identifier) === this.#print(row)) continue;
      const [title, ...values] = row;
      const entity = { identifier, title, properties: {}, relations: {} };
      for (const [index, name] of properties.entries()) entity.properties[name] = values[index];
      for (const [index, name] of relations.entries()) {
        const value = values[properties.length + index];
        entity.relations[name] = Array.isArray(value)
          ? value.filter((each) => each !== null)
          : value;
      }
      this.#gathered.push(JSON.stringify(entity));
      if (this.#gathered.length === BULK) this.#send();
    }
  }

  async finish() {
    this.#send();
    await Promise.all(this.#sent);
  }

  #send() {
    if (this.#gathered.length === 0) return;
    const body = `{"entities":[${this.#gathered.join(',')}]}`;
    this.#gathered = [];
    const path = `/blueprints/${this.kind.blueprint}/entities/bulk?upsert=true&merge=true&create_missing_related_entities=true&validation_only=false`;
    this.#sent.push(this.#sending(() => port('POST', path, body)));
  }

  /** What a row comes to: equal for equal rows. */
  #print([title, ...values]) {
    const { properties, moments } = this.kind;
    const parts = values.map((value, index) => {
      if (value === null || value === undefined) return '';
      if (moments[index]) return Date.parse(value);
      if (typeof value === 'string') return value;
      if (index < properties.length) return JSON.stringify(value);
      return [...new Set(value.filter((each) => each !== null))].sort().join();
    });
    return hash('sha256', `${title}\u0001${parts.join('\u0001')}`, 'base64');
  }
}

/** Opens ahead, takes in order. */
async function inOrder(list, open, take) {
  const going = [];
  for (const each of list) {
    going.push(open(each));
    if (going.length >= concurrency * AHEAD) await take(await going.shift());
  }
  for (const each of going) await take(await each);
}

const jq = startJq();
const loads = new Map(kinds.map((kind) => [kind.kind, new Load(kind)]));

async function prepared() {
  const { accessToken } = await port('POST', '/auth/access_token', {
    clientId: env.OCEAN__PORT__CLIENT_ID,
    clientSecret: env.OCEAN__PORT__CLIENT_SECRET,
  });
  token = `Bearer ${accessToken}`;
  const there = new Set(
    (await port('GET', '/blueprints')).blueprints.map(({ identifier }) => identifier),
  );
  if (there.has(kinds[0].blueprint)) {
    await Promise.all([...loads.values()].map((load) => load.readOwned()));
    return;
  }
  const bare = definitions.map((definition) => ({ ...definition, relations: {} }));
  await Promise.all(bare.map((definition) => port('POST', '/blueprints', definition)));
  const related = definitions.filter(({ relations }) => relations !== undefined);
  await Promise.all(
    related.map(({ identifier, relations }) =>
      port('PATCH', `/blueprints/${identifier}`, { relations }),
    ),
  );
  const record = {
    installationId: integration,
    installationAppType: type,
    version: '0',
    changelogDestination: {},
  };
  await port('POST', '/integration', { ...record, config: {} });
}

/** Rows of all pages of a listing; `watch` sees the pages. */
async function* pages(kind, path, watch) {
  for (let next = path; next !== null;) {
    const { bytes } = await get(next);
    watch?.(bytes);
    const page = await jq.map(kind, bytes);
    yield page.rows;
    next = page.next === null || page.next === undefined ? null : flavour.follow(path, page.next);
  }
}

async function readRoot(kind, path) {
  for await (const rows of pages(kind, path)) {
    await ready;
    loads.get(kind).add(rows);
  }
}

async function readBelow(repositories) {
  const open = async (repository) => {
    const rows = [];
    for await (const page of pages('pull-request', flavour.pullRequests(repository)))
      rows.push(...page);
    return rows;
  };
  await inOrder(repositories, open, async (rows) => {
    await ready;
    loads.get('pull-request').add(rows);
  });
}

async function readAttached(repositories) {
  const parts = [];
  for (let at = 0; at < repositories.length; at += ATTACHED)
    parts.push(repositories.slice(at, at + ATTACHED));
  const open = async (part) => {
    const values = await Promise.all(part.map(flavour.attach));
    return jq.map('repository', Buffer.from(JSON.stringify({ isLastPage: true, values })));
  };
  await inOrder(parts, open, async ({ rows }) => {
    await ready;
    loads.get('repository').add(rows);
  });
}

async function readRepositories() {
  const repositories = [];
  for (let next = flavour.repositories; next !== null;) {
    const page = parsed(await get(next));
    repositories.push(...page.values);
    const way =
      page.isLastPage === undefined ? page.next : page.isLastPage ? null : page.nextPageStart;
    next = way === null || way === undefined ? null : flavour.follow(flavour.repositories, way);
  }
  return repositories;
}

const ready = prepared();
const roots = Object.entries(flavour.roots).map(([kind, path]) => readRoot(kind, path));
const repositories = await readRepositories();
await Promise.all([...roots, readBelow(repositories), readAttached(repositories)]);
await Promise.all([...loads.values()].map((load) => load.finish()));
await Promise.all([jq.close(), bitbucket.close(), catalog.close()]);
