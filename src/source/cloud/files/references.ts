import { isJsonArray, isJsonObject, type JsonValue } from '../../../model/json.js';
import { excessOf } from './content-size.js';
import { cleanPath, folderOf, within } from './file-path.js';
import type { FileOutcome } from './file-outcome.js';
import { parseFile, type ParsedFile } from './parse-file.js';

const prefix = 'file://';

/** How many files one may refer to: each takes a request. */
const mostReferences = 200;

/** How much of a reference is told, in characters. It is content of a file. */
const toldCharacters = 120;

type Read = (path: string) => Promise<FileOutcome>;

/**
 * Content whose values of the form `file://PATH` are replaced by the files that they name: counted from
 * the file's own folder, parsed when they are JSON, null when they do not exist. Looks, as today's
 * integration does, at the members of an object, or of each object of a list.
 */
export async function withReferences(
  path: string,
  content: JsonValue,
  read: Read,
): Promise<ParsedFile> {
  const references = referencesIn(content);
  if (references.length === 0) return { ok: true, value: content };
  if (references.length > mostReferences) {
    return { ok: false, reason: `refers to more than ${mostReferences} other files` };
  }
  const reading = references.map(
    async (reference) => [reference, await referenced(path, reference, read)] as const,
  );
  const files = new Map(await Promise.all(reading));
  const faults = [...files].flatMap(([reference, file]) =>
    file.ok ? [] : [`${reference.slice(0, toldCharacters)}: ${file.reason}`],
  );
  const [fault] = faults.sort();
  if (fault !== undefined) return { ok: false, reason: fault };
  const value = replaced(content, files);
  const excess = excessOf(value);
  return excess === null ? { ok: true, value } : { ok: false, reason: excess };
}

/** Each once. */
function referencesIn(content: JsonValue): readonly string[] {
  const objects = isJsonArray(content) ? content : [content];
  const values = objects.flatMap((each) => (isJsonObject(each) ? Object.values(each) : []));
  return [...new Set(values.filter(isReference))];
}

function replaced(content: JsonValue, files: ReadonlyMap<string, ParsedFile>): JsonValue {
  if (isJsonArray(content)) {
    return content.map((entry) => (isJsonObject(entry) ? replaced(entry, files) : entry));
  }
  if (!isJsonObject(content)) return content;
  return Object.fromEntries(
    Object.entries(content).map(([name, value]) => {
      const file = isReference(value) ? files.get(value) : undefined;
      return [name, file?.ok === true ? file.value : value];
    }),
  );
}

function isReference(value: JsonValue): value is string {
  return typeof value === 'string' && value.startsWith(prefix);
}

async function referenced(from: string, reference: string, read: Read): Promise<ParsedFile> {
  const path = cleanPath(within(folderOf(from), reference.slice(prefix.length)));
  if (path === null) return { ok: false, reason: 'leads out of the repository' };
  const outcome = await read(path);
  if (outcome.type === 'unread') return { ok: false, reason: outcome.reason };
  if (outcome.type === 'none') return { ok: true, value: null };
  return /\.json$/i.test(path) ? parseFile(path, outcome.text) : { ok: true, value: outcome.text };
}
