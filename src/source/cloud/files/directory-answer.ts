import { z } from 'zod';

const listing = z.object({
  pagelen: z.number(),
  values: z.array(z.object({ type: z.string().startsWith('commit_'), path: z.string() })).min(1),
});

/**
 * Whether the answer to a question for a file is the listing of a directory of that path, which
 * Bitbucket gives without being asked for one. Git knows no empty directories.
 */
export function isDirectory(path: string, text: string): boolean {
  if (!/^\s*\{/.test(text) || !text.includes('"commit_')) return false;
  try {
    const { data } = listing.safeParse(JSON.parse(text));
    return (
      data?.values.every((entry) => entry.path.startsWith(path === '' ? '' : `${path}/`)) ?? false
    );
  } catch {
    return false;
  }
}
