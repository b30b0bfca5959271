import { DEFAULTS } from '../../defaults/index.js';
import { historyOf } from '../../deletion/history.js';
import type { Mapping } from '../../mapping/mapping.js';
import { counted } from '../../report/text.js';
import type { PlainSettings } from '../../settings/settings.js';
import { cloudKinds } from '../../source/cloud/kinds/index.js';
import { serverKindsWith } from '../../source/server/kinds/index.js';
import {
  KINDS,
  mappingOrigin,
  readMapping,
  type MappingOrigin,
} from '../../stages/choose-mapping.js';
import type { IntegrationRecord } from '../../stages/choose-mapping.js';
import { identifiersOf, tellIdentifiers } from '../../stages/identifiers.js';
import { newlyFilledIn } from '../../stages/newly-filled-in.js';
import type { CheckContext, FoundEngine } from './check-context.js';
import { Findings } from './findings.js';

/** The mapping that a run would use, compiled; null: there is none that can be used. */
export async function checkMapping(
  context: CheckContext,
  engine: FoundEngine,
  record: IntegrationRecord | null,
): Promise<{ readonly found: Findings; readonly mapping: Mapping | null }> {
  const found = new Findings('mapping');
  const none = { found, mapping: null };
  const { type } = context.settings;
  const { sync } = context.settings.parts;
  const origin = originOf(context, record, found);
  if (origin === null) return none;
  if (type === null) {
    const setting = 'which Bitbucket the mapping is for';
    found.problem({ code: 'setting-missing', setting, spellings: ['BITBUCKET_TYPE', '--type'] });
    return none;
  }
  if (engine === null) {
    found.note('the mapping was not checked: there is no jq to compile it');
    return none;
  }
  const mapping = await found.attempt(async () => {
    const parsed = await readMapping(origin, engine, { type, kinds: KINDS[type] });
    found.ok(describe(parsed.mapping));
    for (const problem of parsed.problems) found.problem(problem);
    const words =
      record === null ? null : tellIdentifiers(identifiersOf(parsed.mapping, record, type), type);
    if (words !== null) found.note(words);
    if (record !== null) {
      const kinds = type === 'bitbucket-cloud' ? cloudKinds : serverKindsWith(sync.enrich);
      const { resources } = parsed.mapping;
      newlyFilledIn(resources, kinds, historyOf(record)).forEach((each) => {
        found.problem(each);
      });
    }
    return parsed.mapping;
  });
  return { found, mapping };
}

/** The mapping as it was written; null, with the reason, when there is none to look at. */
function originOf(
  { settings, isOffline }: CheckContext,
  record: IntegrationRecord | null,
  found: Findings,
): MappingOrigin | null {
  const { parts, isMappingNamed, type } = settings;
  if (parts.mapping !== null) return { ...parts.mapping, unknownKeys: 'error' };
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
  return mappingOrigin(null, record, fallback(type));
}

function fallback(type: PlainSettings['integration']['type'] | null) {
  return DEFAULTS[type ?? 'bitbucket-server'].mapping;
}

function describe({ origin, resources }: Mapping): string {
  const kinds = resources.map(({ kind }) => kind).join(', ');
  const many = counted(resources.length, 'resource', 'resources');
  return `${origin} is valid: ${many} (${kinds})`;
}
