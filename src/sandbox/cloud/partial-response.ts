import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../model/json.js';
import { unknownToContract } from './cloud-error.js';

type Path = readonly string[];

/** What `fields` asks for: `a` only these, `+a` these too, `-a` not these. */
interface Selection {
  readonly only: readonly Path[];
  readonly added: readonly Path[];
  readonly removed: readonly Path[];
}

/**
 * The document that `fields` leaves. Paths lead through lists; `*` stands for any one name.
 * `hidden`: paths that a listing leaves out unless they are asked for by name.
 * @throws CloudError 400, a violation, when `fields` is malformed
 */
export function partialResponse(
  document: JsonObject,
  fields: string | null,
  hidden: readonly string[],
): JsonObject {
  if (fields === null && hidden.length === 0) return document;
  const selection = selectionOf(fields ?? '');
  const secret = hidden.map((path) => path.split('.'));
  const isShown = (path: Path): boolean => shows(selection, secret, path);
  return members(document, [], isShown);
}

function selectionOf(fields: string): Selection {
  const parts = fields === '' ? [] : fields.split(',');
  for (const part of parts) {
    if (!/^[+-]?(?:\w+|\*)(?:\.(?:\w+|\*))*$/.test(part)) {
      throw unknownToContract(`fields=${fields} is malformed; a plus sign must be sent as %2B`);
    }
  }
  const paths = (prefix: string): readonly Path[] =>
    parts.filter((part) => part.startsWith(prefix)).map((part) => part.slice(1).split('.'));
  return {
    only: parts.filter((part) => !/^[+-]/.test(part)).map((part) => part.split('.')),
    added: paths('+'),
    removed: paths('-'),
  };
}

function shows({ only, added, removed }: Selection, hidden: readonly Path[], path: Path): boolean {
  if (removed.some((each) => each.length === path.length && covers(each, path))) return false;
  const asked = [...only, ...added];
  const secret = hidden.find((each) => covers(each, path));
  if (secret !== undefined) {
    return asked.some((each) => each.length >= secret.length && leadsTo(each, path));
  }
  return only.length === 0 || asked.some((each) => leadsTo(each, path));
}

/** Whether the path is the pattern's end, on the way there, or below it. */
function leadsTo(pattern: Path, path: Path): boolean {
  return covers(pattern, path) || covers(path, pattern);
}

/** Whether all of `pattern` is the beginning of `path`. */
function covers(pattern: Path, path: Path): boolean {
  return (
    pattern.length <= path.length &&
    pattern.every((name, index) => name === '*' || path[index] === '*' || name === path[index])
  );
}

function members(value: JsonObject, path: Path, isShown: (path: Path) => boolean): JsonObject {
  const shown = Object.entries(value)
    .map(([name, member]) => ({ name, member, path: [...path, name] }))
    .filter((each) => isShown(each.path))
    .map((each) => [each.name, inner(each.member, each.path, isShown)] as const);
  return Object.fromEntries(shown);
}

function inner(value: JsonValue, path: Path, isShown: (path: Path) => boolean): JsonValue {
  if (isJsonArray(value)) return value.map((each) => inner(each, path, isShown));
  return isJsonObject(value) ? members(value, path, isShown) : value;
}
