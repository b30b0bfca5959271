import { identifierStyle, identifierWords, type IdentifierStyle } from '../defaults/identifiers.js';
import type { Mapping } from '../mapping/mapping.js';
import { OUR_VERSIONS } from '../port/data-source.js';
import type { Source } from '../source/source.js';
import type { IntegrationRecord } from './choose-mapping.js';

/** The identifiers of a run, and whether they can still be changed at no cost. */
export interface Identifiers {
  readonly style: IdentifierStyle;
  /** Whether no run has loaded anything for the integration yet. */
  readonly isNew: boolean;
}

/** What the mapping and the record tell of it. */
export function identifiersOf(
  { resources }: Mapping,
  record: IntegrationRecord,
  type: Source['type'],
): Identifiers {
  const style = identifierStyle(type, (name) => {
    const resource = resources.find(({ kind }) => kind === name);
    return resource?.feeds[0]?.identifier ?? null;
  });
  return { style, isNew: isNew(record) };
}

/** Said before the first load; null where there is nothing to choose any more. */
export function tellIdentifiers(
  { style, isNew }: Identifiers,
  type: Source['type'],
): string | null {
  return isNew ? identifierWords(type, style) : null;
}

function isNew(record: IntegrationRecord): boolean {
  if (record.status === 'missing') return true;
  if (record.status === 'unreadable') return false;
  const { version, mark, resync, arePortResourcesInitialized } = record.integration;
  const isOfOthers = version !== null && !version.startsWith(OUR_VERSIONS);
  return !isOfOthers && mark === null && resync.status === null && !arePortResourcesInitialized;
}
