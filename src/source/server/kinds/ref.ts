import { z } from 'zod';
import type { JsonObject } from '../../../model/json.js';
import type { RawItem } from '../../../model/page.js';
import { withRepository } from '../../kind.js';

/** Branches and tags come without a link of their own. */
export const refLink = {
  item: { __link: z.string().nullish() },
  link: {
    path: '.__link',
    of: ({ __link: href }: { readonly __link?: string | null | undefined }) => href ?? null,
  },
};

/** A branch or a tag, with its repository, and with the page where people see its files. */
export function withRepositoryAndLink(value: JsonObject, repository: RawItem): JsonObject {
  const { id } = value;
  const whole = withRepository(value, repository);
  if (repository.link === null || typeof id !== 'string') return whole;
  const page = repository.link.replace(/\/browse\/?$/u, '');
  return { ...whole, __link: `${page}/browse?at=${encodeURIComponent(id)}` };
}
