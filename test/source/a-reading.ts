import type { RawItem, Scope } from '../../src/model/page.js';
import type { Problem } from '../../src/problems/problem.js';
import type { Reading, ScopeEnd } from '../../src/source/source.js';

/** All that came of a reading. */
export interface ReadResult {
  readonly items: readonly RawItem[];
  /** `repositories`, `PAY/api`: the scope of each page. */
  readonly scopes: readonly string[];
  /** `projects: complete (1)`, `PAY/api: listing-incomplete pull requests of PAY/api: …`. */
  readonly ends: readonly string[];
  readonly problems: readonly Problem[];
}

export async function drain(reading: Reading): Promise<ReadResult> {
  const items: RawItem[] = [];
  const scopes: string[] = [];
  for await (const page of reading.pages()) {
    items.push(...page.items);
    scopes.push(page.scope.name);
  }
  return { items, scopes, ends: reading.ends().map(told), problems: reading.takeProblems() };
}

/** An end in one line. */
export function told(end: ScopeEnd): string {
  if (end.status === 'complete') return `${end.scope.name}: complete (${end.pages})`;
  const { problem } = end;
  const why =
    problem.code === 'listing-incomplete' || problem.code === 'root-listing-incomplete'
      ? `${problem.code} ${problem.listing}: ${problem.reason}`
      : problem.code;
  return `${end.scope.name}: ${why}`;
}

/** Every scope of a reading, as somebody who wants to delete names them. */
export function scopesOf(reading: Reading): readonly Scope[] {
  return reading.ends().map(({ scope }) => scope);
}

/** Those whose listings took several pages, as rows may move between them. */
export function scopesOfSeveralPages(reading: Reading): readonly Scope[] {
  return reading.ends().flatMap((end) => {
    return end.status === 'complete' && end.pages > 1 ? [end.scope] : [];
  });
}

/** `42`, `7#1`. */
export function keysOf(items: readonly RawItem[]): readonly string[] {
  return items.map(({ key }) => key);
}

/** A field of each item that holds text. */
export function textsOf(items: readonly RawItem[], field: string): readonly string[] {
  return items.map(({ value }) => {
    const text = value[field];
    return typeof text === 'string' ? text : `no ${field}`;
  });
}

/** `api`, in the order of the items. */
export function slugsOf(items: readonly RawItem[]): readonly string[] {
  return textsOf(items, 'slug');
}
