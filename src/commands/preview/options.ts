import { z } from 'zod';
import type { JqEngine } from '../../mapping/engine/engine.js';
import type { Mapping, MappingResource } from '../../mapping/mapping.js';
import type { EventListener } from '../../model/event.js';
import type { PreviewedResource } from '../../model/preview.js';
import { nearest } from '../../problems/nearest.js';
import type { ProblemLog } from '../../problems/problem-log.js';
import { type Problem, ProblemError } from '../../problems/problem.js';
import type { FlagDeclaration, FlagValues } from '../../settings/declaration.js';
import type { Source } from '../../source/source.js';
import { type MappingOrigin, readMapping } from '../../stages/choose-mapping.js';
import { previewFlags } from '../options.js';

/** What a preview is about. */
export interface PreviewOptions {
  /** Null: all of the mapping. */
  readonly kind: string | null;
  /** Position in the mapping's `resources`, from 1; null: every one of the kind. */
  readonly resource: number | null;
  /** Null: as many as are usual. */
  readonly limit: number | null;
  /** A file, or `-`; null: Bitbucket. */
  readonly input: string | null;
  readonly output: 'text' | 'json';
}

/** What a preview came to. */
export interface Previewed {
  /** Null: it did not come to looking at items. */
  readonly resources: readonly PreviewedResource[] | null;
  readonly redact: (text: string) => string;
  /** What went wrong besides the items. */
  readonly log: ProblemLog;
  /** Whether warnings make the exit code 4. */
  readonly strict: boolean;
}

const text = z.string({ error: 'needs a value' }).min(1, { error: 'needs a value' });
const count = z
  .string({ error: 'needs a number' })
  .regex(/^[1-9]\d{0,5}$/u, { error: 'must be a whole number from 1 to 999999' })
  .transform(Number);
const format = z.enum(['text', 'json'], { error: 'must be text or json' });

/**
 * Understands the options.
 * @throws ProblemError setting-invalid for each that cannot be used
 */
export function previewOptions(flags: FlagValues): PreviewOptions {
  const problems: Problem[] = [];
  const read = <Value>({ name }: FlagDeclaration, schema: z.ZodType<Value>): Value | null => {
    if (flags[name] === undefined) return null;
    const parsed = schema.safeParse(flags[name]);
    if (parsed.success) return parsed.data;
    const reason = parsed.error.issues[0]?.message ?? 'cannot be used';
    problems.push({ code: 'setting-invalid', spelling: name, reason });
    return null;
  };
  const options = {
    kind: read(previewFlags.kind, text),
    resource: read(previewFlags.resource, count),
    limit: read(previewFlags.limit, count),
    input: read(previewFlags.input, text),
    output: read(previewFlags.output, format) ?? 'text',
  };
  const [first, ...others] = problems;
  if (first !== undefined) throw new ProblemError([first, ...others]);
  return options;
}

/**
 * Reads the mapping, tells of it, and answers the resources that a preview is about.
 * @throws ProblemError when the mapping is wrong; setting-invalid for a kind or position that is not
 *   there
 */
export async function acceptedResources(
  origin: MappingOrigin,
  engine: JqEngine,
  source: Pick<Source, 'type' | 'kinds'>,
  options: PreviewOptions,
  emit: EventListener,
): Promise<readonly MappingResource[]> {
  const { mapping, problems } = await readMapping(origin, engine, source);
  for (const problem of problems) emit({ type: 'problem', problem });
  emit({ type: 'note', level: 'info', text: `Mapping: ${mapping.origin}` });
  const kinds = source.kinds.map(({ name }) => name);
  return chooseResources(mapping, kinds, options);
}

function chooseResources(
  { resources, origin }: Mapping,
  kinds: readonly string[],
  { kind, resource }: Pick<PreviewOptions, 'kind' | 'resource'>,
): readonly MappingResource[] {
  if (kind !== null) requireKind(kind, kinds);
  const ofKind = kind === null ? resources : resources.filter((one) => one.kind === kind);
  if (ofKind.length === 0) {
    const mapped = [...new Set(resources.map((one) => one.kind))].join(', ');
    throw invalid('--kind', `is ${kind ?? ''}, which ${origin} does not map; it maps ${mapped}`);
  }
  if (resource === null) return ofKind;
  const chosen = ofKind.filter(({ reference }) => reference.index === resource - 1);
  if (chosen.length > 0) return chosen;
  const positions = ofKind.map(({ reference }) => `${reference.index + 1} (${reference.kind})`);
  throw invalid('--resource', `is ${resource}; to choose from are ${positions.join(', ')}`);
}

function requireKind(kind: string, kinds: readonly string[]): void {
  if (kinds.includes(kind)) return;
  const meant = nearest(kind, kinds);
  const guess = meant === undefined ? '' : ` (did you mean ${meant}?)`;
  throw invalid('--kind', `is ${kind}${guess}; the kinds are ${kinds.join(', ')}`);
}

function invalid(spelling: string, reason: string): ProblemError {
  return ProblemError.of({ code: 'setting-invalid', spelling, reason });
}
