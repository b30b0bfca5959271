import type { Mapping } from '../../mapping/mapping.js';
import type { RawItem } from '../../model/page.js';
import type { Inspection } from '../../source/tiny-requests.js';
import type { BitbucketConnection } from '../connections/connection-options.js';
import { openBitbucket } from '../connections/open-connections.js';
import { checkConnection, type CheckContext } from './check-context.js';
import { KINDS } from '../../stages/choose-mapping.js';
import { Findings } from './findings.js';
import { tellHeaders } from './tell-headers.js';

/** What Bitbucket told. */
export interface SeenInBitbucket {
  readonly found: Findings;
  /** One item of each kind that could be read and has any, as the smallest request brings it. */
  readonly samples: ReadonlyMap<string, RawItem>;
}

type BeingSeen = SeenInBitbucket & { readonly samples: Map<string, RawItem> };

/** Bitbucket, as far as there are credentials to ask it with. */
export async function checkBitbucket(
  context: CheckContext,
  mapping: Mapping | null,
): Promise<SeenInBitbucket> {
  const seen = { found: new Findings('bitbucket'), samples: new Map<string, RawItem>() };
  const { bitbucket } = context.settings.parts;
  if (bitbucket === null) {
    seen.found.note('Bitbucket was not asked: the settings above do not suffice');
    return seen;
  }
  await seen.found.attempt(async () => {
    const connection = openBitbucket(bitbucket, {
      ...checkConnection(context),
      emit: (event) => {
        if (event.type === 'problem') seen.found.problem(event.problem);
      },
    });
    try {
      await ask(connection, context, mapping, seen);
    } finally {
      await connection.close();
    }
  });
  return seen;
}

async function ask(
  { source, inspection, description }: BitbucketConnection,
  { runtime }: CheckContext,
  mapping: Mapping | null,
  seen: BeingSeen,
): Promise<void> {
  const { found } = seen;
  // First and, when it fails, last: every refusal brings the account nearer to a CAPTCHA.
  const { credentials } = await source.probe();
  const version = await inspection.version();
  const name = version === null ? description : `${description} (version ${version})`;
  if (credentials === 'counted') found.ok(`${name} is reachable and takes the credentials`);
  else {
    found.ok(`${name} is reachable`);
    found.note(
      'whether it knows the credentials cannot be told: it answers everybody with what is public',
    );
  }
  for (const { name: kind } of KINDS[source.type]) {
    await tryKind(kind, inspection, mapping, seen);
  }
  tellHeaders('bitbucket', inspection.headers, runtime.clock.now(), found);
}

/** A kind that the mapping leaves out is nothing that a run would ask for. */
async function tryKind(
  kind: string,
  inspection: Inspection,
  mapping: Mapping | null,
  { found, samples }: BeingSeen,
): Promise<void> {
  if (mapping !== null && !mapping.resources.some((resource) => resource.kind === kind)) return;
  const outcome = await found.attempt(() => inspection.tryKind(kind));
  if (outcome?.status === 'untried') {
    found.note(`${kind}: not tried, as no repository is to be seen`);
  }
  if (outcome?.status !== 'readable') return;
  found.ok(`${kind}: may be read`);
  if (outcome.item !== null) samples.set(kind, outcome.item);
}
