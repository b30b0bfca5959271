import { encodedSegment } from '../segment.js';
import type { Address } from '../source.js';

/** The kind of addresses in a repository that nothing can be asked for by. */
export const partKind = 'part';

/**
 * An address of the segments from the top. Names at the root, and those of repositories, are the same
 * whatever their case; what is below a repository is told by its case.
 */
export function addressOf(
  kind: string,
  segments: readonly string[],
  parent: Address | null,
): Address {
  const own = segments.slice(parent?.segments.length ?? 0);
  const isRepository = kind === 'repository';
  const isBelow = parent !== null && !isRepository;
  const noun = kind.replace(/-/g, ' ');
  const name = isBelow
    ? `${noun} ${own.join('/')} of ${parent.segments.join('/')}`
    : `${noun} ${segments.join('/')}`;
  const encoded = (isBelow ? own : segments.map((segment) => segment.toLowerCase())).map(
    encodedSegment,
  );
  const key = isBelow
    ? `${kind} ${parent.key.slice(parent.kind.length + 1)}/${encoded.join('/')}`
    : `${kind} ${encoded.join('/')}`;
  return { kind, name, key, parent, segments };
}
