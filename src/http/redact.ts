/** What stands in for a secret. */
const mask = '***';

/** A secret shorter than this is part of ordinary words: masking it would mask the text. */
const shortestSecret = 4;

/** Matches the user-info of a URL, wherever the URL stands: `://user:password@`. */
const userInfo = /:\/\/[^\s/?#]*@/g;

/**
 * Our own words about refused credentials. A poor password may be one of these words (`wrong`): masked in
 * here, it would give itself away.
 */
const ownPhrases =
  /(wrong, expired or revoked|Settings or mapping are wrong|Credentials or a permission were refused|credentials refused)/;

/** Gives `text` with every secret in it masked. */
export type Redactor = (text: string) => string;

/**
 * Masks `secrets` wherever they stand in a text: as they are, as JSON, URL-encoded or in base64
 * (also as the tail of a `user:secret`), and the user-info of any URL. Secrets of fewer than four
 * characters are left alone, and so is one in a few phrases of our own.
 *
 * ```ts
 * createRedactor(['hunter2'])('Basic YWRtaW46aHVudGVyMg== for hunter2');
 * // 'Basic YWRtaW46*** for ***'
 * ```
 */
export function createRedactor(secrets: readonly string[]): Redactor {
  const forms = new Set(
    secrets.filter((secret) => secret.length >= shortestSecret).flatMap((one) => formsOf(one)),
  );
  const longestFirst = [...forms].sort((left, right) => right.length - left.length);
  const [words, others] = [true, false].map((isOurs) =>
    longestFirst.filter((form) => ownPhrases.source.includes(form) === isOurs),
  );
  const maskAll = (text: string, all: readonly string[] = []): string =>
    all.reduce((masked, form) => masked.replaceAll(form, mask), text);
  return (text) =>
    maskAll(text, others)
      .split(ownPhrases)
      .map((part, index) => (index % 2 === 1 ? part : maskAll(part, words)))
      .join('')
      .replace(userInfo, `://${mask}@`);
}

function formsOf(secret: string): string[] {
  // Through bytes, because `encodeURIComponent` fails on half a surrogate pair.
  const encoded = encodeURIComponent(Buffer.from(secret).toString());
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encoded,
    encoded.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
    encoded.replaceAll('%20', '+'),
    ...base64Forms(Buffer.from(secret)),
  ].filter((form) => form.length >= shortestSecret);
}

/**
 * Base64 packs three bytes into four characters, so what a secret looks like depends on how many
 * bytes stand before it: three ways. The characters at either end that also hold a neighbour's bits
 * are left off, and the padded end is a way of its own.
 */
function base64Forms(secret: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), secret]).toString('base64');
    const start = Math.ceil((before * 8) / 6);
    const inner = padded.slice(start, Math.floor(((before + secret.length) * 8) / 6));
    return [padded.slice(start), inner].flatMap((form) => [
      form,
      form.replaceAll('+', '-').replaceAll('/', '_'),
    ]);
  });
}
