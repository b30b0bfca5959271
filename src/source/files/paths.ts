/**
 * A path from the root of a repository without empty and `.` segments; `..` goes up one folder.
 * Null when that leads out of the repository.
 */
export function cleanPath(path: string): string | null {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return null;
  }
  return segments.join('/');
}

/** Whether a path stays in its repository: what a selector is checked with. */
export function staysInside(path: string): boolean {
  return cleanPath(path) !== null;
}

/** What a selector is told that does not. */
export const leadsOut = 'must not lead out of the repository';

/** The folder that a path is in; empty for one in the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The path of something in a folder. */
export function within(folder: string, path: string): string {
  return folder === '' ? path : `${folder}/${path}`;
}
