import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dependencyOrder } from '../../src/reconcile/dependency-order.js';

type Graph = Readonly<Record<string, readonly string[]>>;

function order(nodes: readonly string[], dependencies: Graph): readonly string[] {
  return dependencyOrder(nodes, (node) => dependencies[node] ?? []);
}

const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const node = fc.constantFrom(...names);
const nodes = fc.shuffledSubarray(names);
const graph = fc.dictionary(node, fc.array(node, { maxLength: 4 }), { noNullPrototype: true });
/** Every node depends on earlier names only. */
const acyclic = graph.map((edges) =>
  Object.fromEntries(
    Object.entries(edges).map(([name, targets]) => [name, targets.filter((one) => one < name)]),
  ),
);

describe('dependencyOrder', () => {
  it.each<[string, string, Graph, string]>([
    ['keeps the given order without ties', 'cab', {}, 'cab'],
    ['puts what is depended on first', 'abc', { a: ['c'] }, 'cab'],
    ['goes down a chain', 'abc', { a: ['b'], b: ['c'] }, 'cba'],
    ['lets the given order decide in a circle', 'abc', { a: ['b'], b: ['a'] }, 'bac'],
    ['bears a node that depends on itself', 'ab', { a: ['a'] }, 'ab'],
    ['ignores names that are not given', 'ab', { a: ['x'] }, 'ab'],
    ['shows a node once that is given twice', 'aba', {}, 'ab'],
    ['gives nothing for nothing', '', {}, ''],
  ])('%s', (_name, given, dependencies, expected) => {
    expect(order([...given.split('')], dependencies).join('')).toBe(expected);
  });

  it('shows each node once, circles or not', () => {
    fc.assert(
      fc.property(nodes, graph, (given, edges) => {
        expect([...order(given, edges)].sort()).toEqual([...given].sort());
      }),
    );
  });

  it('puts dependencies first where there is no circle', () => {
    fc.assert(
      fc.property(nodes, acyclic, (given, edges) => {
        const ordered = order(given, edges);
        for (const [name, targets] of Object.entries(edges)) {
          for (const target of targets) {
            if (!given.includes(name) || !given.includes(target)) continue;
            expect(ordered.indexOf(target)).toBeLessThan(ordered.indexOf(name));
          }
        }
      }),
    );
  });

  it('leaves an order alone that fits already', () => {
    fc.assert(
      fc.property(nodes, acyclic, (given, edges) => {
        const ordered = order(given, edges);
        expect(order(ordered, edges)).toEqual(ordered);
      }),
    );
  });
});
