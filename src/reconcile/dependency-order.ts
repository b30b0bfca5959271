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
