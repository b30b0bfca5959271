import type { ListedRepository } from './items.js';

/**
 * Whether a mapping means the repository: by its slug, its name, or its name with hyphens for spaces,
 * whatever the case, as in today's integration.
 */
export function isCalled({ slug, displayName }: ListedRepository, name: string): boolean {
  const wanted = name.toLowerCase();
  const called = displayName.toLowerCase();
  return [slug.toLowerCase(), called, called.replaceAll(' ', '-')].includes(wanted);
}
