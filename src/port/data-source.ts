import type { JsonObject } from '../model/json.js';

/** Who we are to Port. */
export interface IntegrationIdentity {
  readonly type: string;
  readonly identifier: string;
  /** Our own version, such as `1.2.3`. */
  readonly version: string;
  /** Identifiers of other integrations whose data source looks like ours; see `namesakesOf`. */
  readonly namesakes?: readonly string[];
  /**
   * The webhook in Port that writes for it as well, and as whom Port names the creator of what is ours: its
   * data source is ours, too, less what somebody else created.
   */
  readonly webhook?: { readonly identifier: string; readonly creator: string };
}

/** What tells our entities from those of others, beyond our own name. */
export type KnownSources = Pick<IntegrationIdentity, 'namesakes' | 'webhook'>;

/**
 * How Port knows the entities of an integration. Port stores the User-Agent of entity calls as
 * `$datasource`; Ocean (port-labs/ocean) finds its own by what stands around the version, so
 * entities that another version or program loaded for the same integration are recognised.
 */
export interface DataSource {
  readonly prefix: string;
  readonly suffix: string;
}

/** Versions that ours begin with, whatever their number. */
export const OUR_VERSIONS = 'bitbucket-port-';

/** The version under which we write onto an integration: it tells us from Port's own exporter. */
export function versionInPort(identity: IntegrationIdentity): string {
  return `${OUR_VERSIONS}${identity.version}`;
}

/** What all entities of the integration have in their `$datasource`. */
export function dataSourceOf({
  type,
  identifier,
}: Pick<IntegrationIdentity, 'type' | 'identifier'>): DataSource {
  return { prefix: `port-ocean/${type}/`, suffix: `/${identifier}/exporter` };
}

/**
 * The data sources as texts that Port may hold them in: some installations store user agents in lower
 * case. Equal ones once.
 */
export function spellingsOf({ prefix, suffix }: DataSource): readonly DataSource[] {
  const lower = { prefix: prefix.toLowerCase(), suffix: suffix.toLowerCase() };
  const isLower = lower.prefix === prefix && lower.suffix === suffix;
  return isLower ? [lower] : [{ prefix, suffix }, lower];
}

/** Integrations that Port lists, seen from one of them. */
export interface Namesakes {
  /** Those whose data source holds all that ours is searched by: `eu/prod` for `prod`. */
  readonly identifiers: readonly string[];
  /** One that differs in the case of letters alone, so that nothing tells its entities from ours. */
  readonly twin: string | null;
}

/** Which of the integrations that Port lists could be taken for this one in a search. */
export function namesakesOf(
  identity: Pick<IntegrationIdentity, 'type' | 'identifier'>,
  all: readonly Pick<IntegrationIdentity, 'type' | 'identifier'>[],
): Namesakes {
  const own = dataSourceOf(identity).suffix.toLowerCase();
  const others = all.filter(
    ({ type, identifier }) =>
      identifier !== identity.identifier && type.toLowerCase() === identity.type.toLowerCase(),
  );
  const tails = others.map((other) => ({
    identifier: other.identifier,
    tail: dataSourceOf(other).suffix.toLowerCase(),
  }));
  return {
    identifiers: tails
      .filter(({ tail }) => tail !== own && tail.includes(own))
      .map(({ identifier }) => identifier),
    twin: tails.find(({ tail }) => tail === own)?.identifier ?? null,
  };
}

/**
 * The rules that entities of our data source meet and no others. Port's search matches parts of a text:
 * what else would match is excluded by name.
 */
export function ownedRules(identity: IntegrationIdentity): readonly JsonObject[] {
  const own = spellingsOf(dataSourceOf(identity)).map(({ prefix, suffix }) => [
    has(prefix),
    has(suffix),
  ]);
  const matched: readonly JsonObject[] =
    own.length === 1
      ? own.flat()
      : [{ combinator: 'or', rules: own.map((rules) => ({ combinator: 'and', rules })) }];
  const others = (identity.namesakes ?? []).flatMap((identifier) =>
    spellingsOf(dataSourceOf({ type: identity.type, identifier })),
  );
  const rules = [...matched, ...others.map(({ suffix }) => lacks(suffix))];
  return identity.webhook === undefined ? rules : [orByWebhook(rules, identity.webhook)];
}

/**
 * How Port words the data source of a webhook is not documented; its name is in it, and in no other. Should
 * that be the last writer's, it is on entities of others as well that an event has written to.
 */
function orByWebhook(
  rules: readonly JsonObject[],
  { identifier, creator }: NonNullable<IntegrationIdentity['webhook']>,
): JsonObject {
  const spellings = [...new Set([identifier, identifier.toLowerCase()])];
  const byWebhook: readonly JsonObject[] = [
    { combinator: 'or', rules: spellings.map(has) },
    {
      combinator: 'or',
      rules: [
        { property: '$createdBy', operator: '=', value: creator },
        { property: '$createdBy', operator: 'contains', value: identifier },
      ],
    },
  ];
  return {
    combinator: 'or',
    rules: [
      { combinator: 'and', rules },
      { combinator: 'and', rules: byWebhook },
    ],
  };
}

function has(value: string): JsonObject {
  return { property: '$datasource', operator: 'contains', value };
}

function lacks(value: string): JsonObject {
  return { property: '$datasource', operator: 'doesNotContains', value };
}

/**
 * The User-Agent of a call. Entity and blueprint calls are made as the exporter; token and
 * integration calls are not.
 */
export function userAgentOf(
  identity: IntegrationIdentity,
  caller: 'exporter' | 'integration',
): string {
  const plain = `port-ocean/${identity.type}/${versionInPort(identity)}/${identity.identifier}`;
  return caller === 'exporter' ? `${plain}/exporter` : plain;
}
