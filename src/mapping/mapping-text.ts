import { stringify } from 'yaml';
import type { Excerpt } from '../problems/problem.js';
import { duplicateKeys, type DuplicateKey } from '../yaml/duplicate-keys.js';
import { excerptAt, lineAt } from '../yaml/excerpt.js';
import { findPlace, type Place } from '../yaml/find-place.js';
import { openYaml, type YamlText } from '../yaml/yaml-text.js';

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
  locate(place: Place): Location | null;
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

  locate(place: Place): Location | null {
    const offset = findPlace(this.opened, { ...place, path: [...this.#above, ...place.path] });
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
