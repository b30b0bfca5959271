import { z } from 'zod';
import type { AnswerHeaders } from '../../http/answer-headers.js';
const grantedHeader = 'x-oauth-scopes';
const acceptedHeader = 'x-accepted-oauth-scopes';

/**
 * Scopes of access tokens that bring reading repositories along (Atlassian, "Scopes for the Bitbucket
 * Cloud REST API"). Those of API tokens never do.
 */
const bringingRepository = ['pullrequest', 'pullrequest:write', 'project'];

/**
 * What a token would need and what it has, in words, when the headers of an answer tell that it lacks
 * something. Bitbucket sends them with some kinds of credentials only; null when it does not, or when
 * the token has what it takes.
 */
export function scopesLacking(headers: AnswerHeaders): string | null {
  const accepted = scopesIn(headers.get(acceptedHeader));
  const granted = scopesIn(headers.get(grantedHeader));
  if (accepted.length === 0 || !headers.has(grantedHeader)) return null;
  if (accepted.some((scope) => granted.some((own) => includes(own, scope)))) return null;
  return lackingWords(accepted, granted, ' or ');
}

const lackingBody = z.object({
  error: z.object({
    detail: z.object({
      required: z.array(z.string()).min(1),
      granted: z.array(z.string()).default([]),
    }),
  }),
});

/** The same where the body of a refusal tells it. */
export function scopesLackingIn(body: string): string | null {
  try {
    const { required, granted } = lackingBody.parse(JSON.parse(body)).error.detail;
    const [accepted, own] = [scopesIn(required.join()), scopesIn(granted.join())];
    return accepted.length === 0 ? null : lackingWords(accepted, own, ' and ');
  } catch {
    return null;
  }
}

function lackingWords(
  accepted: readonly string[],
  granted: readonly string[],
  conjunction: string,
): string {
  const has = granted.length === 0 ? 'none' : granted.join(', ');
  return `the token lacks the scope ${accepted.join(conjunction)} (it has: ${has})`;
}

/** Whether the headers of an answer tell of any scope: so they do only to those whom Bitbucket knows. */
export function hasScopes(headers: AnswerHeaders): boolean {
  return scopesIn(headers.get(grantedHeader)).length > 0;
}

/** `repository:write` takes in `repository`; an `:admin` scope nothing but itself. */
function includes(own: string, scope: string): boolean {
  if (own === scope || own === `${scope}:write`) return true;
  return scope === 'repository' && bringingRepository.includes(own);
}

function scopesIn(value: string | null): readonly string[] {
  return (value ?? '').split(/[\s,]+/).filter((scope) => /^[\w:-]+$/.test(scope));
}
