import { cutBelow, deepestJson } from '../model/json-depth.js';
import type {
  FieldNote,
  PreviewedField,
  PreviewedItem,
  PreviewedPart,
  PreviewedResource,
} from '../model/preview.js';
import { wordsOf } from '../problems/words.js';
import { noteWords, shownEntity } from './preview-text.js';
import { jsonLine } from './text.js';
import { cutText } from '../model/text.js';

/** Characters of a text that are kept: enough for any field but the contents of a file. */
const LONGEST_TEXT = 500;

/**
 * A preview as a JSON array with a member for each item. Secrets are masked and long texts cut; a
 * text that was cut ends in `…`.
 */
export function previewJson(
  resources: readonly PreviewedResource[],
  redact: (text: string) => string,
): string {
  const lines = resources.flatMap(({ resource, items }) =>
    items.map((item) =>
      jsonLine({ resource, ...itemRecord(item) }, (text) => cutText(redact(text), LONGEST_TEXT)),
    ),
  );
  return lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n]`;
}

function itemRecord({ item, status, list, parts, problems }: PreviewedItem) {
  return {
    item: item.link ?? item.key,
    status,
    raw: cutBelow(deepestJson, item.value),
    itemsToParse: list,
    results: parts.map(partRecord),
    problems: problems.map((problem) => ({ code: problem.code, ...wordsOf(problem) })),
  };
}

function partRecord({ selector, feeds }: PreviewedPart) {
  return {
    selector,
    mappings: feeds.map(({ index, entity, fields }) => ({
      index,
      entity: entity === null ? null : shownEntity(entity),
      fields: fields.map(fieldRecord),
    })),
  };
}

function fieldRecord({ field, expression, value, notes }: PreviewedField) {
  return { field, expression, value, notes: notes.map(noteRecord) };
}

function noteRecord(note: FieldNote) {
  return { ...note, text: noteWords(note) };
}
