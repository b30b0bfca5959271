/** The text, of at most so many characters: a longer one ends with `…`, and never in half a character. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, Math.max(0, most - 1)).replace(/[\ud800-\udbff]$/u, '')}…`;
}

/** `12,345`. By hand, as `toLocaleString` takes 20 ms to load what it knows of all languages. */
export function grouped(count: number): string {
  return String(count).replace(/\d(?=(?:\d{3})+$)/gu, '$&,');
}
