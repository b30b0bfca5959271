import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { JsonValue } from '../../../model/json.js';
import { jsonTags } from './yaml-tags.js';

/** A file's content as data, or why there is none. */
export type ParsedFile =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly reason: string };

/** How much of a parser's message is told, in characters. It may quote the file. */
const messageCharacters = 120;

const jsonValue = z.custom<JsonValue>((value) => value !== undefined);

/**
 * Reads JSON and YAML, by the file's name. Several YAML documents are a list; an empty YAML file is null.
 */
export function parseFile(path: string, text: string): ParsedFile {
  if (/\.json$/i.test(path)) return parseJson(text);
  if (/\.ya?ml$/i.test(path)) return parseYaml(text);
  return {
    ok: false,
    reason: 'neither JSON nor YAML by its name; set files.skipParsing to true to map its text',
  };
}

function parseJson(text: string): ParsedFile {
  if (text.trim() === '') return { ok: false, reason: 'an empty file, which is not JSON' };
  try {
    return { ok: true, value: jsonValue.parse(JSON.parse(text)) };
  } catch (error) {
    return { ok: false, reason: `not valid JSON: ${messageOf(error)}` };
  }
}

function parseYaml(text: string): ParsedFile {
  try {
    const parsed = parseAllDocuments(text, {
      version: '1.1',
      customTags: jsonTags,
      uniqueKeys: false,
      logLevel: 'silent',
    });
    const documents = 'empty' in parsed ? [] : parsed;
    const [fault] = documents.flatMap(({ errors }) => errors);
    if (fault !== undefined) return { ok: false, reason: `not valid YAML: ${messageOf(fault)}` };
    // Through JSON: a text for every key, and no value that JSON does not have.
    const values = documents
      .map((document) => jsonValue.parse(JSON.parse(JSON.stringify(document.toJS() ?? null))))
      // A separator at the end begins a document that holds nothing.
      .filter((value) => value !== null);
    const [first = null, ...others] = values;
    return { ok: true, value: others.length === 0 ? first : values };
  } catch (error) {
    // Aliases that would blow up into more than memory holds are refused here.
    return { ok: false, reason: `not usable YAML: ${messageOf(error)}` };
  }
}

function messageOf(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : '').split('\n');
  return line.replace(/\p{Cc}+/gu, ' ').slice(0, messageCharacters);
}
