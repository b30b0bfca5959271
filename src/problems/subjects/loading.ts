import type { EntityReference } from '../../model/entity.js';
import type { WithRequest } from '../../model/request-facts.js';
import type { ResourceReference } from '../../model/resource.js';
import {
  askAdministrators,
  entitiesOf,
  grouped,
  locationWords,
  shortened,
  withRequest,
} from '../phrases.js';
import type { AtItem, OfExpression } from '../file-location.js';
import { incomplete, warning, type WordsFor } from '../severity.js';

/** What Port lacks, refuses or does not answer. */
export interface LoadingProblems {
  /** The mapping names a blueprint that Port does not have. */
  'blueprint-missing': { readonly resource: ResourceReference; readonly blueprint: string };
  /** The mapping fills a property or relation that the blueprint lacks; it is left out. */
  'blueprint-lacks': {
    readonly resource: ResourceReference;
    readonly blueprint: string;
    readonly fields: readonly string[];
  };
  /** The mapping fills a calculation, mirror or aggregation of the blueprint; it is left out. */
  'blueprint-computes': {
    readonly resource: ResourceReference;
    readonly blueprint: string;
    readonly fields: readonly string[];
  };
  /** What an item gives is not what the blueprint takes there. Only `check` looks before it sends. */
  'blueprint-unfit': AtItem &
    OfExpression & {
      readonly blueprint: string;
      readonly field: string;
      readonly wanted: string;
      readonly given: string;
    };
  /** All that an expression could give of a list is nulls. Only `check` tells, of lists that may be empty. */
  'members-lack': {
    readonly resource: ResourceReference;
    readonly field: string;
    readonly list: string;
    readonly missing: string;
    readonly instead?: string;
  };
  /** The blueprint requires what no resource of the mapping fills. */
  'blueprint-requires': { readonly blueprint: string; readonly fields: readonly string[] };
  /** Default blueprints could not be created. */
  'defaults-refused': {
    readonly blueprint: string;
    readonly reason: string;
    /** Whether Port says that these credentials may not. */
    readonly isForbidden: boolean;
  };
  /** What the catalog holds could not be read, so nothing is written there. */
  'catalog-unreadable': { readonly blueprint: string; readonly reason: string } & WithRequest;
  /** What a repository describes is there already, and another program or a person made it. */
  'entity-of-others': { readonly entity: EntityReference; readonly item: string };
  /** Port refused an entity. */
  'entity-refused': {
    readonly entity: EntityReference;
    readonly item: string;
    readonly status: number;
    readonly message: string;
  };
  /** An entity that relates to what Port does not hold, where Port may not create it on the way. */
  'relation-target-missing': {
    readonly entity: EntityReference;
    readonly item: string;
    /** At least one. */
    readonly missing: readonly EntityReference[];
  };
  /** A relation of something that only we fill leads to what Port does not hold, and was left out. */
  'relation-left-out': AtItem & { readonly name: string; readonly target: EntityReference };
  /**
   * Fields that the first run over another program's catalog changes, as they are made of what only we
   * read. `version`: of that program.
   */
  'newly-filled': {
    readonly resource: ResourceReference;
    readonly version: string;
    readonly fields: readonly string[];
    readonly sources: readonly string[];
  };
  /**
   * An entity that another program made with nothing but an identifier, mostly Port itself as the target of
   * a relation, and that the mapping fills.
   */
  'bare-not-ours': { readonly entity: EntityReference };
  /** Something on the way to Port, such as a firewall, turned an entity down. */
  'entity-blocked': {
    readonly entity: EntityReference;
    readonly item: string;
    /** What came back: `answered 403 Forbidden`. */
    readonly answer: string;
  };
  /**
   * An entity alone is larger than a request may be. `answer`: of who refused less than Port takes;
   * null when it was not sent.
   */
  'entity-too-large': {
    readonly entity: EntityReference;
    readonly item: string;
    readonly bytes: number;
    readonly answer: string | null;
  };
  /** A bulk that Port did not answer, after all retries. */
  'entities-not-loaded': {
    readonly blueprint: string;
    readonly count: number;
    readonly reason: string;
  } & WithRequest;
  /** Port says that these credentials may not write. */
  'writing-refused': {
    readonly blueprint: string;
    readonly count: number;
    readonly reason: string;
  } & WithRequest;
  /** Another run of the integration seems to be under way. `since`: milliseconds since the epoch. */
  'run-overlaps': { readonly identifier: string; readonly since: number };
  /** A call that a run can do without failed. */
  'best-effort-failed': {
    readonly subject: string;
    readonly reason: string;
    /** What goes without, and what to do. */
    readonly remedy: string;
  };
}

/** Each of them in words. */
export const loadingWords: WordsFor<LoadingProblems> = {
  'blueprint-missing': ({ resource, blueprint }) =>
    incomplete(
      `${resource.kind}: Port has no blueprint ${blueprint}`,
      'Create it in Port, or correct the mapping',
    ),
  'blueprint-lacks': ({ resource, blueprint, fields }) =>
    incomplete(
      `${resource.kind}: blueprint ${blueprint} has no ${fields.join(', ')}; entities were written without`,
      'Add them to the blueprint, or remove them from the mapping',
    ),
  'blueprint-computes': ({ resource, blueprint, fields }) =>
    incomplete(
      `${resource.kind}: Port itself computes ${fields.join(', ')} of blueprint ${blueprint}, as a calculation, mirror or aggregation; left out`,
      'Remove them from the mapping, or make them ordinary properties of the blueprint',
    ),
  'blueprint-unfit': ({ resource, item, blueprint, field, wanted, given, expression, at }) =>
    incomplete(
      `${resource.kind}: ${field} of ${blueprint} takes ${shortened(wanted)}, but ${item} gives ${shortened(given)}`,
      `Port would refuse it; correct the blueprint, or the expression${locationWords(at)}: ${shortened(expression)}`,
    ),
  'members-lack': ({ resource, field, list, missing, instead }) =>
    warning(
      `${resource.kind}: ${field} gives nulls alone, as there is no key ${missing} in ${list}`,
      instead === undefined ? null : `Use the path ${instead} in the mapping`,
    ),
  'blueprint-requires': ({ blueprint, fields }) =>
    warning(
      `blueprint ${blueprint} requires ${fields.join(', ')}, which the mapping does not fill`,
      'Port refuses new entities without them. Map them, or make them optional in the blueprint',
    ),
  'defaults-refused': ({ blueprint, reason, isForbidden }) =>
    incomplete(
      `the default blueprint ${blueprint} could not be created: ${reason}`,
      isForbidden
        ? 'Use PORT_CLIENT_ID and PORT_CLIENT_SECRET of an account that may create blueprints, or create them in Port'
        : 'Create the blueprints in Port, or set INITIALIZE_PORT_RESOURCES=false',
    ),
  'catalog-unreadable': ({ blueprint, reason, request }) =>
    incomplete(
      `Port could not be asked for the entities of ${blueprint}: ${withRequest(reason, request)}`,
      'Nothing was written there, as nothing tells what it holds; the next run does it',
    ),
  'entity-of-others': ({ entity, item }) =>
    incomplete(
      `${entity.blueprint} ${entity.identifier} is in Port already and not ours; ${item} does not change it`,
      'Choose another identifier in the file, or delete the entity in Port',
    ),
  'entity-refused': ({ entity, item, status, message }) =>
    incomplete(
      `Port refused ${entity.blueprint} ${entity.identifier} (${status}): ${message}`,
      `It was mapped from ${item}`,
    ),
  'relation-target-missing': ({ entity, item, missing }) =>
    incomplete(
      `${entity.blueprint} ${entity.identifier} was not loaded: it relates to ${missing.map((target) => `${target.blueprint} ${target.identifier}`).join(', ')}, which Port does not have`,
      `It was mapped from ${item}; map what it relates to, or set createMissingRelatedEntities: true`,
    ),
  'relation-left-out': ({ resource, item, name, target }) => ({
    severity: 'notice',
    exitCode: 0,
    message: `${resource.kind}: relations.${name} of ${item} is left out, as Port does not have ${target.blueprint} ${target.identifier}`,
    hint: null,
  }),
  'newly-filled': ({ resource, version, fields, sources }) => ({
    severity: 'notice',
    exitCode: 0,
    message: `${resource.kind}: the first sync changes ${fields.join(', ')}: they are made of ${sources.join(', ')}, which ${version} does not read`,
    hint: 'To keep them as they are, take them out of the mapping',
  }),
  'bare-not-ours': ({ entity }) => ({
    severity: 'notice',
    exitCode: 0,
    message: `${entity.blueprint} ${entity.identifier} was in Port before, with nothing but its identifier, and is not ours: it is filled, and never deleted`,
    hint: 'A relation to it may have made it. Delete it in Port once, and the next sync makes it anew, as ours',
  }),
  'entity-blocked': ({ entity, item, answer }) =>
    incomplete(
      `${entity.blueprint} ${entity.identifier} did not get through to Port: something on the way ${answer}`,
      `A firewall or proxy seems to object to a text of ${item}; let it pass requests to Port, or leave that property out of the mapping`,
    ),
  'entity-too-large': ({ entity, item, bytes, answer }) =>
    answer === null
      ? incomplete(
          `${entity.blueprint} ${entity.identifier} has ${grouped(bytes)} bytes, more than the 1 MiB that Port takes`,
          `It was mapped from ${item}; shorten its longest property in the mapping`,
        )
      : incomplete(
          `${entity.blueprint} ${entity.identifier} was refused for its ${grouped(bytes)} bytes, which are less than the 1 MiB that Port takes: ${answer}`,
          `It was mapped from ${item}; a proxy on the way seems to take less than Port: raise its limit, or shorten the longest property in the mapping`,
        ),
  'entities-not-loaded': ({ blueprint, count, reason, request }) =>
    incomplete(
      `Port did not take ${entitiesOf(blueprint, count)}: ${withRequest(reason, request)}`,
      `The next run writes what is missing${askAdministrators('port', request)}`,
    ),
  'writing-refused': ({ blueprint, count, reason, request }) =>
    incomplete(
      `Port does not let these credentials write ${entitiesOf(blueprint, count)}: ${withRequest(reason, request)}`,
      'Use PORT_CLIENT_ID and PORT_CLIENT_SECRET of an account that may write to the catalog',
    ),
  'run-overlaps': ({ identifier, since }) =>
    incomplete(
      `another run of integration ${identifier} has been under way since ${new Date(since).toISOString()}, or was killed: nothing is deleted`,
      'Let the pipeline start one run at a time. A run that was killed counts for an hour',
    ),
  'best-effort-failed': ({ subject, reason, remedy }) =>
    warning(`${subject} failed: ${reason}`, remedy),
};
