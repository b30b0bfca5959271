import path from 'node:path';
import type { Problem } from '../problems/problem.js';
import { readTextFile } from './read-file.js';
import type { FileReference, MappingDocument, MappingReference, Settings } from './settings.js';
import { parseYaml } from './yaml-document.js';

/** What came out of reading something, and what went wrong. */
export interface Loaded<Value> {
  readonly value: Value;
  readonly problems: readonly Problem[];
}

/** Reads the mapping that the settings name. Its shape is not checked here. */
export async function readMapping(
  mapping: MappingReference | null,
  cwd: string,
): Promise<Loaded<MappingDocument | null>> {
  if (mapping === null) return { value: null, problems: [] };
  if (mapping.type === 'inline') return { value: mapping.document, problems: [] };
  const file = nameOf(mapping.reference);
  const reading = await readTextFile(path.resolve(cwd, file));
  if ('failure' in reading) return unreadable(mapping.reference, reading.failure);
  const parsed = parseYaml(reading.text);
  if ('failure' in parsed) {
    const problem: Problem = {
      code: 'mapping-invalid',
      origin: file,
      path: '',
      reason: parsed.failure,
    };
    return { value: null, problems: [problem] };
  }
  return { value: { origin: file, value: parsed.value }, problems: [] };
}

/** Reads the certificates that the settings name. What is in them is not checked here. */
export async function readAuthorities(
  references: readonly FileReference[],
  cwd: string,
): Promise<Loaded<Settings['authorities']>> {
  const loaded = await Promise.all(
    references.map(async (reference) => {
      const reading = await readTextFile(path.resolve(cwd, nameOf(reference)));
      return 'failure' in reading
        ? unreadable(reference, reading.failure)
        : { value: { spelling: reference.spelling, pem: reading.text }, problems: [] };
    }),
  );
  return {
    value: loaded.flatMap(({ value }) => (value === null ? [] : [value])),
    problems: loaded.flatMap(({ problems }) => problems),
  };
}

function nameOf({ file, relativeTo }: FileReference): string {
  if (relativeTo === null || path.isAbsolute(file)) return file;
  return path.join(path.dirname(relativeTo), file);
}

function unreadable(reference: FileReference, failure: string): Loaded<null> {
  const problem: Problem = {
    code: 'settings-file-unreadable',
    file: `${nameOf(reference)} (${reference.spelling})`,
    reason: failure,
  };
  return { value: null, problems: [problem] };
}
