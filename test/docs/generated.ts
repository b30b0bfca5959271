import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root, textOf } from './documents.js';
import { regions } from './regions.js';

const REGION = /^<!-- generated: ([\w-]+) -->\n.*?^<!-- \/generated -->$/gmsu;

/** Whether documents are to be written anew instead of compared: `UPDATE_README=1`. */
const isUpdating = process.env.UPDATE_README === '1';

/** Names of the parts of a document that are generated. */
export function regionsIn(document: string): readonly string[] {
  return [...textOf(document).matchAll(REGION)].map(([, name = '']) => name);
}

/**
 * The document as it should be, its generated parts made anew. With `UPDATE_README=1` it is written.
 * @throws Error for a part that nothing generates
 */
export async function regenerated(document: string): Promise<string> {
  const text = textOf(document).replace(REGION, (_, name: string) => {
    const generate = regions[name];
    if (generate === undefined) throw new Error(`${document}: nothing generates ${name}`);
    return `<!-- generated: ${name} -->\n\n${generate()}\n\n<!-- /generated -->`;
  });
  const file = path.join(root, document);
  const config = await resolveConfig(file);
  const pretty = await format(text, { ...config, filepath: file });
  if (isUpdating && pretty !== textOf(document)) writeFileSync(file, pretty);
  return pretty;
}
