/**
 * Puts nodes so that each stands behind all that it depends on. Where nodes depend on one another in
 * a circle, the given order decides. Stable: nodes without ties keep the given order.
 * @param dependencies what a node depends on; names outside `nodes` are ignored
 */
export function dependencyOrder<Node>(
  nodes: readonly Node[],
  dependencies: (node: Node) => Iterable<Node>,
): readonly Node[] {
  const known = new Set(nodes);
  const done = new Set<Node>();
  const underWay = new Set<Node>();
  const ordered: Node[] = [];
  const visit = (node: Node): void => {
    if (done.has(node) || underWay.has(node)) return;
    underWay.add(node);
    for (const dependency of dependencies(node)) if (known.has(dependency)) visit(dependency);
    underWay.delete(node);
    done.add(node);
    ordered.push(node);
  };
  for (const node of nodes) visit(node);
  return ordered;
}

/** Where a node of a dependency graph stands among those that are left. */
interface WaitingOrder<Node> {
  /** Those that wait for none of the others. */
  readonly ready: readonly Node[];
  /**
   * Where none is ready: those that wait for one another in a circle, or stand between two circles.
   * Taking these out makes others ready.
   */
  readonly circular: readonly Node[];
}

/**
 * Tells which nodes may go next.
 * @param nodes what is left, by key
 * @param dependenciesOf keys that a node waits for; its own and those that are not left do not count
 */
export function waitingOrder<Node>(
  nodes: ReadonlyMap<string, Node>,
  dependenciesOf: (node: Node) => readonly string[],
): WaitingOrder<Node> {
  const dependencies = new Map(
    [...nodes].map(([key, node]) => [
      key,
      dependenciesOf(node).filter((other) => other !== key && nodes.has(other)),
    ]),
  );
  const ready = [...nodes].filter(([key]) => dependencies.get(key)?.length === 0);
  const circular = ready.length > 0 ? [] : circlesIn(dependencies);
  return {
    ready: ready.map(([, node]) => node),
    circular: circular.flatMap((key) => nodes.get(key) ?? []),
  };
}

/** Takes away, over and over, what nothing waits for: circles are what stays. */
function circlesIn(dependencies: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const waiting = new Map([...dependencies.keys()].map((key) => [key, 0]));
  for (const others of dependencies.values()) {
    for (const other of others) waiting.set(other, (waiting.get(other) ?? 0) + 1);
  }
  const unneeded = [...waiting].flatMap(([key, count]) => (count === 0 ? [key] : []));
  for (let key = unneeded.pop(); key !== undefined; key = unneeded.pop()) {
    waiting.delete(key);
    for (const other of dependencies.get(key) ?? []) {
      const count = (waiting.get(other) ?? 0) - 1;
      waiting.set(other, count);
      if (count === 0) unneeded.push(other);
    }
  }
  return [...waiting.keys()];
}
