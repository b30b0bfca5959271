import { isAlias, parseAllDocuments, visit, type Document } from 'yaml';
import { z } from 'zod';
import type { JsonValue } from '../../../model/json.js';
import { deepestJson } from '../../../model/json-depth.js';
import { whereTooDeep } from '../../../yaml/nesting.js';
import { excessOf } from './content-size.js';
import { jsonTags } from './yaml-tags.js';

/** A file's content as data, or why there is none. */
export type ParsedFile =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly reason: string };

/** How much of a parser's message is told, in characters. It may quote the file. */
const messageCharacters = 120;

/**
 * Bounds what aliases cost: each may stand for nearly the whole file. Their number times the file's
 * length, in characters. 300 aliases in a file of 100 KB are fine.
 */
const aliasedCharacters = 32 * 1024 * 1024;

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
    return bounded('JSON', jsonValue.parse(JSON.parse(text)));
  } catch (error) {
    return { ok: false, reason: `not valid JSON: ${messageOf(error)}` };
  }
}

function parseYaml(text: string): ParsedFile {
  if (whereTooDeep(text) !== null) {
    return { ok: false, reason: `not usable YAML: nested more than ${deepestJson} levels deep` };
  }
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
    if (aliasesIn(documents) * text.length > aliasedCharacters) {
      return { ok: false, reason: 'not usable YAML: too many aliases for its length' };
    }
    const values = documents
      // How many aliases there are was checked; what they amount to is, before it is written out.
      .map((document) => jsonValue.parse(document.toJS({ maxAliasCount: -1 }) ?? null))
      // A separator at the end begins a document that holds nothing.
      .filter((value) => value !== null);
    const [first = null, ...others] = values;
    const content = bounded('YAML', others.length === 0 ? first : values);
    if (!content.ok) return content;
    // Through JSON: a text for every key, and no value that JSON does not have.
    return { ok: true, value: jsonValue.parse(JSON.parse(JSON.stringify(content.value))) };
  } catch (error) {
    return { ok: false, reason: `not usable YAML: ${messageOf(error)}` };
  }
}

/** Content that can be passed on, or why it cannot. */
function bounded(language: string, value: JsonValue): ParsedFile {
  const excess = excessOf(value);
  return excess === null
    ? { ok: true, value }
    : { ok: false, reason: `not usable ${language}: ${excess}` };
}

function aliasesIn(documents: readonly Document[]): number {
  let count = 0;
  for (const document of documents) {
    visit(document, (_, node) => {
      if (isAlias(node)) count += 1;
    });
  }
  return count;
}

function messageOf(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : '').split('\n');
  return line.replace(/\p{Cc}+/gu, ' ').slice(0, messageCharacters);
}
