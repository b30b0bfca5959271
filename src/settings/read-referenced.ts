import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isMap, isNode, isScalar } from 'yaml';
import { z } from 'zod';
import type { Problem } from '../problems/problem.js';
import { columnAt, excerptAt, lineAt } from '../yaml/excerpt.js';
import { openYaml } from '../yaml/yaml-text.js';
import type { FileReference, MappingDocument, MappingReference, Settings } from './settings.js';
import { MAPPING_KEY } from './yaml-tree.js';

/** What came out of reading something, and what went wrong. */
export interface Loaded<Value> {
  readonly value: Value;
  readonly problems: readonly Problem[];
}

/**
 * Reads the mapping that the settings name. Its shape is not checked here.
 * @param settingsText of the settings file, which a mapping may stand in
 */
export async function readMapping(
  mapping: MappingReference | null,
  settingsText: string | undefined,
  cwd: string,
): Promise<Loaded<MappingDocument | null>> {
  if (mapping === null) return { value: null, problems: [] };
  if (mapping.type === 'inline')
    return { value: inlineMapping(mapping, settingsText), problems: [] };
  const file = nameOf(mapping.reference);
  const reading = await readTextFile(path.resolve(cwd, file));
  if ('failure' in reading) return unreadable(mapping.reference, reading.failure);
  return readMappingText(reading.text, file);
}

/** With its part of the settings file: the value alone no longer tells its lines. */
function inlineMapping(
  { document, file }: Extract<MappingReference, { readonly type: 'inline' }>,
  settingsText: string | undefined,
): MappingDocument {
  const text = settingsText === undefined ? null : onlyMember(settingsText, MAPPING_KEY);
  return text === null
    ? document
    : { ...document, written: { text, below: MAPPING_KEY, ...(file === null ? {} : { file }) } };
}

function readMappingText(text: string, origin: string): Loaded<MappingDocument | null> {
  const opened = openYaml(text);
  if ('faults' in opened) {
    const problems = opened.faults.map(({ offset, reason }): Problem => {
      const excerpt = offset === null ? null : excerptAt(text, offset);
      const problem = { code: 'mapping-invalid', origin, path: '', reason } as const;
      if (excerpt === null || offset === null) return problem;
      const at = { file: origin, line: lineAt(text, offset), column: columnAt(text, offset) };
      return { ...problem, excerpt, at };
    });
    return { value: null, problems };
  }
  const value = z.json().parse(opened.value);
  return { value: { origin, value, written: { text, below: null, file: origin } }, problems: [] };
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
        : {
            value: { spelling: reference.spelling, file: reference.file, pem: reading.text },
            problems: [],
          };
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

/**
 * The text with nothing left but one member of its root, in the place where it stood: what is around
 * it may hold secrets.
 * @returns null where the text is no YAML, or its root no object written key by key in lines
 */
export function onlyMember(text: string, name: string): string | null {
  const opened = openYaml(text);
  if ('faults' in opened) return null;
  const root = opened.document.contents;
  if (!isMap(root) || root.flow === true) return null;
  const pair = root.items.find(({ key }) => isScalar(key) && key.value === name);
  if (!isScalar(pair?.key) || !isNode(pair.value)) return null;
  const [start] = pair.key.range;
  const [, , end] = pair.value.range;
  const above = '\n'.repeat(lineAt(text, start) - 1);
  return above + ' '.repeat(columnAt(text, start) - 1) + text.slice(start, end);
}

/** A file's text, or why there is none. `isAbsent`: there is no file of this name. */
type FileReading =
  { readonly text: string } | { readonly failure: string; readonly isAbsent: boolean };

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'reading it is not permitted',
  EPERM: 'reading it is not permitted',
};

/** A directory counts as absent: `.env` is also what Python projects call theirs. */
const ABSENT: readonly string[] = ['ENOENT', 'ENOTDIR', 'EISDIR'];

const systemError = z.object({ code: z.string() });

/** Reads a text file, without its byte order mark. Never throws. */
export async function readTextFile(path: string): Promise<FileReading> {
  try {
    return { text: decoded(await readFile(path)) };
  } catch (error) {
    const code = systemError.safeParse(error).data?.code ?? 'unknown';
    return {
      failure: WORDS[code] ?? `reading it failed (${code})`,
      isAbsent: ABSENT.includes(code),
    };
  }
}

/** As UTF-8, or as UTF-16 where a mark says so: that is what PowerShell writes. */
function decoded(bytes: Buffer): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder().decode(bytes);
}
