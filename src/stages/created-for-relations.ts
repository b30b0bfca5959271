import { isStopped } from '../http/http-error.js';
import { type Blueprint, referencesOf } from '../model/blueprint.js';
import { NO_FIELDS, referenceKey, type EntityReference } from '../model/entity.js';
import type { EventListener } from '../model/event.js';
import { readByIdentifier } from '../port/catalog.js';
import type { PortClient } from '../port/port-client.js';
import type { UpsertOutcome } from '../port/upsert.js';
import { ProblemError } from '../problems/problem.js';
import type { EntityWriterOptions, Outgoing } from './entity-writer.js';

/**
 * Finds what Port created on the way, with nothing but an identifier, because what was written relates
 * to it. The answers to writes do not name it. Asks only for what the run neither found nor made.
 */
export class CreatedForRelations {
  readonly #targets = new Map<string, EntityReference>();
  readonly #isOurs = new Map<string, EntityWriterOptions<Outgoing>['isOurs']>();

  /** Whose an entity of a blueprint is, is known where the run loads it. */
  know(blueprint: string, isOurs: EntityWriterOptions<Outgoing>['isOurs']): void {
    this.#isOurs.set(blueprint, isOurs);
  }

  /** Told of what became of entities that Port may have created targets for. */
  see(blueprint: Blueprint, sent: readonly Outgoing[], outcomes: readonly UpsertOutcome[]): void {
    for (const [index, { outgoing }] of sent.entries()) {
      const type = outcomes[index]?.type;
      if (type !== 'created' && type !== 'updated') continue;
      for (const target of referencesOf(outgoing.relations, blueprint)) {
        this.#targets.set(referenceKey(target), target);
      }
    }
  }

  /**
   * After the last write.
   * @param since when the run began, in milliseconds since the epoch, by Port's clock
   */
  async find(
    client: PortClient,
    since: number,
    emit: EventListener,
  ): Promise<readonly EntityReference[]> {
    const created: EntityReference[] = [];
    for (const [blueprint, identifiers] of this.#byBlueprint()) {
      try {
        const unknown = await this.#unknownOf(blueprint, identifiers);
        for await (const page of readByIdentifier(client, blueprint, unknown, NO_FIELDS)) {
          for (const { identifier, createdAt } of page) {
            if (createdAt !== null && createdAt >= since) created.push({ blueprint, identifier });
          }
        }
      } catch (error) {
        if (!(error instanceof ProblemError) && !isStopped(error)) throw error;
        // Nothing is wrong with what was loaded.
        const text = `Port did not tell which entities of ${blueprint} it created because a relation leads to them`;
        emit({ type: 'note', level: 'info', text });
      }
    }
    return created;
  }

  #byBlueprint(): ReadonlyMap<string, readonly string[]> {
    const identifiers = new Map<string, string[]>();
    for (const { blueprint, identifier } of this.#targets.values()) {
      const known = identifiers.get(blueprint) ?? [];
      known.push(identifier);
      identifiers.set(blueprint, known);
    }
    return identifiers;
  }

  async #unknownOf(blueprint: string, identifiers: readonly string[]): Promise<readonly string[]> {
    const isOurs = this.#isOurs.get(blueprint);
    const unknown: string[] = [];
    for (const identifier of identifiers) {
      if ((await isOurs?.(identifier)) !== true) unknown.push(identifier);
    }
    return unknown;
  }
}
