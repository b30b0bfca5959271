import { z } from 'zod';
import { type FileRepository, isCalled, type PathHints, type TreeQuestion } from './file-source.js';
import { globMatcher, isGlob, pathPattern } from './globs.js';
import { cleanPath, within } from './paths.js';
import { filesKey } from './selector-keys.js';

const filesSelector = z.object(filesKey);

/** Which files a resource is about. */
export interface FileSelection {
  readonly skipParsing: boolean;
  readonly matches: (path: string) => boolean;
  readonly isAbout: (repository: FileRepository) => boolean;
  /** Repositories that are named, one by one. */
  readonly named: readonly string[];
  /** The one file that it can be: no listing is needed to find it. */
  readonly onlyPath: string | null;
  /** What a listing has to show. */
  readonly where: Pick<TreeQuestion<FileRepository>, 'directory' | 'depth' | 'type' | 'paths'>;
}

/** The files of a valid selector. */
export function fileSelection(selector: unknown): FileSelection {
  const { path, filenames, repos, skipParsing } = filesSelector.parse(selector).files;
  const wanted = repos ?? [];
  const folders = pathPattern(path ?? '');
  const names = filenames.map(nameMatcher);
  const deepest = Math.max(...filenames.map((name) => name.split('/').length));
  const [first] = filenames;
  const isOne =
    folders.isLiteral && first !== undefined && filenames.length === 1 && !isGlob(first);
  return {
    skipParsing: skipParsing ?? false,
    matches: (file) =>
      names.some((name) => {
        const folder = name(file);
        return folder !== null && folders.matches(folder);
      }),
    isAbout: (repository) =>
      filenames.length > 0 &&
      (wanted.length === 0 || wanted.some((name) => isCalled(repository, name))),
    named: filenames.length > 0 ? wanted : [],
    onlyPath: isOne ? cleanPath(within(folders.directory, first)) : null,
    where: {
      directory: folders.directory,
      depth: folders.isLiteral ? deepest : 'all',
      type: 'commit_file',
      paths: pathHints(filenames),
    },
  };
}

/** Gives the folder of a file that has the name, which may itself hold folders; else null. */
function nameMatcher(name: string): (path: string) => string | null {
  const clean = name.replace(/^\/+/, '');
  const length = clean.split('/').length;
  const matches = globMatcher(clean);
  return (path) => {
    const segments = path.split('/');
    if (segments.length < length) return null;
    const own = segments.slice(-length).join('/');
    return matches(own) ? segments.slice(0, -length).join('/') : null;
  };
}

/** What every path that can have one of the names holds. Null when it would not help. */
function pathHints(filenames: readonly string[]): PathHints | null {
  const texts = [...new Set(filenames.map(certainPart))];
  return texts.includes('') ? null : { type: 'holds', texts };
}

/** The longest run of plain characters that every path with the name holds. */
function certainPart(name: string): string {
  const plain = name.replace(/\[[^\]]*\]?|\{.*\}|\(.*\)|\\./g, '*');
  const runs = plain.match(/[\p{L}\p{N}._-]+/gu) ?? [];
  return runs.reduce((longest, run) => (run.length > longest.length ? run : longest), '');
}
