import { isJsonArray, type JsonValue } from '../model/json.js';
import { endOfInterpolation, jqTokens } from './jq-tokens.js';

/** What an expression can tell of a value: its type, its truth, and itself if it is no list or object. */
export interface Need {
  /** All of the value is needed. */
  isWhole: boolean;
  /** Needed of an object. */
  readonly keys: Map<string, Need>;
  /** Needed of each member of a list. Of an object, all is needed then. */
  each: Need | null;
}

/** Nothing but the type and the truth. */
export function noNeed(): Need {
  return { isWhole: false, keys: new Map(), each: null };
}

/** A value without what is not needed of it: any expression of the need gives the same on both. */
export function cut(value: JsonValue, need: Need): JsonValue {
  if (need.isWhole || typeof value !== 'object' || value === null) return value;
  const { each } = need;
  if (isJsonArray(value)) return each === null ? [] : value.map((member) => cut(member, each));
  if (each !== null) return value;
  const kept: Record<string, JsonValue> = {};
  for (const [key, inner] of need.keys) {
    const member = Object.hasOwn(value, key) ? value[key] : undefined;
    if (member !== undefined) kept[key] = cut(member, inner);
  }
  return kept;
}

/**
 * Adds to `need` what an expression reads of the item. An expression that is written in a way that is
 * not understood here, or that does something with the item as a whole, needs all of it.
 * @param expression as jq reads it
 */
export function addNeed(need: Need, expression: string): void {
  try {
    const reader = new ExpressionReader(expression);
    reader.useWhole(reader.pipe([need]));
    reader.end();
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    need.isWhole = true;
  }
}

class NotUnderstood extends Error {}

/** Where the values of a term lie in the item. Values that are made or already needed lie nowhere. */
type Places = readonly Need[];

/** Words that stand for no function. Those of definitions and loops are not understood. */
const KEYWORDS = new Set(
  'def reduce foreach label import include module as then elif else end catch and or __loc__'.split(
    ' ',
  ),
);

/** Functions that look at nothing, and make a value. */
const CONSTANTS = new Set(['null', 'true', 'false', 'empty', 'now', 'nan', 'infinite']);

/** Functions that give their input or nothing, by its type or truth. */
const FILTERS = new Set(
  'values nulls booleans numbers strings arrays objects iterables scalars'.split(' '),
);

/** Functions that tell the type or truth of their input. */
const TELLERS = new Set(['type', 'not']);

/** Expressions of more are not read: nobody writes them by hand. */
const MOST_TOKENS = 500;

const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=']);
const CALCULATIONS = new Set(['+', '-', '*', '/', '%']);
const NAME = /^[A-Za-z_]\w*$/u;
const NUMBER = /^\.?\d/u;

/**
 * Reads an expression in the order of jq's grammar, and follows where in the item each term lies.
 * Whatever takes part in a calculation, a comparison, a new value or an unknown function is needed
 * whole, and with it all that lies below, which is all that its arguments can get at.
 */
class ExpressionReader {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(expression: string) {
    this.#tokens = jqTokens(expression).map(({ text }) => text);
    // jq's versions differ in where a comment ends; and the stack is not for programs of any size.
    const isReadable = !expression.includes('#') && this.#tokens.length <= MOST_TOKENS;
    if (!isReadable) throw new NotUnderstood();
  }

  end(): void {
    if (this.#at < this.#tokens.length) throw new NotUnderstood();
  }

  useWhole(places: Places): void {
    for (const place of places) place.isWhole = true;
  }

  pipe(input: Places): Places {
    const output = this.#comma(input);
    return this.#takes('|') ? this.pipe(output) : output;
  }

  #comma(input: Places): Places {
    const places = [...this.#alternative(input)];
    while (this.#takes(',')) places.push(...this.#alternative(input));
    return places;
  }

  #alternative(input: Places): Places {
    const places = this.#condition(input);
    return this.#takes('//') ? [...places, ...this.#alternative(input)] : places;
  }

  /** `and` and `or` look at the truth alone. */
  #condition(input: Places): Places {
    const places = this.#comparison(input);
    if (!this.#takes('and') && !this.#takes('or')) return places;
    this.#condition(input);
    return [];
  }

  #comparison(input: Places): Places {
    return this.#operation(COMPARISONS, () =>
      this.#operation(CALCULATIONS, () => this.#term(input)),
    );
  }

  #operation(signs: ReadonlySet<string>, operand: () => Places): Places {
    const places = operand();
    if (!signs.has(this.#next)) return places;
    this.useWhole(places);
    while (signs.has(this.#next)) {
      this.#at += 1;
      this.useWhole(operand());
    }
    return [];
  }

  #term(input: Places): Places {
    let places = this.#first(input);
    for (;;) {
      const step = this.#next;
      if (this.#takes('?')) continue;
      if (step === 'as') return this.#binding(places, input);
      if (/^\.[A-Za-z_]/u.test(step)) places = this.#key(places, this.#take().slice(1));
      else if (step === '.' || step === '[') places = this.#step(places, input);
      else return places;
    }
  }

  #first(input: Places): Places {
    const token = this.#take();
    if (token === '.') return this.#itself(input);
    if (/^\.[A-Za-z_]/u.test(token)) return this.#key(input, token.slice(1));
    if (token === '(') return this.#closed(')', this.pipe(input));
    if (token === '[') return this.#list(input);
    if (token === '{') return this.#object(input);
    if (token === '-') return this.#made(this.#term(input));
    if (token === '..') return this.#made(input);
    if (token.startsWith('"')) return this.#text(token, input);
    if (token.startsWith('@')) return this.#format(input);
    if (token === 'if') return this.#choice(input);
    if (token === 'try') return this.#attempt(input);
    if (NUMBER.test(token) || /^\$[A-Za-z_]\w*$/u.test(token)) return [];
    if (NAME.test(token) && !KEYWORDS.has(token)) return this.#call(token, input);
    throw new NotUnderstood();
  }

  /** The `.` that stands for the input, or begins a path that is written with a bracket or a text. */
  #itself(input: Places): Places {
    if (!this.#next.startsWith('"')) return input;
    return this.#key(input, literal(this.#take()));
  }

  #step(places: Places, input: Places): Places {
    if (this.#takes('.') && this.#next.startsWith('"')) {
      return this.#key(places, literal(this.#take()));
    }
    this.#expect('[');
    if (this.#takes(']')) return this.#each(places);
    const [index = '', after] = this.#tokens.slice(this.#at);
    if (after === ']') {
      if (index.startsWith('"')) return this.#closed(']', this.#key(places, literal(this.#take())));
      if (NUMBER.test(index)) {
        this.#take();
        return this.#closed(']', this.#each(places));
      }
    }
    this.useWhole(places);
    while (!this.#takes(']')) if (!this.#takes(':')) this.useWhole(this.pipe(input));
    return [];
  }

  #key(places: Places, key: string): Places {
    // Would be no member of the object that `cut` makes.
    if (key === '__proto__') throw new NotUnderstood();
    return places.map(({ keys }) => {
      const inner = keys.get(key) ?? noNeed();
      keys.set(key, inner);
      return inner;
    });
  }

  #each(places: Places): Places {
    return places.map((place) => (place.each ??= noNeed()));
  }

  /** A value that is made of these. */
  #made(places: Places): Places {
    this.useWhole(places);
    return [];
  }

  #list(input: Places): Places {
    return this.#takes(']') ? [] : this.#closed(']', this.#made(this.pipe(input)));
  }

  #object(input: Places): Places {
    while (!this.#takes('}')) {
      const key = this.#take();
      if (key === '(') this.#closed(')', this.#made(this.pipe(input)));
      if (key.startsWith('"')) this.#text(key, input);
      if (this.#takes(':')) this.#member(input);
      else if (NAME.test(key)) this.useWhole(this.#key(input, key));
      else if (key.startsWith('"')) this.useWhole(this.#key(input, literal(key)));
      else if (!key.startsWith('$')) throw new NotUnderstood();
      if (this.#next !== '}') this.#expect(',');
    }
    return [];
  }

  /** A value in an object: terms with bars between them. */
  #member(input: Places): void {
    let places = this.#term(input);
    while (this.#takes('|')) places = this.#term(places);
    this.useWhole(places);
  }

  /** A text, with what is written into it: `"\\(.a) and \\(.b)"`. */
  #text(token: string, input: Places): Places {
    for (let at = token.indexOf('\\'); at !== -1; at = token.indexOf('\\', at)) {
      if (token[at + 1] !== '(') {
        at += 2;
        continue;
      }
      const end = endOfInterpolation(token, at + 2);
      const inner = new ExpressionReader(token.slice(at + 2, end - 1));
      inner.useWhole(inner.pipe(input));
      inner.end();
      at = end;
    }
    return [];
  }

  #format(input: Places): Places {
    return this.#next.startsWith('"') ? this.#text(this.#take(), input) : this.#made(input);
  }

  #choice(input: Places): Places {
    const places: Need[] = [];
    do {
      this.pipe(input);
      this.#expect('then');
      places.push(...this.pipe(input));
    } while (this.#takes('elif'));
    places.push(...(this.#takes('else') ? this.pipe(input) : input));
    this.#expect('end');
    return places;
  }

  #attempt(input: Places): Places {
    const places = this.#term(input);
    return this.#takes('catch') ? [...places, ...this.#term([])] : places;
  }

  /** `term as $name | …`: what follows may do anything with the value of the name. */
  #binding(places: Places, input: Places): Places {
    this.useWhole(places);
    this.#expect('as');
    if (!this.#take().startsWith('$')) throw new NotUnderstood();
    this.#expect('|');
    return this.pipe(input);
  }

  #call(name: string, input: Places): Places {
    if (!this.#takes('(')) return this.#plainCall(name, input);
    const result = this.#argumentsOf(name, input);
    this.#expect(')');
    return result;
  }

  #plainCall(name: string, input: Places): Places {
    if (CONSTANTS.has(name) || TELLERS.has(name)) return [];
    if (FILTERS.has(name)) return input;
    if (name === 'first' || name === 'last') return this.#each(input);
    return this.#made(input);
  }

  #argumentsOf(name: string, input: Places): Places {
    if (name === 'select') {
      this.pipe(input);
      return input;
    }
    if (name === 'map') return this.#made(this.pipe(this.#each(input)));
    if (name === 'first' || name === 'last') {
      const places = this.pipe(input);
      if (this.#next === ')') return places;
      throw new NotUnderstood();
    }
    this.useWhole(input);
    do this.pipe([]);
    while (this.#takes(';'));
    return [];
  }

  #closed(bracket: string, places: Places): Places {
    this.#expect(bracket);
    return places;
  }

  get #next(): string {
    return this.#tokens[this.#at] ?? '';
  }

  #take(): string {
    this.#at += 1;
    return this.#tokens[this.#at - 1] ?? '';
  }

  #takes(token: string): boolean {
    if (this.#next !== token) return false;
    this.#at += 1;
    return true;
  }

  #expect(token: string): void {
    if (!this.#takes(token)) throw new NotUnderstood();
  }
}

/** What a text says that has nothing written into it. */
function literal(token: string): string {
  try {
    const text: unknown = JSON.parse(token);
    if (typeof text === 'string') return text;
  } catch {
    // Escapes that only jq knows, or an interpolation.
  }
  throw new NotUnderstood();
}
