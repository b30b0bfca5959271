import type { RawItem } from '../../model/page.js';
import { refusedRequest } from '../../source/requests/asked.js';
import { openBitbucket } from '../connections/bitbucket.js';
import type { BitbucketConnection } from '../connections/connection-options.js';
import { checkConnection, tellHeaders } from './either-side.js';
import type { CheckContext, Findings, Section, Seen } from './section.js';

/** Bitbucket, as far as there are credentials to ask it with. */
export const checkBitbucket: Section = async (check, found) => {
  const { bitbucket } = check.settings.parts;
  if (bitbucket === null) {
    found.note('Bitbucket was not asked: the settings above do not suffice');
    return {};
  }
  const samples = new Map<number, RawItem>();
  await found.attempt(async () => {
    const connection = openBitbucket(bitbucket, {
      ...checkConnection(check),
      emit: (event) => {
        if (event.type === 'problem') found.problem(event.problem);
      },
    });
    try {
      await ask(connection, check, samples, found);
    } finally {
      await connection.close();
    }
  });
  return { samples };
};

async function ask(
  { source, inspection, description }: BitbucketConnection,
  { runtime, mapping }: CheckContext & Seen,
  samples: Map<number, RawItem>,
  found: Findings,
): Promise<void> {
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
  const now = runtime.clock.now();
  for (const { name: kind, cost, isApart, refusalOf } of source.kinds) {
    if (mapping === null && isApart) continue;
    // A kind that the mapping leaves out is nothing that a run would ask for.
    const mapped = mapping?.resources.filter((resource) => resource.kind === kind) ?? [null];
    const told = new Set<string>();
    for (const resource of mapped) {
      const refusal = resource === null ? null : (refusalOf?.(resource.selector) ?? null);
      if (resource !== null && refusal !== null) {
        found.problem(refusedRequest(resource.selector, refusal));
        continue;
      }
      const trial = resource && { ...resource, resource: resource.reference, now };
      const outcome = await found.attempt(() => inspection.tryKind(kind, trial));
      if (outcome === null) continue;
      const isReadable = outcome.status === 'readable';
      if (isReadable && outcome.item !== null && resource !== null) {
        samples.set(resource.reference.index, outcome.item);
      }
      if (told.has(outcome.status)) continue;
      told.add(outcome.status);
      if (isReadable) found.ok(`${kind}: may be read (${cost.replaceAll('`', '')})`);
      else found.note(`${kind}: not tried, as no repository is to be seen that its selector takes`);
    }
  }
  tellHeaders('bitbucket', inspection.headers, runtime.clock.now(), found);
}
