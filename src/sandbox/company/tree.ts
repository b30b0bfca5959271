import type { Repository, SpecialFile } from './company.js';

/** What stands at a path: plain text, or something that git treats differently. */
export type Content = { readonly type: 'text'; readonly text: string } | SpecialFile;

/** The files of a revision by path, and what is not plain text among them. */
export type Tree = ReadonlyMap<string, Content>;

/** A file or directory below another directory. */
export type TreeEntry =
  | { readonly type: 'commit_directory'; readonly path: string; readonly depth: number }
  | {
      readonly type: 'commit_file';
      readonly path: string;
      readonly depth: number;
      readonly content: Content;
    };

export function treeOf(
  files: Readonly<Record<string, string>>,
  specialFiles: Readonly<Record<string, SpecialFile>> = {},
): Tree {
  const plain = Object.entries(files).map(([path, text]): [string, Content] => [
    path,
    { type: 'text', text },
  ]);
  return new Map<string, Content>([...plain, ...Object.entries(specialFiles)]);
}

/** Whether there is anything below this path; the root is always there. */
export function isDirectory(tree: Tree, path: string): boolean {
  return path === '' || [...tree.keys()].some((each) => each.startsWith(`${path}/`));
}

/**
 * What is below a directory, `depth` levels deep: level by level, in a level by path. The paths
 * count from the repository's root.
 */
export function entriesBelow(tree: Tree, directory: string, depth: number): readonly TreeEntry[] {
  const base = directory === '' ? 0 : directory.split('/').length;
  const found = new Map<string, TreeEntry>();
  for (const [path, content] of tree) {
    if (directory !== '' && !path.startsWith(`${directory}/`)) continue;
    const segments = path.split('/');
    for (let level = 1; level <= Math.min(depth, segments.length - base - 1); level += 1) {
      const parent = segments.slice(0, base + level).join('/');
      found.set(parent, { type: 'commit_directory', path: parent, depth: level });
    }
    const own = segments.length - base;
    if (own <= depth) found.set(path, { type: 'commit_file', path, depth: own, content });
  }
  return [...found.values()].sort(
    (one, other) => one.depth - other.depth || (one.path < other.path ? -1 : 1),
  );
}

/** Bytes of what is served; for a file that LFS holds, those of the file itself. */
export function byteLength(content: Content): number {
  return content.type === 'lfs' ? content.size : Buffer.byteLength(bytesOf(content));
}

/** What git holds: of a link its target, of a submodule its commit, of an LFS file the pointer. */
export function bytesOf(content: Content): string | Uint8Array {
  switch (content.type) {
    case 'text':
    case 'executable':
      return content.text;
    case 'binary':
      return content.bytes;
    case 'symlink':
      return content.target;
    case 'submodule':
      return content.commit;
    case 'lfs':
      return `version https://git-lfs.github.com/spec/v1\noid sha256:${content.oid}\nsize ${content.size}\n`;
  }
}

/** What Bitbucket Cloud notes about a file that is not plain text. */
export function attributesOf({ type }: Content): readonly string[] {
  return attributes[type];
}

const attributes = {
  text: [],
  binary: ['binary'],
  executable: ['executable'],
  symlink: ['link'],
  submodule: ['subrepository'],
  lfs: ['lfs'],
} as const satisfies Record<Content['type'], readonly string[]>;

/** Bytes of all files on the default branch. */
export function sizeOf({ files, specialFiles }: Repository): number {
  const sizes = [...treeOf(files, specialFiles).values()].map(byteLength);
  return sizes.reduce((sum, size) => sum + size, 0);
}

const languages: Readonly<Record<string, string>> = {
  ts: 'typescript',
  js: 'javascript',
  py: 'python',
  go: 'go',
  java: 'java',
  pl: 'perl',
  sh: 'shell',
  tf: 'hcl',
};

/** What the first file with a known ending is written in; empty without one, as in the product. */
export function languageOf({ files }: Repository): string {
  const endings = Object.keys(files).map((path) => path.split('.').at(-1) ?? '');
  return endings.map((ending) => languages[ending]).find((each) => each !== undefined) ?? '';
}
