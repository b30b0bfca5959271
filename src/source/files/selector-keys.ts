import { z } from 'zod';
import { leadsOut, staysInside } from './paths.js';

/** Where in the item of a repository its code owners stand; null: it has none. */
export const codeOwnersField = '__codeowners';

const place = z.union([
  z.string().min(1),
  z.strictObject({ name: z.string().min(1), branch: z.string().min(1).nullish() }),
]);

/** A repository that a pattern is about, and the branch; null: the main one. */
export type NamedRepository = z.output<typeof place>;

/** The selector key of folders: patterns, and the repositories and branches that each is about. */
export const foldersKey = {
  folders: z
    .array(
      z.strictObject({
        path: z.string().refine(staysInside, { error: leadsOut }),
        repos: z.array(place).nullish(),
      }),
    )
    .min(1),
};

/** The selector key of files. */
export const filesKey = {
  files: z.strictObject({
    /** Folders; every one unless said otherwise. */
    path: z.string().refine(staysInside, { error: leadsOut }).nullish(),
    /** Names, or patterns of names; none at all find nothing. */
    filenames: z.array(z.string().min(1)),
    /** Repositories by slug or name; all unless said otherwise. */
    repos: z.array(z.string().min(1)).nullish(),
    /** Whether content stays the text that it is. */
    skipParsing: z.boolean().nullish(),
  }),
};

/** The selector key of blueprints that items may name, where the mapping computes which it is. */
export const blueprintsKey = { blueprints: z.array(z.string().min(1)).min(1).nullish() };

/** The blueprints of a valid selector; null: it does not bound them. */
export function blueprintsOf(selector: unknown): readonly string[] | null {
  return z.object(blueprintsKey).parse(selector ?? {}).blueprints ?? null;
}

/** Whether a pattern names a folder; the root alone is none. */
export function namesFolder(path: string): boolean {
  return /[^/.]/.test(path);
}

/** Patterns of a valid selector that name no folder. */
export function idleFolders(selector: unknown): readonly (readonly PropertyKey[])[] {
  const { folders } = z.object(foldersKey).parse(selector);
  return folders.flatMap(({ path }, index) =>
    namesFolder(path) ? [] : [['folders', index, 'path']],
  );
}

/** The list of names of a valid selector, where it is empty. */
export function idleFiles(selector: unknown): readonly (readonly PropertyKey[])[] {
  const { files } = z.object(filesKey).parse(selector);
  return files.filenames.length === 0 ? [['files', 'filenames']] : [];
}

/** The selector key of files to attach, by their paths from the repository's root. */
export const includedFilesKey = { includedFiles: z.array(z.string().min(1)).nullish() };

/** The files that a valid selector includes, each once. A mapping may leave the selector out. */
export function includedFilesOf(selector: unknown): readonly string[] {
  return [...new Set(z.object(includedFilesKey).parse(selector ?? {}).includedFiles ?? [])];
}
