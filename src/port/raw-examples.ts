import { z } from 'zod';
import { HttpError } from '../http/http-error.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.js';
import type { ProblemOf } from '../problems/problem.js';
import { portBulkLimits } from './bulk.js';
import { describeFailure } from './describe-failure.js';
import type { PortClient } from './port-client.js';

/** Raw items that Port keeps of each kind (port-labs/ocean); its mapping editor shows them. */
export const EXAMPLES_PER_KIND = 5;

/**
 * Sends the first items of a kind, masked, so that Port shows what a mapping can use. A run can do
 * without, so that a failure is only a problem to be recorded; null when all went well.
 * @param items as Bitbucket gave them
 */
export async function sendExamples(
  client: PortClient,
  kind: string,
  items: readonly JsonValue[],
): Promise<ProblemOf<'best-effort-failed'> | null> {
  const { identifier } = client.integration;
  const subject = `sending examples of ${kind}`;
  try {
    await client.json(
      {
        method: 'POST',
        path: ['integration', identifier, 'kinds', kind, 'examples'],
        subject,
        caller: 'integration',
        // Examples take the place of earlier ones.
        repeatable: true,
        body: examplesPayload(items),
      },
      z.unknown(),
    );
    return null;
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    return {
      code: 'best-effort-failed',
      subject,
      reason: describeFailure(error),
      remedy:
        'Only the mapping editor of Port goes without; SEND_RAW_DATA_EXAMPLES=false leaves them out',
    };
  }
}

/** As many as Port takes in a request. */
function examplesPayload(items: readonly JsonValue[]): { readonly examples: readonly JsonValue[] } {
  const examples = items.slice(0, EXAMPLES_PER_KIND).map(maskExample);
  while (Buffer.byteLength(JSON.stringify({ examples })) > portBulkLimits.maximumBytes) {
    examples.pop();
  }
  return { examples };
}

/** What stands where a value was taken out. */
export const MASK = '[REDACTED]';

/** An example shows the shape of an item: more of a text, in characters, adds nothing to that. */
const LONGEST_TEXT = 1000;
/** Nor does more of a list. */
const LONGEST_LIST = 100;
/** Nor do more levels: those of Bitbucket's own items are fewer than ten. */
const DEEPEST_LEVEL = 50;
/** What stands at the end of a text that was cut, and in place of what is too deep. */
const CUT = '…';

/** Parts that make a key one of a credential, however it is spelled: letters and digits alone. */
const CREDENTIAL_PARTS = [
  'password',
  'passwd',
  'passphrase',
  'secret',
  'token',
  'credential',
  'apikey',
  'accesskey',
  'privatekey',
  'sshkey',
  'signingkey',
  'encryptionkey',
  'connectionstring',
] as const;

/** Words that do so only when they stand alone in a key: `author` is no `auth`. */
const CREDENTIAL_WORDS = new Set([
  'auth',
  'authorization',
  'bearer',
  'cookie',
  'cookies',
  'jwt',
  'pat',
  'pwd',
  'session',
]);

/** Keys of what a person signs in with: a name there is harmless, an e-mail address is not. */
const SIGN_IN_KEYS = new Set(['user', 'username', 'login', 'account', 'accountname', 'principal']);

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/u;
/** The user info of an address, wherever one stands in a text. It ends at the last `@` before the path. */
const USER_INFO = /\b([a-z][a-z\d+.-]*:\/\/)[^\s/?#"'<>]*@/giu;

/**
 * A copy that can be shown to others: values under keys of credentials are masked, addresses lose
 * their user info, long texts and lists are cut, as is what is nested deeply. Everything else stays as it is.
 */
export function maskExample(value: JsonValue): JsonValue {
  return maskAt(value, 0);
}

/** @param level how many lists and objects are around the value */
function maskAt(value: JsonValue, level: number): JsonValue {
  if (typeof value === 'string') return shortened(value.replace(USER_INFO, '$1'));
  if (typeof value !== 'object' || value === null) return value;
  if (level === DEEPEST_LEVEL) return CUT;
  if (isJsonObject(value)) return maskObject(value, level + 1);
  return value.slice(0, LONGEST_LIST).map((member) => maskAt(member, level + 1));
}

/** Whether what stands under the key is not for others to see. */
export function isCredentialKey(key: string): boolean {
  const plain = key.toLowerCase().replace(/[^a-z\d]/gu, '');
  // A tokenizer is a program, and as harmless as a secretary.
  const telling = plain.replace(/tokeni[sz]|secretar/gu, '');
  if (CREDENTIAL_PARTS.some((part) => telling.includes(part))) return true;
  return wordsOf(key).some((word) => CREDENTIAL_WORDS.has(word));
}

function maskObject(object: JsonObject, level: number): JsonObject {
  const isNamedCredential = ['name', 'key'].some((key) => {
    const name = Object.hasOwn(object, key) ? object[key] : undefined;
    return typeof name === 'string' && isCredentialKey(name);
  });
  const masked = Object.entries(object)
    .slice(0, LONGEST_LIST)
    .map(([key, value]): readonly [string, JsonValue] => {
      // Lists of variables tell the name in one field and the value in the one beside it.
      const isHidden = isCredentialKey(key) || (isNamedCredential && key === 'value');
      return [key, isHidden || isSignIn(key, value) ? hidden(value) : maskAt(value, level)];
    });
  return Object.fromEntries(masked);
}

/** That nothing stands there is no secret. */
function hidden(value: JsonValue): JsonValue {
  return value === null ? null : MASK;
}

function isSignIn(key: string, value: JsonValue): boolean {
  const plain = key.toLowerCase().replace(/[^a-z\d]/gu, '');
  return SIGN_IN_KEYS.has(plain) && typeof value === 'string' && EMAIL.test(value);
}

function wordsOf(key: string): readonly string[] {
  return key
    .replace(/([a-z\d])([A-Z])/gu, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/u);
}

function shortened(text: string): string {
  if (text.length <= LONGEST_TEXT) return text;
  const kept = text.slice(0, LONGEST_TEXT);
  // Half of a character that takes two code units is none.
  return `${kept.replace(/[\uD800-\uDBFF]$/u, '')}${CUT}`;
}
