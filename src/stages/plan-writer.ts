import { referenceKey, type EntityReference } from '../model/entity.js';
import type { EventListener } from '../model/event.js';
import type { Plan } from '../model/plan.js';
import { blueprintFrom, withAddition } from '../port/blueprints.js';
import { addedFields } from '../port/complete-blueprint.js';
import { versionInPort } from '../port/data-source.js';
import type { PortClient } from '../port/port-client.js';
import { ProblemError } from '../problems/problem.js';
import type { PortWriter } from './entity-writer.js';
import { PlanEntities } from './plan-entities.js';
import { PlanNotes, PlanTargets } from './plan-notes.js';

/** Takes notes of what a run would change in Port, and writes nothing. */
export interface PlanWriter {
  readonly writer: PortWriter;
  /** After the run: all of it. What a stopped or broken look at Port cannot tell is left out. */
  plan(run: { readonly signal: AbortSignal; readonly emit: EventListener }): Promise<Plan>;
}

/** @param limit how many changes of an action are kept of each blueprint; the rest is counted */
export function createPlanWriter(client: PortClient, limit: number): PlanWriter {
  const notes = new PlanNotes(limit);
  const targets = new PlanTargets(client);
  const relations = new Map<string, EntityReference>();
  const relate = (reference: EntityReference): void => {
    relations.set(referenceKey(reference), reference);
  };
  const writer: PortWriter = {
    entityWriter: (blueprint, options) => {
      targets.know(blueprint.identifier, options.owned);
      return new PlanEntities(client, blueprint, options, notes, targets, relate);
    },
    // The plan names what would be created so.
    createdForRelations: () => Promise.resolve([]),
    deleteEntities: (blueprint, identifiers) => {
      for (const identifier of identifiers) {
        notes.add(blueprint, { action: 'delete', identifier, title: null, fields: [] });
      }
      return Promise.resolve(identifiers.map(() => ({ type: 'deleted' })));
    },
    pendingRelations: (blueprint) => notes.relationsOf(blueprint),
    keepAll: () => {
      notes.deletions = 'unknown';
    },
    postpone: (due, why) => {
      notes.postponed.push(
        ...due.map(({ blueprint, identifier }) => ({ entity: { blueprint, identifier }, why })),
      );
    },
    createBlueprints: (definitions, existing) => {
      const created = definitions.map(({ identifier }) => identifier);
      notes.newBlueprints.push(...created);
      created.forEach((identifier) => {
        targets.knowEmpty(identifier);
      });
      const blueprints = new Map(existing);
      for (const each of definitions) blueprints.set(each.identifier, blueprintFrom(each));
      return Promise.resolve({ blueprints, created });
    },
    addToBlueprint: (addition, existing) => {
      const { blueprint } = addition;
      notes.changedBlueprints.push({ blueprint, added: addedFields(addition) });
      return Promise.resolve(withAddition(existing, addition));
    },
    createIntegration: () => {
      notes.isIntegrationCreated = true;
      return Promise.resolve(null);
    },
    writeMapping: () => {
      notes.written.push({ field: 'config', old: null, new: 'the built-in mapping' });
      return Promise.resolve();
    },
    // What is remembered of deletions changes nothing that anybody sees.
    signIntegration: (_mark, { version }) => {
      const ours = versionInPort(client.integration);
      if (version !== null && version.split('+')[0] !== ours) {
        notes.written.push({ field: 'version', old: null, new: ours });
      }
      return Promise.resolve(true);
    },
    updateIntegration: ({ arePortResourcesInitialized }) => {
      if (arePortResourcesInitialized === true) {
        notes.written.push({ field: 'arePortResourcesInitialized', old: false, new: true });
      }
      return Promise.resolve();
    },
    leaveNotes: () => Promise.resolve(),
    reportResyncState: () => Promise.resolve(null),
    sendExamples: () => Promise.resolve(null),
  };
  return {
    writer,
    plan: async ({ signal, emit }) => {
      const unmade = [...relations.values()].filter((reference) => !notes.makes(reference));
      const related = signal.aborted ? [] : await orNothing(targets.absent(unmade), emit);
      return {
        integration: {
          identifier: client.integration.identifier,
          isCreated: notes.isIntegrationCreated,
          written: notes.written,
        },
        newBlueprints: notes.newBlueprints,
        changedBlueprints: notes.changedBlueprints,
        blueprints: notes.blueprints(),
        alwaysSent: notes.alwaysSent,
        related,
        deletions: notes.deletions,
        postponed: notes.postponed,
      };
    },
  };
}

async function orNothing<Value>(
  values: Promise<readonly Value[]>,
  emit: EventListener,
): Promise<readonly Value[]> {
  try {
    return await values;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    for (const problem of error.problems) emit({ type: 'problem', problem });
    return [];
  }
}
