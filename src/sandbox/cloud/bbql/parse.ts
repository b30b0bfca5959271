import { invalidQuery } from '../cloud-error.js';
import { tokens, type Literal, type Token } from './tokens.js';

export type Operator = '=' | '!=' | '~' | '!~' | '>' | '>=' | '<' | '<=' | 'IN' | 'NOT IN';

/** A filter as a tree. */
export type Condition =
  | { readonly type: 'all' | 'any'; readonly of: readonly Condition[] }
  | {
      readonly type: 'comparison';
      readonly field: string;
      readonly operator: Operator;
      /** One, or as many as a list holds. */
      readonly literals: readonly Literal[];
    };

const operators: readonly Operator[] = ['=', '!=', '~', '!~', '>', '>=', '<', '<='];

/**
 * Reads a filter of Bitbucket's query language: comparisons, AND before OR, parentheses.
 * @throws CloudError 400 when it is malformed
 */
export function parse(query: string): Condition {
  const parser = new Parser(tokens(query));
  const condition = parser.disjunction();
  parser.end();
  return condition;
}

class Parser {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(found: readonly Token[]) {
    this.#tokens = found;
  }

  disjunction(): Condition {
    const of = [this.#conjunction()];
    while (this.#takeWord('OR')) of.push(this.#conjunction());
    return of.length === 1 && of[0] !== undefined ? of[0] : { type: 'any', of };
  }

  end(): void {
    if (this.#position < this.#tokens.length) throw this.#unexpected();
  }

  #conjunction(): Condition {
    const of = [this.#term()];
    while (this.#takeWord('AND')) of.push(this.#term());
    return of.length === 1 && of[0] !== undefined ? of[0] : { type: 'all', of };
  }

  #term(): Condition {
    if (this.#takeSign('(')) {
      const inner = this.disjunction();
      this.#expectSign(')');
      return inner;
    }
    const token = this.#tokens[this.#position];
    if (token?.type !== 'word') throw this.#unexpected();
    this.#position += 1;
    return { type: 'comparison', field: token.text, ...this.#comparison() };
  }

  #comparison(): { readonly operator: Operator; readonly literals: readonly Literal[] } {
    const isNegated = this.#takeWord('NOT');
    if (this.#takeWord('IN')) {
      return { operator: isNegated ? 'NOT IN' : 'IN', literals: this.#list() };
    }
    const operator = operators.find((candidate) => this.#takeSign(candidate));
    if (operator === undefined || isNegated) throw this.#unexpected();
    return { operator, literals: [this.#literal()] };
  }

  #list(): readonly Literal[] {
    this.#expectSign('(');
    const literals = [this.#literal()];
    while (this.#takeSign(',')) literals.push(this.#literal());
    this.#expectSign(')');
    return literals;
  }

  #literal(): Literal {
    const token = this.#tokens[this.#position];
    if (token?.type !== 'literal') throw this.#unexpected();
    this.#position += 1;
    return token.literal;
  }

  #takeWord(word: string): boolean {
    const token = this.#tokens[this.#position];
    const isIt = token?.type === 'word' && token.text.toUpperCase() === word;
    if (isIt) this.#position += 1;
    return isIt;
  }

  #takeSign(sign: string): boolean {
    const token = this.#tokens[this.#position];
    const isIt = token?.type === 'sign' && token.text === sign;
    if (isIt) this.#position += 1;
    return isIt;
  }

  #expectSign(sign: string): void {
    if (!this.#takeSign(sign)) throw this.#unexpected();
  }

  #unexpected(): Error {
    const token = this.#tokens[this.#position];
    if (token === undefined) return invalidQuery('unexpected end');
    const shown = token.type === 'literal' ? String(token.literal.value) : token.text;
    return invalidQuery(`unexpected ${shown}`);
  }
}
