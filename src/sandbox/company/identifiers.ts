import { createHash } from 'node:crypto';

/** A commit id made of a text: 40 hexadecimal digits, the same for the same text. */
export function commitId(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

/**
 * The slug that Data Center gives a repository of this name: lower case, accents gone, everything
 * but letters, digits, dots, dashes and underscores a dash.
 */
export function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^-+|-+$/g, '');
}
