import { isJsonArray, isJsonObject, type JsonValue } from '../model/json.js';
import type { RawItem } from '../model/page.js';
import type { FieldNote, PreviewedFeed, PreviewedField } from '../model/preview.js';
import type { Problem } from '../problems/problem.js';
import type { FeedField } from './feed-fields.js';
import type { FeedPlan } from './feed-plan.js';
import { leadingPath } from './leading-path.js';
import { mapFeed } from './map-feed.js';
import type { Expression } from './mapping.js';
import { whereItEnds } from './filling-path.js';
import type { Outcome } from './read-result.js';
import { unreadIn } from './unread.js';

/**
 * Makes the entity of a feed and says of each expression what it had to do with it.
 * @param made a key at the top whose value is not in the raw item, as jq puts it in; null: none
 */
export function explainFeed(
  plan: FeedPlan,
  outcomes: readonly Outcome[],
  raw: RawItem,
  made: string | null,
): PreviewedFeed {
  const { entity, problems } = mapFeed(plan, outcomes, raw);
  const fields = [...plan.fields.values()].map((field): PreviewedField => {
    const { expression, position } = field;
    const outcome = outcomes[position] ?? { ok: true, value: null };
    const value = outcome.ok ? outcome.value : null;
    const about = problemsOf(field, plan, problems);
    const notes = notesOn(field, outcome, raw, { problems: about, made });
    return { field: field.field, expression, value, notes };
  });
  return { index: plan.feed.index, entity, fields };
}

function problemsOf(
  { field }: FeedField,
  { prefix }: FeedPlan,
  problems: readonly Problem[],
): readonly Problem[] {
  return problems.filter((problem) => 'field' in problem && problem.field === `${prefix}${field}`);
}

function notesOn(
  { field, expression }: FeedField,
  outcome: Outcome,
  raw: RawItem,
  { problems, made }: { readonly problems: readonly Problem[]; readonly made: string | null },
): readonly FieldNote[] {
  const source = unreadIn(expression, raw);
  if (source !== undefined) return [{ type: 'unread', source }];
  if (!outcome.ok) return [{ type: 'failed', message: outcome.message }];
  const noted = problems.flatMap(noteOf);
  if (noted.length > 0) return noted;
  if (outcome.value === null) return [nullNote(expression, raw, made)];
  const from = madeText(field, outcome.value);
  return from === null ? [] : [{ type: 'made-text', from }];
}

function noteOf(problem: Problem): readonly FieldNote[] {
  const { code } = problem;
  if (code === 'nulls-dropped') return [{ type: code, count: problem.dropped }];
  if (code === 'target-refused') return [{ type: code, target: problem.target }];
  if (code === 'identifier-refused') return [{ type: code, character: problem.character }];
  return code === 'identifier-empty' ? [{ type: code }] : [];
}

function nullNote(expression: Expression, raw: RawItem, made: string | null): FieldNote {
  const end = whereItEnds(leadingPath(expression).steps, [raw.value], made);
  if (end.type !== 'missing') return { type: 'null' };
  const { missing, nearest } = end;
  return { type: 'null', missing, ...(nearest === undefined ? {} : { nearest }) };
}

/** What the value was before it became text; null when it did not. Properties stay what they are. */
function madeText(field: string, value: JsonValue): string | null {
  const isQuery = field.includes('.rules[') || field.endsWith('.combinator');
  if (field.startsWith('properties.') || isQuery) return null;
  const takesLists = field === 'team' || field.startsWith('relations.');
  if (takesLists && isJsonObject(value)) return null;
  if (takesLists && isJsonArray(value)) {
    return value.map((entry) => madeText('', entry)).find((from) => from !== null) ?? null;
  }
  if (typeof value === 'string' || value === null) return null;
  return isJsonArray(value) ? 'list' : typeof value;
}
