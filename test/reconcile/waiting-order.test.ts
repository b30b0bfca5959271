import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { waitingOrder } from '../../src/reconcile/dependency-order.js';

type Graph = Readonly<Record<string, readonly string[]>>;

function orderOf(graph: Graph) {
  const nodes = new Map(Object.keys(graph).map((key) => [key, key]));
  return waitingOrder(nodes, (node) => graph[node] ?? []);
}

describe('waitingOrder', () => {
  it.each<[string, Graph, readonly string[], readonly string[]]>([
    ['nothing', {}, [], []],
    ['nodes without ties', { a: [], b: [] }, ['a', 'b'], []],
    ['a chain: its end', { a: ['b'], b: ['c'], c: [] }, ['c'], []],
    ['what waits for others than these', { a: ['gone'] }, ['a'], []],
    ['what waits for itself', { a: ['a'] }, ['a'], []],
    ['a circle', { a: ['b'], b: ['a'] }, [], ['a', 'b']],
    ['a circle, not what hangs on it', { a: ['b'], b: ['a'], c: ['a'], d: ['c'] }, [], ['a', 'b']],
    [
      'two circles and what stands between them',
      { a: ['b'], b: ['a', 'c'], c: ['d'], d: ['e'], e: ['d'] },
      [],
      ['a', 'b', 'c', 'd', 'e'],
    ],
    [
      'what is ready, while there is any, before a circle',
      { a: ['b'], b: ['a'], c: [] },
      ['c'],
      [],
    ],
  ])('gives of %s', (_, graph, ready, circular) => {
    expect(orderOf(graph)).toEqual({ ready, circular });
  });

  it('always gives something, and of a circle nothing that may wait', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const graphs = fc.dictionary(fc.constantFrom(...names), fc.subarray(names), { minKeys: 1 });
    fc.assert(
      fc.property(graphs, (graph) => {
        const { ready, circular } = orderOf(graph);
        expect(ready.length + circular.length).toBeGreaterThan(0);
        for (const node of ready) {
          expect((graph[node] ?? []).filter((key) => key !== node && key in graph)).toEqual([]);
        }
        const isWaitedFor = (node: string): boolean =>
          circular.some((other) => other !== node && graph[other]?.includes(node) === true);
        expect(circular.filter((node) => !isWaitedFor(node))).toEqual([]);
      }),
    );
  });
});
