import type { JsonValue } from '../../model/json.js';
import { isJsonArray } from '../../model/json.js';

/**
 * What users have in their files for the container or its Helm chart and a single run has no use
 * for. It is taken, with all below it, and told once.
 */
export interface MeaninglessSetting {
  /** Dotted YAML keys, each an `OCEAN__` variable as well. */
  readonly keys: readonly string[];
  readonly variables: readonly string[];
  readonly secret: boolean;
  /** When nothing needs to be told, because the user and we mean the same. */
  readonly agrees?: (raw: JsonValue) => boolean;
  /** Whether it is this setting at all, where the key alone does not tell. */
  readonly recognises?: (raw: JsonValue) => boolean;
}

function unused(...keys: readonly string[]): MeaninglessSetting {
  return { keys, variables: [], secret: false };
}

const eventListener: MeaninglessSetting = {
  ...unused('eventListener', 'integration.eventListener'),
  agrees: (raw) => /\bONCE\b/iu.test(JSON.stringify(raw)),
};

/** Keys of the Helm chart port-ocean (its values.yaml) that say how Kubernetes runs the container. */
const chart: readonly MeaninglessSetting[] = [
  { ...unused('resources'), recognises: (raw) => !isJsonArray(raw) },
  unused('nameOverride', 'fullnameOverride', 'extraLabels', 'extraEnv', 'extraInitContainers'),
  unused('extraVolumes', 'extraVolumeMounts', 'podAnnotations', 'podServiceAccount'),
  unused('podSecurityContext', 'containerSecurityContext', 'workload', 'nodeSelector'),
  unused('tolerations', 'affinity', 'imageRegistry', 'imagePullPolicy', 'imagePullSecrets'),
  unused('terminationGracePeriodSeconds', 'secret', 'service', 'ingress', 'livenessProbe'),
  unused('readinessProbe', 'selfSignedCertificate', 'integration.extraConfig'),
  unused('integration.oauth'),
];

export const meaninglessSettings: readonly MeaninglessSetting[] = [
  eventListener,
  unused('scheduledResyncInterval', 'liveEvents', 'baseUrl', 'version', 'integration.version'),
  unused('allowEnvironmentVariablesJqAccess'),
  ...chart,
];
