import type { JsonObject } from '../../../src/model/json.js';
import type { SandboxPort } from '../../../src/sandbox/port/port.js';
import { aBlueprintBody, type BlueprintInShort } from '../../pipeline/loading-world.js';
import { mappingOf } from '../../pipeline/safety-world.js';

type Flavour = 'server' | 'cloud';

/** The integration that a run without settings for it uses. */
export function identifierOf(flavour: Flavour): string {
  return `my-bitbucket-${flavour}-integration`;
}

/** Puts our integration with a mapping, as a run of ours leaves it unless another version is given. */
export function putIntegration(
  port: SandboxPort,
  flavour: Flavour,
  config: JsonObject | null,
  version = 'bitbucket-port-0.0.1',
): void {
  port.putIntegration({
    installationId: identifierOf(flavour),
    installationAppType: `bitbucket-${flavour}`,
    version,
    changelogDestination: {},
    config,
    arePortResourcesInitialized: true,
  });
}

/** A Port that holds blueprints and a mapping, as users write their own. */
export function holding(
  flavour: Flavour,
  blueprints: Readonly<Record<string, BlueprintInShort>>,
  resources: readonly JsonObject[],
  mapping: JsonObject = {},
): (port: SandboxPort) => void {
  return (port) => {
    // A relation may lead to a blueprint that comes later.
    for (const identifier of Object.keys(blueprints)) port.putBlueprint(aBlueprintBody(identifier));
    for (const [identifier, short] of Object.entries(blueprints)) {
      port.putBlueprint(aBlueprintBody(identifier, short));
    }
    putIntegration(port, flavour, mappingOf(resources, mapping));
  };
}

/** Makes all that was mapped into the catalog what today's container loaded, and has it sign. */
export function signAsContainer(port: SandboxPort, flavour: Flavour): void {
  const identifier = identifierOf(flavour);
  const version = '0.48.0';
  const datasource = `port-ocean/bitbucket-${flavour}/${version}/${identifier}/exporter`;
  for (const { identifier: blueprint } of port.blueprints()) {
    for (const { identifier: name, title, properties, relations } of port.entities(blueprint)) {
      // A bare one, which a relation made, lacks what its blueprint requires: it cannot be put.
      if (title === null) continue;
      const entity = { identifier: name, title, properties, relations };
      port.putEntity(blueprint, entity, { datasource });
    }
  }
  putIntegration(port, flavour, port.integration(identifier)?.config ?? null, version);
}
