import { z } from 'zod';
import { nearest } from '../problems/nearest.js';
import { unknownKeys } from './mapping-schema.js';
import { findings, member, unknownKeyFindings, type Finding } from './schema-issues.js';

/** A kind as far as a mapping is concerned. */
export interface MappingKind {
  readonly name: string;
  /** The keys of `selector` besides `query`. */
  readonly selector: z.ZodType;
  /** Places in a valid selector that name nothing, below `selector`: they are passed over. */
  readonly idleParts?: (selector: unknown) => readonly (readonly PropertyKey[])[];
  /** Why a resource with this valid selector may not be read; `at` null: its kind may not. */
  readonly refusalOf?: (
    selector: unknown,
  ) => { readonly at: readonly PropertyKey[] | null; readonly reason: string } | null;
}

/** The kinds of the Bitbucket that is not read, to tell them from kinds that there are nowhere. */
export interface ForeignKinds {
  /** `Bitbucket Cloud` */
  readonly side: string;
  readonly names: readonly string[];
}

/** What there is to know about kinds. */
export interface KnownKinds {
  readonly kinds: readonly MappingKind[];
  readonly foreignKinds?: ForeignKinds;
}

/** The part of a resource that depends on its kind. `selector`: null where the kind is unknown. */
export interface KindReading {
  readonly selector: Readonly<Record<string, unknown>> | null;
  readonly findings: readonly Finding[];
  /** Why it may not be read. It costs nothing but the resource. */
  readonly refusal?: Finding;
  /** Places that name nothing. */
  readonly idle: readonly (readonly PropertyKey[])[];
}

const resourcesIn = z.looseObject({ resources: z.array(z.unknown()) });
const kindIn = z.looseObject({ kind: z.string() });
const selectorIn = z.looseObject({ selector: z.looseObject({}) });
const keys = z.record(z.string(), z.unknown());

/**
 * Checks kinds and the selector keys that belong to them, in whatever else is wrong with the mapping,
 * so that all of it is told at once.
 */
export function readKinds(mapping: unknown, known: KnownKinds): readonly KindReading[] {
  const { data } = resourcesIn.safeParse(mapping);
  return (data?.resources ?? []).map((resource, index) =>
    readKind(resource, known, ['resources', index]),
  );
}

function readKind(resource: unknown, known: KnownKinds, path: readonly PropertyKey[]): KindReading {
  const name = kindIn.safeParse(resource).data?.kind;
  // A missing kind is found by the schema of the mapping.
  if (name === undefined) return { selector: null, findings: [], idle: [] };
  const kind = known.kinds.find((candidate) => candidate.name === name);
  if (kind === undefined) {
    const reason = unknownKind(name, known);
    return { selector: null, findings: [{ path: [...path, 'kind'], reason }], idle: [] };
  }
  const selector = selectorIn.safeParse(resource).data?.selector ?? {};
  const reading = readSelector(selector, kind, [...path, 'selector']);
  const refusal = reading.selector === null ? null : (kind.refusalOf?.(reading.selector) ?? null);
  if (refusal === null) return reading;
  const { at, reason } = refusal;
  const place = at === null ? [...path, 'kind'] : [...path, 'selector', ...at];
  return { ...reading, refusal: { path: place, reason } };
}

function unknownKind(name: string, { kinds, foreignKinds }: KnownKinds): string {
  const names = kinds.map((kind) => kind.name);
  const list = names.join(', ');
  if (foreignKinds?.names.includes(name) === true) {
    return `is ${name}, a kind of ${foreignKinds.side}; here the kinds are ${list}`;
  }
  const meant = nearest(name, names);
  const guess = meant === undefined ? `the kinds are ${list}` : `did you mean ${meant}?`;
  return `is ${name}, which is no kind: ${guess}`;
}

function readSelector(
  selector: Readonly<Record<string, unknown>>,
  { selector: schema, idleParts }: MappingKind,
  path: readonly PropertyKey[],
): KindReading {
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : Object.keys(selector);
  const foreign = Object.keys(selector).filter((key) => key !== 'query' && !known.includes(key));
  const own = Object.fromEntries(
    Object.entries(selector).filter(([key]) => key !== 'query' && known.includes(key)),
  );
  const parsed = schema.safeParse(own);
  const wrong = findings(parsed.error?.issues ?? []).map((finding) => ({
    ...finding,
    path: [...path, ...finding.path],
    reason: reasonOf(finding, schema, own),
  }));
  const unknown = unknownKeyFindings(
    path,
    foreign,
    unknownKeys(foreign, [...new Set(['query', ...known])]),
  );
  return {
    selector: parsed.success ? keys.parse(parsed.data) : null,
    findings: [...wrong, ...unknown],
    idle: parsed.success ? (idleParts?.(parsed.data) ?? []).map((at) => [...path, ...at]) : [],
  };
}

/** An unknown key with the one that was meant; a text in the place of a list with how to write one. */
function reasonOf(
  { path, reason, unknownKey }: Finding,
  schema: z.ZodType,
  selector: unknown,
): string {
  const wanted = schemasAt(schema, path);
  if (unknownKey !== undefined) return unknownKeys([unknownKey], wanted.flatMap(keysOf));
  const list = wanted.find((one) => one instanceof z.ZodArray);
  const example =
    list === undefined ? null : exampleOf(list.element, path.reduce(member, selector));
  return example === null ? reason : `${reason}, such as [${example}]`;
}

/** What YAML and people take for a single name. */
const NAME = /^[A-Za-z][\w-]{0,39}$/u;

/** What a list could hold where a text stands in its place; null: there is no text that could be in it. */
function exampleOf(element: z.core.$ZodType, text: unknown): string | null {
  if (typeof text !== 'string') return null;
  if (!(element instanceof z.ZodEnum)) return NAME.test(text) ? text : null;
  const words = element.options.map(String);
  return words.find((word) => word.toLowerCase() === text.toLowerCase()) ?? words[0] ?? null;
}

function keysOf(schema: z.core.$ZodType): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** The schemas, several where there are alternatives, of a place in what a schema describes. */
function schemasAt(
  schema: z.core.$ZodType,
  path: readonly PropertyKey[],
): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return schemasAt(schema.unwrap(), path);
  }
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((one) => schemasAt(one, path));
  const [step, ...below] = path;
  if (step === undefined) return [schema];
  if (schema instanceof z.ZodObject) {
    const shape: Readonly<Record<string, z.core.$ZodType>> = schema.shape;
    const inner = Object.entries(shape).find(([key]) => key === step)?.[1];
    return inner === undefined ? [] : schemasAt(inner, below);
  }
  return schema instanceof z.ZodArray ? schemasAt(schema.element, below) : [];
}
