import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../../model/json.js';
import { cleanPath, folderOf, within } from './file-path.js';
import type { FileOutcome } from './file-outcome.js';
import { parseFile, type ParsedFile } from './parse-file.js';

const prefix = 'file://';

/**
 * Content whose values of the form `file://PATH` are replaced by the files that they name: counted from
 * the file's own folder, parsed when they are JSON, null when they do not exist. Looks, as today's
 * integration does, at the members of an object, or of each object of a list.
 */
export async function withReferences(
  path: string,
  content: JsonValue,
  read: (path: string) => Promise<FileOutcome>,
): Promise<ParsedFile> {
  const faults: string[] = [];
  const replace = async (value: JsonValue): Promise<JsonValue> => {
    if (typeof value !== 'string' || !value.startsWith(prefix)) return value;
    const file = await referenced(folderOf(path), value.slice(prefix.length), read);
    if (file.ok) return file.value;
    faults.push(`${value}: ${file.reason}`);
    return null;
  };
  const members = async (object: JsonObject): Promise<JsonObject> =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(object).map(async ([key, value]) => [key, await replace(value)] as const),
      ),
    );
  let value = content;
  if (isJsonObject(content)) value = await members(content);
  else if (isJsonArray(content)) {
    value = await Promise.all(
      content.map(async (entry) => (isJsonObject(entry) ? await members(entry) : entry)),
    );
  }
  const [fault] = [...faults].sort();
  return fault === undefined ? { ok: true, value } : { ok: false, reason: fault };
}

async function referenced(
  folder: string,
  reference: string,
  read: (path: string) => Promise<FileOutcome>,
): Promise<ParsedFile> {
  const path = cleanPath(within(folder, reference));
  if (path === null) return { ok: false, reason: 'leads out of the repository' };
  const outcome = await read(path);
  if (outcome.type === 'unread') return { ok: false, reason: outcome.reason };
  if (outcome.type === 'none') return { ok: true, value: null };
  return /\.json$/i.test(path) ? parseFile(path, outcome.text) : { ok: true, value: outcome.text };
}
