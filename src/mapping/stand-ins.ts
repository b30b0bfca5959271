import type { Expression } from './mapping.js';

/** A file that is attached to an item, as expressions name it. */
const FILE = String.raw`\.__includedFiles\["((?:[^"\\]|\\.)+)"\]`;

/** Files of which the first that is there counts; before them, nothing that would use the first. */
const CHAIN = new RegExp(String.raw`(?:^|[([,;]|//)\s*(${FILE}(?:\s*//\s*${FILE})+)`, 'gu');

/**
 * The included files that expressions use only where another one is not there, each with that other one:
 * of `.__includedFiles["A"] // .__includedFiles["B"]`, B with A. Such a file need not be read where the
 * other one is there.
 * @param expressions of a resource, all of them
 */
export function standIns(expressions: readonly Expression[]): ReadonlyMap<string, string> {
  const uses = new Map<string, number>();
  let named = 0;
  let mentioned = 0;
  const places = new Map<string, { readonly others: Set<string>; count: number }>();
  for (const expression of expressions) {
    mentioned += expression.split('__includedFiles').length - 1;
    for (const path of pathsIn(expression)) {
      named += 1;
      uses.set(path, (uses.get(path) ?? 0) + 1);
    }
    for (const [, chain = ''] of expression.matchAll(CHAIN)) {
      for (const [index, path] of pathsIn(chain).entries()) {
        const other = pathsIn(chain)[index - 1];
        if (other === undefined) continue;
        const place = places.get(path) ?? { others: new Set<string>(), count: 0 };
        place.others.add(other);
        place.count += 1;
        places.set(path, place);
      }
    }
  }
  // What looks at all files, or at one whose name it makes, may use any of them.
  if (named < mentioned) return new Map();
  return new Map(
    [...places].flatMap(([path, { others, count }]) => {
      const [other] = others;
      const isOnly = other !== undefined && others.size === 1 && count === uses.get(path);
      return isOnly && other !== path ? [[path, other] as const] : [];
    }),
  );
}

function pathsIn(text: string): readonly string[] {
  return [...text.matchAll(new RegExp(FILE, 'gu'))].map(([, path = '']) => path);
}
