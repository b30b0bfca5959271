/** `12,345`. By hand, as `toLocaleString` takes 20 ms to load what it knows of all languages. */
export function grouped(count: number): string {
  return String(count).replace(/\d(?=(?:\d{3})+$)/gu, '$&,');
}

/** `1 entity`, `2 entities`. */
export function counted(count: number, one: string, several: string): string {
  return `${grouped(count)} ${count === 1 ? one : several}`;
}

/** As a user writes a duration: `90s`, `25m`, `1h`. */
export function timeLimit(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

/** A share as `90 %`, to a tenth. */
export function percent(ratio: number): string {
  return `${Math.round(ratio * 1000) / 10} %`;
}

/** A size as `1 MiB`, to a tenth. */
export function mebibytes(bytes: number): string {
  return `${Math.round((bytes / (1024 * 1024)) * 10) / 10} MiB`;
}
