import { DEFAULTS } from '../../defaults/index.js';
import { historyOf } from '../../deletion/history.js';
import type { Mapping } from '../../mapping/mapping.js';
import type { Webhook } from '../../port/webhooks.js';
import { counted } from '../../report/text.js';
import type { IntegrationType, SyncSettings } from '../../settings/settings.js';
import {
  kindsFor,
  mappingOrigin,
  readMapping,
  type IntegrationRecord,
  type MappingOrigin,
} from '../../stages/choose-mapping.js';
import { identifiersOf, tellIdentifiers } from '../../stages/identifiers.js';
import { newlyFilledIn } from '../../stages/newly-filled-in.js';
import { driftOf } from '../../stages/webhook-drift.js';
import { openEngine } from '../open-engine.js';
import { localMapping } from '../run-request.js';
import type { CheckContext, Findings, Section, Seen } from './section.js';

/** The jq in use. The engine is to be closed. */
export const checkJq: Section = async ({ runtime, settings }, found) => {
  const engine = await found.attempt(() =>
    openEngine(settings.parts.jq, runtime, (event) => {
      if (event.type === 'problem') found.problem(event.problem);
    }),
  );
  if (engine !== null) found.ok(`${engine.description} runs the mapping`);
  return { engine };
};

/** The mapping that a run would use. */
export const checkMapping: Section = async (check, found) => {
  const { engine, record, webhook } = check;
  const { type, parts } = check.settings;
  const origin = originOf(check, found);
  if (origin === null) return {};
  if (type === null) {
    const setting = 'which Bitbucket the mapping is for';
    found.problem({ code: 'setting-missing', setting, spellings: ['BITBUCKET_TYPE', '--type'] });
    return {};
  }
  if (engine === null) {
    found.note('the mapping was not checked: there is no jq to compile it');
    return {};
  }
  const mapping = await found.attempt(async () => {
    const kinds = kindsFor(type, parts.sync);
    const parsed = await readMapping(origin, engine, { type, kinds });
    found.ok(describe(parsed.mapping));
    for (const problem of parsed.problems) found.problem(problem);
    if (record !== null)
      tellBesideRecord(parsed.mapping, record, { type, sync: parts.sync }, found);
    if (webhook !== null) tellWebhook(webhook, parsed.mapping, type, found);
    return parsed.mapping;
  });
  return { mapping };
};

/** Whether events make the same entities as a run. */
function tellWebhook(
  webhook: Webhook,
  mapping: Mapping,
  type: IntegrationType,
  found: Findings,
): void {
  const drift = driftOf(webhook, mapping, type);
  if (drift === null) found.ok(`webhook ${webhook.identifier} in Port maps as the mapping does`);
  else found.problem(drift);
}

/** What the mapping comes to beside what the integration in Port says of earlier runs. */
function tellBesideRecord(
  mapping: Mapping,
  record: IntegrationRecord,
  { type, sync }: { readonly type: IntegrationType; readonly sync: SyncSettings },
  found: Findings,
): void {
  const words = tellIdentifiers(identifiersOf(mapping, record, type), type);
  if (words !== null) found.note(words);
  const kinds = kindsFor(type, sync);
  for (const problem of newlyFilledIn(mapping.resources, kinds, historyOf(record))) {
    found.problem(problem);
  }
}

/** The mapping as it was written; null, with the reason, when there is none to look at. */
function originOf(
  { settings, isOffline, record }: CheckContext & Seen,
  found: Findings,
): MappingOrigin | null {
  const { parts, isMappingNamed, type } = settings;
  const local = localMapping(parts);
  if (local !== null) return local;
  if (isMappingNamed) {
    found.note('the mapping was not checked: it could not be read');
    return null;
  }
  if (isOffline) {
    found.note('there is no local mapping: it lives in Port, and there is nothing to check here');
    return null;
  }
  if (record === null) {
    found.note('there is no local mapping, and what Port holds could not be looked at');
    return null;
  }
  return mappingOrigin(null, record, DEFAULTS[type ?? 'bitbucket-server'].mapping);
}

function describe({ origin, resources }: Mapping): string {
  const kinds = resources.map(({ kind }) => kind).join(', ');
  const many = counted(resources.length, 'resource', 'resources');
  return `${origin} is valid: ${many} (${kinds})`;
}
