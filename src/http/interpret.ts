import type { AnswerHeaders } from './answer-headers.js';
import { z } from 'zod';
import { isDeeperThan } from '../model/json-depth.js';
import { AttemptFailure } from './http-error.js';

/** An answer whose body was read to its end, as text. */
export interface TextAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly text: string;
  /** Whether the request was sent on to another path before it was answered. */
  readonly redirected: boolean;
}

/** Makes the body that the caller asked for out of an answer. Throws AttemptFailure. */
export type Interpretation<Body> = (answer: TextAnswer) => Body;

/**
 * The text as it is.
 * @throws AttemptFailure `login-page` when a redirect led to a web page
 */
export function asText(answer: TextAnswer): string {
  if (answer.redirected && isSuccess(answer) && isWebPage(answer)) throw loginPage(answer);
  return answer.text;
}

/**
 * The text parsed as JSON and checked against `schema`; null for an empty body and for a status that
 * is not 2xx.
 * @param deepest levels of nesting that it may have at most; by default any number
 * @throws AttemptFailure `login-page`, `truncated`, `malformed`
 */
export function asJson<Schema extends z.ZodType>(
  schema: Schema,
  deepest = Infinity,
): Interpretation<z.output<Schema> | null> {
  return (answer) => {
    if (!isSuccess(answer)) return null;
    if (isWebPage(answer)) throw loginPage(answer);
    if (answer.text.trim() === '') return null;
    const value = parse(answer);
    if (isDeeperThan(deepest, answer.text)) throw tooDeep(answer, deepest);
    const result = schema.safeParse(value);
    if (!result.success) throw mismatch(answer, result.error);
    return result.data;
  };
}

/** Whether a status is 2xx. */
export function isSuccess({ status }: Pick<TextAnswer, 'status'>): boolean {
  return status >= 200 && status < 300;
}

function isWebPage({ headers, text }: TextAnswer): boolean {
  return (
    /^\s*(text\/html|application\/xhtml\+xml)\b/i.test(headers.get('content-type') ?? '') ||
    /^\s*(<\?xml[^>]*>\s*|<!--(?:(?!-->).)*-->\s*)*<(!doctype\s+html|html)\b/is.test(
      text.slice(0, 1_000),
    )
  );
}

function loginPage({ status, headers }: TextAnswer): AttemptFailure {
  const reason =
    'answered with a web page instead of data: a sign-in page or a proxy stands in between';
  return new AttemptFailure('login-page', reason, { status, headers, permanent: true });
}

function parse({ status, headers, text }: TextAnswer): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's error is not kept: it quotes the body.
    throw endsEarly(text)
      ? new AttemptFailure('truncated', 'answered with JSON that ends early', { status, headers })
      : new AttemptFailure('malformed', 'answered with something that is not JSON', {
          status,
          headers,
        });
  }
}

function tooDeep({ status, headers }: TextAnswer, deepest: number): AttemptFailure {
  const reason = `answered with JSON nested more than ${deepest} levels deep`;
  return new AttemptFailure('malformed', reason, { status, headers, permanent: true });
}

/** Whether a string, array or object is still open where the text ends. */
function endsEarly(text: string): boolean {
  let open = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (inString) {
      if (character === '\\') index += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') open += 1;
    else if (character === '}' || character === ']') open -= 1;
  }
  return inString || open > 0;
}

/** Names where the first difference is, never what stood there. */
function mismatch({ status, headers }: TextAnswer, error: z.ZodError): AttemptFailure {
  const [first, ...others] = error.issues;
  const path = z.core.toDotPath(first?.path ?? []);
  const place = path === '' ? '' : ` at ${path}`;
  const more = others.length === 0 ? '' : `, and ${others.length} more`;
  const reason = `answered with JSON of another shape${place}: ${first?.message ?? ''}${more}`;
  return new AttemptFailure('malformed', reason, { status, headers, permanent: true });
}
