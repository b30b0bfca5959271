import { HttpError } from '../http/http-error.js';
import { cutText } from '../model/text.js';

/** What Port says about a call that it refused. Either part may be empty. */
export interface PortRefusal {
  /** A word for programs, such as `not_found`. */
  readonly error: string;
  /** A sentence for people. */
  readonly message: string;
}

/** Long messages name a whole schema; the start tells what is wrong: 500 characters, and `…`. */
const maximumLength = 501;

/**
 * Reads `{error, message}` of Port's error body. The client keeps only the start of a body, so
 * what does not parse as a whole is searched for the two members.
 */
export function portRefusal(error: HttpError): PortRefusal {
  const body = error.details.body ?? '';
  return { error: shortened(member(body, 'error')), message: shortened(member(body, 'message')) };
}

/** Why a call failed, in a few words: `422 invalid_request: …`, or how the connection ended. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof HttpError)) return error instanceof Error ? error.message : String(error);
  const { status } = error.details;
  const words = Object.values(portRefusal(error)).filter((word) => word !== '');
  if (status === undefined || words.length === 0) return error.reason;
  return `${status} ${words.join(': ')}`;
}

/** The status of an answer that is not 2xx; null for any other failure. */
export function statusOf(error: HttpError): number | null {
  return error.failure === 'status' ? (error.details.status ?? null) : null;
}

/** Whether something of that name was there already. The reference names no status for it. */
export function isIdentifierTaken(error: unknown): boolean {
  if (!(error instanceof HttpError)) return false;
  return statusOf(error) === 409 || portRefusal(error).error === 'identifier_taken';
}

function member(body: string, name: 'error' | 'message'): string {
  const parsed = parsedObject(body);
  if (parsed !== null) {
    const value: unknown = Reflect.get(parsed, name);
    return typeof value === 'string' ? value : '';
  }
  const found = new RegExp(`"${name}"\\s*:\\s*("(?:[^"\\\\]|\\\\.)*)`).exec(body)?.[1];
  return found === undefined ? '' : unquoted(found);
}

function parsedObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

/** The text of a JSON string whose end may be missing. */
function unquoted(start: string): string {
  try {
    const value: unknown = JSON.parse(`${start}"`);
    return typeof value === 'string' ? value : '';
  } catch {
    return start.slice(1);
  }
}

function shortened(text: string): string {
  return cutText(text, maximumLength);
}
