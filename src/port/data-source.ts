/** Who we are to Port. */
export interface IntegrationIdentity {
  readonly type: string;
  readonly identifier: string;
  /** Our own version, such as `1.2.3`. */
  readonly version: string;
}

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
export function dataSourceOf(identity: IntegrationIdentity): DataSource {
  return {
    prefix: `port-ocean/${identity.type}/`,
    suffix: `/${identity.identifier}/exporter`,
  };
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
