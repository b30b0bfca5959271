import { isJsonArray, isJsonObject, type JsonValue } from '../model/json.js';
import type { SettingDeclaration } from './declaration.js';
import { allSettings } from './declarations/index.js';
import type { Layer } from './layers/layer.js';
import { DEFAULT_ORIGIN, type Origin, spelledOut } from './spelling.js';
import { SettingReader } from './reader.js';

/** A setting as a person is shown it. */
export interface ShownSetting {
  readonly name: string;
  /** As it was written, never a secret; null: not set, and without a default. */
  readonly value: string | null;
  readonly origin: Origin;
  /** Whether these settings came to look at it: of two credentials, one is used. */
  readonly isUsed: boolean;
}

/** What stands for a secret. */
const MASK = '***';

/**
 * Every setting with its value and where it comes from.
 * @param used where the settings that were looked at come from, by name
 */
export function shownSettings(
  layers: readonly Layer[],
  used: ReadonlyMap<string, Origin>,
): readonly ShownSetting[] {
  const reader = new SettingReader(layers);
  return allSettings.map((declaration) => {
    const given = reader.given(declaration);
    return {
      name: declaration.name,
      value: given === null ? defaultInWords(declaration) : written(declaration, given.raw),
      origin: given?.origin ?? DEFAULT_ORIGIN,
      isUsed: used.has(declaration.name),
    };
  });
}

/** `sync.concurrency = 4 (--concurrency)`; null: nobody set it. */
export function setInWords({ name, value, origin, isUsed }: ShownSetting): string | null {
  if (value === null || origin.layer === 'default') return null;
  const unused = isUsed ? '' : ', which this run does not use';
  return `${name} = ${value} (${spelledOut(origin)})${unused}`;
}

/** A setting's default for a person; null: it has none. */
export function defaultInWords({
  default: value,
  defaultWords,
}: SettingDeclaration<unknown>): string | null {
  if (defaultWords !== null || value === null) return defaultWords;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function written({ secret }: SettingDeclaration<unknown>, raw: JsonValue): string {
  if (isJsonObject(raw)) return 'written in place';
  const text = isJsonArray(raw) ? raw.map(inOneLine).join(', ') : String(raw).trim();
  // Of a proxy's address, only the password is secret: what prints it masks that.
  return secret?.(text).includes(text) === true ? MASK : text;
}

function inOneLine(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
