import { stringify } from 'yaml';
import { z } from 'zod';
import type { Excerpt } from '../problems/problem.js';
import {
  type DuplicateKey,
  duplicateKeys,
  findOffset,
  type DocumentPath,
} from '../yaml/find-offset.js';
import { excerptAt, lineAt } from '../yaml/excerpt.js';
import { openYaml, type YamlText } from '../yaml/yaml-text.js';
import type { Finding } from './schema-issues.js';

/** The text in which a user wrote a mapping. */
export interface WrittenText {
  readonly text: string;
  /** The key below which the mapping stands; null where it is the whole text. */
  readonly below: string | null;
  /** The file, as the user named it; absent where it is in none. */
  readonly file?: string;
}

/** Where something stands. */
export interface Location {
  /** Orders the places of one text. */
  readonly offset: number;
  readonly excerpt?: Excerpt;
}

/** The text of a mapping, for showing places of its value. */
export interface MappingText {
  /** Null where a place is everywhere, or there is nothing to show. */
  locate(place: DocumentPath): Location | null;
  /** Keys that stand twice, the first with its line. */
  duplicates(): readonly { readonly reason: string; readonly location: Location }[];
}

/**
 * The text that a mapping was written in; where nobody wrote one, as in Port, the mapping as YAML,
 * whose lines have no numbers.
 */
export function textOf(value: unknown, written: WrittenText | null): MappingText {
  const opened = openYaml(written?.text ?? stringify(value ?? null, { lineWidth: 0 }));
  return 'faults' in opened ? NO_TEXT : new OpenedText(opened, written);
}

const NO_TEXT: MappingText = { locate: () => null, duplicates: () => [] };

class OpenedText implements MappingText {
  readonly #above: readonly string[];

  constructor(
    private readonly opened: YamlText,
    private readonly written: WrittenText | null,
  ) {
    const below = written?.below ?? null;
    this.#above = below === null ? [] : [below];
  }

  locate(place: DocumentPath): Location | null {
    const offset = findOffset(this.opened, { ...place, path: [...this.#above, ...place.path] });
    return offset === null ? null : this.#at(offset);
  }

  duplicates(): ReturnType<MappingText['duplicates']> {
    return duplicateKeys(this.opened, this.#above).map((duplicate) => ({
      reason: this.#reasonOf(duplicate),
      location: this.#at(duplicate.offset),
    }));
  }

  #reasonOf({ key, first, offset }: DuplicateKey): string {
    const lines = [first, offset].map((at) => lineAt(this.opened.text, at));
    return lines[0] === lines[1]
      ? `the key ${key} stands twice in one line`
      : `the key ${key} stands twice, in lines ${lines.join(' and ')}`;
  }

  #at(offset: number): Location {
    const excerpt = excerptAt(this.opened.text, offset);
    if (excerpt === null) return { offset };
    const isOurs = this.written === null;
    return { offset, excerpt: isOurs ? { ...excerpt, line: null, column: null } : excerpt };
  }
}

const object = z.record(z.string(), z.unknown());

/** A line that begins a mapping, in a text. */
const BEGINS_MAPPING = /^\s*["']?resources["']?\s*:/mu;

/**
 * What is wrong with a value that is no mapping at all, said so that a person sees how to make one of
 * it; null where the value has `resources`, or nothing better can be said than what the schema says.
 */
export function mistakenForMapping(value: unknown): Finding | null {
  if (value === null || value === undefined) {
    return { path: [], reason: 'is empty: a mapping holds a list of resources' };
  }
  if (Array.isArray(value)) {
    return { path: [], reason: 'is a list: write resources: above it, and indent it below' };
  }
  const { data } = object.safeParse(value);
  if (data === undefined || 'resources' in data) return null;
  return wrapperIn(data, []);
}

/** How a mapping stands below a key: as in the answer of an API, a settings file, a page of docs. */
function wrapperIn(
  holder: Readonly<Record<string, unknown>>,
  above: readonly string[],
): Finding | null {
  for (const [key, member] of Object.entries(holder)) {
    const path = [...above, key];
    if (typeof member === 'string' && BEGINS_MAPPING.test(member)) {
      return { path, reason: 'is a text: leave this line out, and begin with what is below it' };
    }
    const { data } = object.safeParse(member);
    if (data === undefined) continue;
    if ('resources' in data) {
      return { path, reason: 'is no part of a mapping: begin with what is below it' };
    }
    const inner = wrapperIn(data, path);
    if (inner !== null) return inner;
  }
  return null;
}
