import { z } from 'zod';
import type { MappingKind } from './check-kinds.js';
import { dotted } from './schema-issues.js';

/** A leaf of the form `file://PATH`. */
export interface FileReference {
  /** Position of the resource. */
  readonly resource: number;
  readonly kind: string;
  /** Of the leaf, in the whole mapping. */
  readonly path: readonly PropertyKey[];
  readonly file: string;
}

/** A mapping whose file references are jq, and what they were. */
export interface WithoutReferences {
  readonly value: unknown;
  readonly references: readonly FileReference[];
}

const PREFIX = 'file://';

/** The field that the source puts these files into, each under its path as written. */
const FIELD = '__mappedFiles';

const mappingIn = z.looseObject({ resources: z.array(z.unknown()) });
const resourceIn = z.looseObject({
  kind: z.string(),
  port: z.looseObject({ entity: z.looseObject({ mappings: z.unknown() }) }),
});

/**
 * Rewrites leaves of entity mappings that name a file instead of an expression, an older spelling of
 * Bitbucket Cloud: `file://README.md`. Only kinds to which files can be attached have it; elsewhere it
 * stays and is told as the jq that it is not. Nothing is changed in place.
 */
export function withoutFileReferences(
  value: unknown,
  kinds: readonly MappingKind[],
): WithoutReferences {
  const { data } = mappingIn.safeParse(value);
  if (data === undefined) return { value, references: [] };
  const references: FileReference[] = [];
  const resources = data.resources.map((written, resource) => {
    const parsed = resourceIn.safeParse(written).data;
    if (parsed === undefined || !attachesFiles(parsed.kind, kinds)) return written;
    const { kind, port } = parsed;
    const start = ['resources', resource, 'port', 'entity', 'mappings'];
    const mappings = rewritten(port.entity.mappings, start, (path, file) => {
      references.push({ resource, kind, path, file });
    });
    return { ...parsed, port: { ...port, entity: { ...port.entity, mappings } } };
  });
  return references.length === 0
    ? { value, references }
    : { value: { ...data, resources }, references };
}

/** The files that a resource refers to, each once. */
export function filesOf(references: readonly FileReference[], resource: number): readonly string[] {
  const own = references.filter((reference) => reference.resource === resource);
  return [...new Set(own.map(({ file }) => file))];
}

/** As a problem names its place: `resources[0].port.entity.mappings.properties.readme`. */
export function placeOf({ path }: FileReference): string {
  return dotted(path);
}

/** Whoever can include files by its selector can have them attached for its mapping. */
function attachesFiles(name: string, kinds: readonly MappingKind[]): boolean {
  const selector = kinds.find((kind) => kind.name === name)?.selector;
  return selector instanceof z.ZodObject && 'includedFiles' in selector.shape;
}

function rewritten(
  value: unknown,
  path: readonly PropertyKey[],
  found: (path: readonly PropertyKey[], file: string) => void,
): unknown {
  if (typeof value === 'string') {
    const file = fileNamedBy(value);
    if (file === null) return value;
    found(path, file);
    return `.${FIELD}[${JSON.stringify(file)}]`;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    return value.map((member: unknown, index) => rewritten(member, [...path, index], found));
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, member]: [string, unknown]) => [
      name,
      rewritten(member, [...path, name], found),
    ]),
  );
}

function fileNamedBy(text: string): string | null {
  const leaf = text.trim();
  const file = leaf.startsWith(PREFIX) ? leaf.slice(PREFIX.length).trim() : '';
  return file === '' ? null : file;
}
