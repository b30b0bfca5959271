import type { z } from 'zod';

/** A command line option that sets a setting. It never carries a secret. */
export interface FlagDeclaration {
  /** As it is typed: `--kinds`. */
  readonly name: `--${string}`;
  /** What follows it in help, such as `<a,b>`; null for a switch. */
  readonly argument: string | null;
  /** The value that a switch stands for. */
  readonly gives?: string;
  /** What help says about it. */
  readonly description: string;
}

/** Gives the secret texts inside a secret setting's value, for redaction. */
export type SecretParts = (text: string) => readonly string[];

/**
 * All there is to say about one setting: its flag, variables, YAML keys, parser, default, secrecy
 * and documentation follow from it.
 */
export interface SettingDeclaration<Value> {
  /** The setting's name in messages and documentation, which is its first YAML key where it has one. */
  readonly name: string;
  readonly description: string;
  readonly flag: FlagDeclaration | null;
  /** Short environment variables, the preferred one first. */
  readonly variables: readonly string[];
  /**
   * Dotted paths in the YAML tree, the preferred one first. Each is an `OCEAN__` variable as well.
   * Written in camelCase; snake_case is understood.
   */
  readonly keys: readonly string[];
  /** Keys that are understood in YAML only, as pasted from a pipeline of the container. */
  readonly pastedKeys: readonly string[];
  /** Parses what a layer holds; its messages continue a sentence that begins with the spelling. */
  readonly schema: z.ZodType<Value>;
  readonly default: Value;
  /** The default in words, where the value does not say it. */
  readonly defaultWords: string | null;
  /** Null: not a secret. */
  readonly secret: SecretParts | null;
}

type Optional = 'flag' | 'variables' | 'keys' | 'pastedKeys' | 'defaultWords' | 'secret';

/**
 * Declares a setting: its type is that of its schema and its default. What is left out is absent. The
 * name is a YAML key unless `keys` are given.
 */
export function setting<Value, const Default extends Value | null>(
  declaration: Omit<SettingDeclaration<Value>, Optional | 'default'> &
    Partial<Pick<SettingDeclaration<Value>, Optional>> & { readonly default: Default },
): SettingDeclaration<Value | Default> {
  return {
    flag: null,
    variables: [],
    keys: [declaration.name],
    pastedKeys: [],
    defaultWords: null,
    secret: null,
    ...declaration,
  };
}

/**
 * The YAML keys of a member of the integration's configuration. The tree keeps `config` and
 * `secrets` apart, the container reads both as one, and its GitHub workflow has a bare `config:`.
 */
export function integrationKeys(
  name: string,
  preferred: 'config' | 'secrets',
): { readonly name: string; readonly keys: readonly string[]; readonly pastedKeys: [string] } {
  const other = preferred === 'config' ? 'secrets' : 'config';
  const key = `integration.${preferred}.${name}`;
  return { name: key, keys: [key, `integration.${other}.${name}`], pastedKeys: [`config.${name}`] };
}

/** The whole value is the secret, with the blanks around it, as some are sent, and without. */
export const wholeSecret: SecretParts = (text) => [text.replace(/[\r\n]+$/u, ''), text.trim()];

/** Several secrets, separated by commas. */
export const listedSecrets: SecretParts = (text) => [
  ...wholeSecret(text),
  ...text.split(',').map((part) => part.trim()),
];

/** The password inside a URL. */
export const urlSecret: SecretParts = (text) => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.password === '') return [];
  return [url.password, decoded(url.password)];
};

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The options that stand on the command line, by their long name (`--kinds`): the text that follows
 * one, or true for a switch. What is not there was not given.
 */
export type FlagValues = Readonly<Record<string, string | true>>;
