import type { JsonValue } from '../model/json.js';
import type { Problem } from '../problems/problem.js';
import type { SettingDeclaration } from './declaration.js';
import { allSettings } from './declarations/index.js';
import { meaninglessSettings } from './declarations/meaningless.js';
import type { Candidate, Layer } from './layers/layer.js';
import {
  DEFAULT_ORIGIN,
  oceanVariable,
  type Origin,
  locatedAt,
  snakeCase,
  spelledOut,
  spellingsOf,
} from './spelling.js';

/** What the layers hold for one setting. */
export type Finding<Value> =
  | { readonly state: 'set'; readonly value: Value; readonly origin: Origin }
  /** Its problem is recorded already. */
  | { readonly state: 'invalid'; readonly origin: Origin }
  /** `because`: a place that looks set and counts as unset, and why. */
  | { readonly state: 'unset'; readonly because: string | null };

/** The value of what was found; null where nothing can be used. */
export function valueOf<Value>(finding: Finding<Value>): Value | null {
  return finding.state === 'set' ? finding.value : null;
}

/** Reads settings from layers, strongest first, and collects what is wrong with them. */
export class SettingReader {
  readonly problems: Problem[] = [];
  /** What is doubtful without being wrong. */
  readonly warnings: Problem[] = [];
  readonly notices: string[] = [];
  readonly origins = new Map<string, Origin>();

  constructor(private readonly layers: readonly Layer[]) {}

  /** What is set for it. To be called once for a setting, as it records problems and notices. */
  find<Value>(declaration: SettingDeclaration<Value>): Finding<NonNullable<Value>> {
    const found = this.#strongest(declaration);
    if (found === undefined) {
      this.origins.set(declaration.name, DEFAULT_ORIGIN);
      return { state: 'unset', because: this.whyUnset([declaration]) };
    }
    const [{ origin, raw, failure }, others] = found;
    this.origins.set(declaration.name, origin);
    const parsed = failure === undefined ? declaration.schema.safeParse(raw) : undefined;
    if (parsed?.success !== true || parsed.data === null || parsed.data === undefined) {
      this.invalid(origin, failure ?? parsed?.error?.issues[0]?.message ?? 'cannot be used');
      return { state: 'invalid', origin };
    }
    this.#tellDifferences(declaration, origin, parsed.data, others);
    return { state: 'set', value: parsed.data, origin };
  }

  /** Its value, else the default. */
  read<Value>(declaration: SettingDeclaration<Value>): Value {
    const finding = this.find(declaration);
    return finding.state === 'set' ? finding.value : declaration.default;
  }

  /** Its value; null, with the problem recorded, when there is none. */
  required<Value>(declaration: SettingDeclaration<Value>): NonNullable<Value> | null {
    return this.demand(declaration, this.find(declaration));
  }

  /** The value of what was found; null, with the problem recorded, when there is none. */
  demand<Value>(declaration: SettingDeclaration<unknown>, finding: Finding<Value>): Value | null {
    if (finding.state === 'set') return finding.value;
    if (finding.state === 'unset') {
      this.missing(declaration.name, spellingsOf(declaration), finding.because);
    }
    return null;
  }

  /** What sets it, as it was written; null when nothing does. */
  given(declaration: SettingDeclaration<unknown>): Candidate | null {
    return this.#strongest(declaration)?.[0] ?? null;
  }

  /** Where it is set, without a look at the value. Null when nothing sets it. */
  whereSet(declaration: SettingDeclaration<unknown>): Origin | null {
    return this.#strongest(declaration)?.[0].origin ?? null;
  }

  /** A place that looks as if it set one of them and counts as unset, and why; null if none. */
  whyUnset(declarations: readonly SettingDeclaration<unknown>[]): string | null {
    const candidates = declarations.flatMap((declaration) =>
      this.layers.flatMap((layer) => layer.candidates(declaration)),
    );
    for (const { origin, raw } of candidates) {
      const why = whyUnset(raw);
      if (why !== null) return `${spelledOut(origin)} ${why}`;
    }
    return null;
  }

  /** Records that nothing sets it. `because` tells where it looks set and is not. */
  missing(setting: string, spellings: readonly string[], because: string | null): void {
    this.problems.push({ code: 'setting-missing', setting, spellings });
    if (because !== null) this.notices.push(because);
  }

  invalid(origin: Origin, reason: string): void {
    const spelling = spelledOut(origin);
    this.problems.push({ code: 'setting-invalid', spelling, reason, ...locatedAt(origin) });
  }

  /** The preferred candidate of the strongest layer that has one, and the others of that layer. */
  #strongest(
    declaration: SettingDeclaration<unknown>,
  ): readonly [Candidate, readonly Candidate[]] | undefined {
    for (const layer of this.layers) {
      const [first, ...others] = layer.candidates(declaration).filter(isSet);
      if (first !== undefined) return [first, others];
    }
    return undefined;
  }

  #tellDifferences<Value>(
    declaration: SettingDeclaration<Value>,
    used: Origin,
    value: NonNullable<Value>,
    others: readonly Candidate[],
  ): void {
    for (const { origin, raw } of others) {
      const other = declaration.schema.safeParse(raw);
      if (other.success && JSON.stringify(other.data) === JSON.stringify(value)) continue;
      this.notices.push(
        `${spelledOut(used)} and ${spelledOut(origin)} differ: ${used.spelling} is used`,
      );
    }
  }
}

/** What cannot be had is set all the same: its problem must be told, not passed over. */
function isSet(candidate: Candidate): boolean {
  return candidate.failure !== undefined || whyUnset(candidate.raw) === null;
}

/** Names of variables: what stands in examples where a value belongs. */
const placeholders: ReadonlySet<string> = new Set(
  [...allSettings, ...meaninglessSettings].flatMap(({ variables, keys }) => [
    ...variables.flatMap((variable) => [variable, `YOUR_${variable}`]),
    ...keys.flatMap((key) => [oceanVariable(key), snakeCase(key.split('.').at(-1) ?? key)]),
  ]),
);

/** Azure Pipelines leaves `$(NAME)` as it is when nothing defines NAME. */
const UNEXPANDED_MACRO = /^\$\([^)]*\)$/u;
/** An expression of GitHub Actions that stands in a file which GitHub never saw. */
const UNEXPANDED_EXPRESSION = /^\$\{\{.*\}\}$/su;
/** A reference to a variable of ours that the shell or CI did not replace. */
const REFERENCE = /^\$\{?(\w+)\}?$/u;

/**
 * Why what stands there counts as unset, as the end of a sentence that begins with the spelling;
 * null when it is a value.
 */
export function whyUnset(raw: JsonValue): string | null {
  if (raw === null) return 'is empty';
  if (typeof raw !== 'string') return null;
  const text = raw.trim();
  if (text === '') return 'is empty';
  if (placeholders.has(text)) return 'still holds the placeholder of an example';
  const reference = REFERENCE.exec(text)?.[1];
  const isUnexpanded =
    UNEXPANDED_MACRO.test(text) ||
    UNEXPANDED_EXPRESSION.test(text) ||
    (reference !== undefined && placeholders.has(reference));
  return isUnexpanded ? 'holds a reference that was never replaced by its value' : null;
}
