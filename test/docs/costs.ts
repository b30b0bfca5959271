import { cloudKinds } from '../../src/source/cloud/kinds/index.js';
import { serverKinds } from '../../src/source/server/kinds/index.js';
import type { KindDescription } from '../../src/source/source.js';
import { code, table } from './markdown.js';

function costs(kinds: readonly KindDescription[]): string {
  return table(
    ['kind', 'requests'],
    kinds.map(({ name, cost }) => [code(name), cost]),
  );
}

/** What each kind of Bitbucket Cloud takes. */
export function cloudCosts(): string {
  return costs(cloudKinds);
}

/** What each kind of Data Center takes. */
export function serverCosts(): string {
  return costs(serverKinds);
}
