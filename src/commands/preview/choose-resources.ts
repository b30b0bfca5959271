import type { Mapping, MappingResource } from '../../mapping/mapping.js';
import { nearest } from '../../problems/nearest.js';
import { ProblemError } from '../../problems/problem.js';
import type { PreviewOptions } from './options.js';

/**
 * The resources that a preview is about.
 * @param kinds those that the source has
 * @throws ProblemError setting-invalid for a kind or position that is not there
 */
export function chooseResources(
  { resources, origin }: Mapping,
  kinds: readonly string[],
  { kind, resource }: Pick<PreviewOptions, 'kind' | 'resource'>,
): readonly MappingResource[] {
  if (kind !== null) requireKind(kind, kinds);
  const ofKind = kind === null ? resources : resources.filter((one) => one.kind === kind);
  if (ofKind.length === 0) {
    const mapped = [...new Set(resources.map((one) => one.kind))].join(', ');
    throw invalid('--kind', `is ${kind ?? ''}, which ${origin} does not map; it maps ${mapped}`);
  }
  if (resource === null) return ofKind;
  const chosen = ofKind.filter(({ reference }) => reference.index === resource - 1);
  if (chosen.length > 0) return chosen;
  const positions = ofKind.map(({ reference }) => `${reference.index + 1} (${reference.kind})`);
  throw invalid('--resource', `is ${resource}; to choose from are ${positions.join(', ')}`);
}

function requireKind(kind: string, kinds: readonly string[]): void {
  if (kinds.includes(kind)) return;
  const meant = nearest(kind, kinds);
  const guess = meant === undefined ? '' : ` (did you mean ${meant}?)`;
  throw invalid('--kind', `is ${kind}${guess}; the kinds are ${kinds.join(', ')}`);
}

function invalid(spelling: string, reason: string): ProblemError {
  return ProblemError.of({ code: 'setting-invalid', spelling, reason });
}
