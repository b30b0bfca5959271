/** What one repository takes at least. */
export interface Need {
  /** Requests other than reads of files. */
  readonly api: number;
  /** Files that are read, by their paths from the repository's root, on its main branch. */
  readonly files: readonly string[];
}

export const noNeed: Need = { api: 0, files: [] };
