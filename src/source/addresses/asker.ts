import { z } from 'zod';
import { type HttpError, isStopped } from '../../http/http-error.js';
import type { JsonObject } from '../../model/json.js';
import { httpError } from '../failure.js';
import { jsonObject } from '../listing/page.js';
import type { ListedKind } from '../kind.js';
import type { Count, Rest } from '../listing/rest.js';
import type { Address, AddressAnswer, Reading } from '../source.js';
import type { RawItem } from '../../model/page.js';

/** What is at an address, before a reading has looked whether it would list it. */
export type Found =
  | { readonly status: 'there'; readonly value: JsonObject }
  | Exclude<AddressAnswer, { status: 'alive' }>;

/** What a refusal says, as far as it is worded as the server words them. */
export type Refusal =
  /** There is no such thing. `kind`: what it is that is not there; `isPlain`: nothing is left open. */
  | { readonly type: 'none'; readonly kind: string; readonly isPlain: boolean }
  | { readonly type: 'hidden'; readonly code: 401 | 403 }
  | { readonly type: 'moved' }
  /** It says nothing about the address. */
  | { readonly type: 'unclear' };

/** Where something is: `address` is null out of reach, such as in another workspace. */
export interface Place {
  readonly name: string;
  readonly address: Address | null;
}

/** How one of the two Bitbuckets is asked for something by its address. */
export interface AddressRules {
  /** Where its API has it; null: it cannot be asked for. */
  urlOf(address: Address): URL | null;
  /** Where an answer says that the thing is, in every way it says so; none for something else. */
  shownAt(address: Address, value: JsonObject): readonly Place[];
  refusalOf(failure: HttpError, address: Address): Refusal;
  /** The smallest question about others of its kind, for something that is below nothing. */
  neighboursOf(address: Address): URL;
  /** Why a call failed, for a person. */
  describe(failure: HttpError): string;
}

/**
 * What is next to something that is below nothing. Where all of it is gone, these credentials may just as
 * well see nothing any more.
 */
type Neighbourhood = 'living' | 'empty' | 'silent' | 'not asked';

const pageBody = z.object({ values: z.array(jsonObject) });

/** Asks for single things by their own addresses, each once in a run. */
export class Asker {
  readonly #rest: Rest;
  readonly #rules: AddressRules;
  readonly #found = new Map<string, Promise<Found>>();
  readonly #neighbours = new Map<string, Promise<Neighbourhood>>();

  constructor(rest: Rest, rules: AddressRules) {
    this.#rest = rest;
    this.#rules = rules;
  }

  /**
   * Never rejects for what a server does.
   * @throws HttpError `aborted`
   */
  find(address: Address, count: Count): Promise<Found> {
    const known = this.#found.get(address.key);
    if (known !== undefined) return known;
    const found = this.#ask(address, count);
    this.#found.set(address.key, found);
    return found;
  }

  async #ask(address: Address, count: Count): Promise<Found> {
    const url = this.#rules.urlOf(address);
    if (url === null) return unanswered(`${address.name} has no address of its own in the API`);
    try {
      const { body } = await this.#rest.json({ url, subject: address.name, count }, jsonObject);
      return body === null ? unanswered('answered nothing') : this.#read(address, body);
    } catch (error) {
      const failure = httpError(error);
      if (isStopped(failure)) throw failure;
      if (failure.failure === 'no-time') return { status: 'not asked', reason: failure.reason };
      return await this.#refused(address, failure, count);
    }
  }

  #read(address: Address, value: JsonObject): Found {
    const shown = this.#rules.shownAt(address, value);
    if (shown.some((place) => place.address?.key === address.key)) {
      return { status: 'there', value };
    }
    const [place] = shown;
    if (place === undefined) return unanswered('answered with something else');
    return { status: 'renamed', name: place.name, to: place.address };
  }

  async #refused(address: Address, failure: HttpError, count: Count): Promise<Found> {
    const refusal = this.#rules.refusalOf(failure, address);
    const reason = this.#rules.describe(failure);
    switch (refusal.type) {
      case 'hidden':
        return { status: 'hidden', code: refusal.code };
      case 'moved':
        return { status: 'renamed', name: reason, to: null };
      case 'unclear':
        return unanswered(reason);
      case 'none': {
        const missing = lineOf(address).find(({ kind }) => kind === refusal.kind);
        if (missing === undefined) return unanswered(reason);
        if (missing !== address) return await this.#below(missing, reason, count);
        const near = await this.#nextTo(address, count);
        if (near !== 'living' && near !== 'empty') return near;
        return { status: refusal.isPlain && near === 'living' ? 'gone' : 'ambiguous' };
      }
    }
  }

  /** Something above is said to be missing: it is asked for itself. */
  async #below(above: Address, reason: string, count: Count): Promise<Found> {
    const found = await this.find(above, count);
    // One that is there, or has moved, contradicts what was said just now.
    return found.status === 'there' || found.status === 'renamed' ? unanswered(reason) : found;
  }

  /**
   * Whether what is next to it still answers: a server that answers nothing but 404, or that does not
   * know us any more, is no witness. Otherwise what there is to say instead.
   */
  async #nextTo(address: Address, count: Count): Promise<'living' | 'empty' | Found> {
    const { parent } = address;
    if (parent !== null) {
      const found = await this.find(parent, count);
      return found.status === 'there' || found.status === 'renamed' ? 'living' : found;
    }
    const known = this.#neighbours.get(address.kind) ?? this.#askNeighbours(address, count);
    this.#neighbours.set(address.kind, known);
    const answer = await known;
    if (answer === 'silent') return unanswered('nothing else of its kind answered');
    if (answer !== 'not asked') return answer;
    return { status: 'not asked', reason: 'no request was left for another one of its kind' };
  }

  async #askNeighbours(address: Address, count: Count): Promise<Neighbourhood> {
    const url = this.#rules.neighboursOf(address);
    const subject = `others beside ${address.name}`;
    try {
      const { body } = await this.#rest.json({ url, subject, count }, pageBody);
      if (body === null) return 'silent';
      return body.values.length > 0 ? 'living' : 'empty';
    } catch (error) {
      const failure = httpError(error);
      if (isStopped(failure)) throw error;
      return failure.failure === 'no-time' ? 'not asked' : 'silent';
    }
  }
}

/** Whether the words of a server leave nothing open about what these credentials may see. */
export function leavesNothingOpen(words: string): boolean {
  return !/access|permi(?:t|ss)|authenti|authori[sz]|log ?in|sign ?in/i.test(words);
}

/** An address, and all that it is below. */
function lineOf(address: Address): readonly Address[] {
  return address.parent === null ? [address] : [address, ...lineOf(address.parent)];
}

function unanswered(reason: string): Found {
  return { status: 'unanswered', reason };
}

/** What the listing of a reading would give for something that is there; null: it leaves it out. */
export type AsListed = (value: JsonObject, address: Address) => Promise<RawItem | null>;

/**
 * How a reading asks by address.
 * @param listed of each kind that the reading lists or stands on
 * @param reasonOf why a call failed, for a person
 */
export function answering(
  asker: Asker,
  count: Count,
  listed: readonly (readonly [ListedKind, AsListed])[],
  reasonOf: (error: ReturnType<typeof httpError>) => string,
): Reading['ask'] {
  return async (address) => {
    const [kind, asListed] = listed.find(([{ name }]) => name === address.kind) ?? [];
    if (kind === undefined || asListed === undefined) {
      return {
        status: 'unanswered',
        reason: `${address.name} is nothing that this reading is about`,
      };
    }
    try {
      const found = await asker.find(address, count);
      if (found.status !== 'there') return found;
      const changedAt = kind.changedAt?.(found.value) ?? null;
      return { status: 'alive', item: await asListed(found.value, address), changedAt };
    } catch (error) {
      const failure = httpError(error);
      const reason = isStopped(failure) ? 'the run was stopped' : reasonOf(failure);
      return { status: failure.failure === 'no-time' ? 'not asked' : 'unanswered', reason };
    }
  };
}
