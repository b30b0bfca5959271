/**
 * One member of the mapping's `resources[]`, as events, problems and the summary name it.
 * Two resources of one kind are told apart by their position.
 */
export interface ResourceReference {
  /** Position in `resources[]`, from 0. */
  readonly index: number;
  /** The kind that it reads, such as `pull-request`. */
  readonly kind: string;
}

/** `pull-request` or, where a kind stands more than once, `pull-request (resource 3)`. */
export function resourceName(
  resource: ResourceReference,
  all: readonly ResourceReference[] = [],
): string {
  const siblings = all.filter((other) => other.kind === resource.kind).length;
  return siblings > 1 ? `${resource.kind} (resource ${resource.index + 1})` : resource.kind;
}
