import { isJsonObject } from '../../model/json.js';
import type { NamedRepository } from '../listing/page.js';
import type { TinyRequests, TriedKind } from '../tiny-requests.js';
import type { AllowedRequests, PathValues } from './allowed-requests.js';
import { AnswerItems, answerOf } from './answers.js';
import { type Asked, parentField } from './asked.js';

/** What a look at a request takes. */
interface Look {
  readonly requests: TinyRequests;
  readonly allowed: AllowedRequests;
  /** The parameters of the smallest page. */
  readonly smallest: Readonly<Record<string, string>>;
}

/**
 * Asks for what a resource asks for, of one parent.
 * @param parent null: it is asked of the whole of Bitbucket
 */
export async function tryRequest(
  asked: Asked,
  parent: NamedRepository | null,
  values: PathValues,
  { requests, allowed, smallest }: Look,
): Promise<TriedKind> {
  const url = allowed.url(asked.path, values);
  // Such as that of a repository whose answer does not tell its project.
  if (url === null) return { status: 'untried' };
  const subject = url.pathname;
  const paging = asked.items.length === 0 ? {} : smallest;
  for (const [name, value] of Object.entries({ ...asked.parameters, ...paging })) {
    url.searchParams.set(name, value);
  }
  const answer = await requests.ask(url, subject, answerOf(asked), {
    mayFollow: (target) => allowed.allows(target),
  });
  const [first] = answer.values;
  const items = new AnswerItems(asked, parent && { ...parent, field: parentField(parent) });
  const found = isJsonObject(first) ? items.itemOf(first) : null;
  return { status: 'readable', item: found?.item ?? null };
}
