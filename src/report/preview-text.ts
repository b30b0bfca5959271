import type { ChalkInstance } from 'chalk';
import type { Entity } from '../model/entity.js';
import type { JsonObject } from '../model/json.js';
import type {
  FieldNote,
  PreviewedFeed,
  PreviewedField,
  PreviewedItem,
  PreviewedPart,
  PreviewedResource,
} from '../model/preview.js';
import { resourceName } from '../model/resource.js';
import type { Problem } from '../problems/problem.js';
import { wordsOf } from '../problems/words.js';
import { valueLine, valueLines } from './preview-values.js';
import { type Column, counted, cutColumns, printable, textTable, wrapped } from './text.js';

/** How a preview is laid out. */
export interface PreviewStyle {
  /** In columns. */
  readonly width: number;
  readonly colors: ChalkInstance;
  /** Masks secrets. */
  readonly redact: (text: string) => string;
}

/** From this width on, raw item and entity stand side by side. */
const WIDE = 120;

/** What the mapping makes of each item, for a person. */
export function previewText(
  resources: readonly PreviewedResource[],
  style: PreviewStyle,
): readonly string[] {
  const references = resources.map(({ resource }) => resource);
  return resources.flatMap(({ resource, items }) => {
    const name = resourceName(resource, references);
    if (items.length === 0) return [style.colors.bold(`${name}: there are no items`), ''];
    return items.flatMap((item, index) => [
      ...wrapped(
        clean(`${name}, ${index + 1} of ${items.length}: ${linkOf(item)}`, style),
        style.width,
        '',
      ).map((line) => style.colors.bold(line)),
      ...itemLines(item, style),
      '',
    ]);
  });
}

function linkOf({ item }: PreviewedItem): string {
  return item.link ?? item.key;
}

function itemLines(item: PreviewedItem, style: PreviewStyle): readonly string[] {
  const { parts } = item;
  // One item with one entity is the rule: its entity stands beside it.
  const [only, another] = parts;
  const isSingle = only !== undefined && another === undefined && item.list === null;
  const [feed, secondFeed] = isSingle ? only.feeds : [];
  const beside = secondFeed === undefined ? feed : undefined;
  const failures = parts.length === 0 ? item.problems : [];
  return [
    ...failures.flatMap((problem) => problemLines(problem, style)),
    ...listLines(item, style),
    ...(isSingle ? selectorLines(only, item, style) : []),
    ...rawAndEntity(item, beside, style),
    ...(beside === undefined ? [] : ['', ...fieldLines(beside, style)]),
    ...(beside === undefined
      ? parts.flatMap((part, index) =>
          partLines(part, item, isSingle ? null : `${index + 1} of ${parts.length}`, style),
        )
      : []),
  ];
}

function listLines({ list }: PreviewedItem, style: PreviewStyle): readonly string[] {
  if (list === null) return [];
  if ('message' in list) return told(`itemsToParse failed: ${list.message}`, style);
  const { value } = list;
  if (!Array.isArray(value)) return [`itemsToParse gave ${valueLine(value, style)}`];
  const count = counted(value.length, 'item', 'items');
  return [
    `itemsToParse gave ${count}${value.length === 0 ? '' : ':'}`,
    ...valueLines(value, narrower(style)).map((line) => `  ${line}`),
  ];
}

function selectorLines(
  { selector }: PreviewedPart,
  { problems }: PreviewedItem,
  style: PreviewStyle,
): readonly string[] {
  if (selector === true) return ['selector: true'];
  if (selector === false) return [style.colors.yellow('selector: false, not for the catalog')];
  const problem = problems.find(({ code }) => code === 'selector-failed');
  return problem === undefined ? [] : problemLines(problem, style);
}

function rawAndEntity(
  { item }: PreviewedItem,
  feed: PreviewedFeed | undefined,
  style: PreviewStyle,
): readonly string[] {
  if (feed === undefined || style.width < WIDE) {
    return [
      '',
      'Raw item',
      ...valueLines(item.value, narrower(style)).map((line) => `  ${line}`),
      ...(feed === undefined ? [] : ['', ...entityLines(feed, style)]),
    ];
  }
  const half = { ...style, width: Math.floor((style.width - 1) / 2) };
  const raw = valueLines(item.value, half);
  const entity = feed.entity === null ? [] : valueLines(shownEntity(feed.entity), half);
  const columns: readonly Column[] = [
    { title: 'Raw item'.padEnd(half.width), align: 'left' },
    { title: feed.entity === null ? 'No entity' : 'Entity', align: 'left' },
  ];
  const rows = Array.from({ length: Math.max(raw.length, entity.length) }, (_, index) => [
    (raw[index] ?? '').padEnd(half.width),
    entity[index] ?? '',
  ]);
  return ['', ...textTable(columns, rows)];
}

function partLines(
  part: PreviewedPart,
  item: PreviewedItem,
  position: string | null,
  style: PreviewStyle,
): readonly string[] {
  return [
    ...(position === null ? [] : ['', `Item ${position}`, ...selectorLines(part, item, style)]),
    ...part.feeds.flatMap((feed) => [
      '',
      ...(part.feeds.length > 1 ? [`mappings[${feed.index}]`] : []),
      ...entityLines(feed, style),
      '',
      ...fieldLines(feed, style),
    ]),
  ];
}

function entityLines({ entity }: PreviewedFeed, style: PreviewStyle): readonly string[] {
  if (entity === null) return ['No entity'];
  return ['Entity', ...valueLines(shownEntity(entity), narrower(style)).map((line) => `  ${line}`)];
}

/** As Port takes it: by its search query, where it has one. */
export function shownEntity({ search, identifier, ...entity }: Entity): JsonObject {
  return { identifier: search ?? identifier, ...entity };
}

const FIELD_COLUMNS: readonly Column[] = ['Field', 'Expression', 'Value'].map((title) => ({
  title,
  align: 'left',
}));

/** Shares of the width: names are short, expressions are long. */
const FIELD_SHARES = { name: 0.2, expression: 0.42 };

/** A line for each expression, its notes below it. */
function fieldLines({ fields }: PreviewedFeed, style: PreviewStyle): readonly string[] {
  if (style.width < WIDE) return ['Fields', ...fields.flatMap((field) => stacked(field, style))];
  const nameWidth = Math.min(
    Math.floor(style.width * FIELD_SHARES.name),
    Math.max(...fields.map(({ field }) => field.length)),
  );
  const expressionWidth = Math.floor(style.width * FIELD_SHARES.expression);
  const valueWidth = style.width - nameWidth - expressionWidth - FIELD_COLUMNS.length + 1;
  const rows = fields.map(({ field, expression, value }) => [
    cutColumns(clean(field, style), nameWidth),
    cutColumns(clean(oneLine(expression), style), expressionWidth),
    valueLine(value, { ...style, width: valueWidth }),
  ]);
  const [heading = '', ...lines] = textTable(FIELD_COLUMNS, rows);
  const indent = ' '.repeat(nameWidth + 1);
  return [
    heading,
    ...fields.flatMap((field, index) => [lines[index] ?? '', ...noteLines(field, indent, style)]),
  ];
}

function stacked(field: PreviewedField, style: PreviewStyle): readonly string[] {
  const name = `  ${clean(field.field, style)}  `;
  const expression = clean(oneLine(field.expression), style);
  const value = valueLine(field.value, { ...style, width: style.width - 7 });
  const together = `${name}${expression} -> ${value}`;
  const lines =
    together.length <= style.width
      ? [together]
      : [cutColumns(`${name}${expression}`, style.width), `    -> ${value}`];
  return [...lines, ...noteLines(field, '    ', style)];
}

function noteLines(
  { notes }: PreviewedField,
  indent: string,
  { colors, ...style }: PreviewStyle,
): readonly string[] {
  return notes.flatMap((note) =>
    // That a value is null is seen; why is another matter.
    note.type === 'null' && note.missing === undefined
      ? []
      : wrapped(clean(noteWords(note), style), style.width, `${indent}! `).map((line) =>
          note.type === 'made-text' ? colors.dim(line) : colors.yellow(line),
        ),
  );
}

function problemLines(problem: Problem, style: PreviewStyle): readonly string[] {
  const { message, hint } = wordsOf(problem);
  return [
    ...told(message, style),
    ...(hint === null ? [] : wrapped(clean(hint, style), style.width, '  > ')),
  ];
}

function told(message: string, style: PreviewStyle): readonly string[] {
  return wrapped(clean(message, style), style.width, '! ').map((line) => style.colors.red(line));
}

function oneLine(expression: string): string {
  return expression.replace(/\s+/gu, ' ').trim();
}

function narrower<Style extends { readonly width: number }>(style: Style): Style {
  return { ...style, width: style.width - 2 };
}

function clean(text: string, { redact }: Pick<PreviewStyle, 'redact'>): string {
  return printable(redact(text));
}

/** A note in words. */
export function noteWords(note: FieldNote): string {
  switch (note.type) {
    case 'null':
      return nullWords(note);
    case 'failed':
      return `null, jq failed: ${note.message}`;
    case 'unread':
      return `left out: ${note.source} could not be read`;
    case 'made-text':
      return `${note.from === 'object' ? 'an' : 'a'} ${note.from}, written as text`;
    case 'nulls-dropped':
      return `${counted(note.count, 'null', 'nulls')} left out of the list`;
    case 'target-refused':
      return `left out ${JSON.stringify(note.target)}, which cannot be an identifier in Port`;
    case 'identifier-refused':
      return `no entity: Port refuses ${note.character} in it`;
    case 'identifier-empty':
      return 'no entity: it is null or empty';
  }
}

function nullWords({ missing, nearest }: Extract<FieldNote, { type: 'null' }>): string {
  if (missing === undefined) return 'null';
  const meant = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  return `null, as there is no key ${missing}${meant}`;
}
