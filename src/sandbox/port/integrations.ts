import type { JsonObject, JsonValue } from '../../model/json.js';
import { identifierTaken, notFound } from './refusal.js';
import type {
  IntegrationInput,
  IntegrationPatch,
  ResyncState,
} from './schemas/integration-body.js';

/** An integration as Port holds it. */
export interface Integration {
  readonly installationId: string;
  readonly logIngestId: string;
  readonly installationAppType: string;
  /** Of the program that signed it last. */
  readonly version: string;
  readonly title: string | null;
  /** The mapping; `{}` when there is none yet. */
  readonly config: JsonObject | null;
  readonly arePortResourcesInitialized: boolean;
  readonly actionsProcessingEnabled: boolean;
  readonly resyncState: ResyncState | null;
  /** A free object; where Port hosts the integration, its settings. */
  readonly spec?: JsonObject | undefined;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Whatever else was sent. */
  readonly [field: string]: unknown;
}

/** The integrations, and the raw examples that they sent. */
export class Integrations {
  /** Where integrations tell the Data sources page of their runs; null: nowhere. */
  pageUrl: string | null = null;
  private readonly byInstallation = new Map<string, Integration>();
  private readonly examplesByKind = new Map<string, readonly JsonValue[]>();

  /** All of them, oldest first. */
  list(): readonly Integration[] {
    return [...this.byInstallation.values()];
  }

  /** The integration, if there is one. */
  find(installationId: string): Integration | undefined {
    return this.byInstallation.get(installationId);
  }

  /**
   * The integration.
   * @throws Refusal 404
   */
  get(installationId: string): Integration {
    const integration = this.find(installationId);
    if (integration === undefined) throw notFound(`Integration "${installationId}"`);
    return integration;
  }

  /** @throws Refusal when there is one of that name */
  create(input: IntegrationInput, at: string): Integration {
    if (this.find(input.installationId) !== undefined) {
      throw identifierTaken(`Integration "${input.installationId}"`);
    }
    return this.put({
      ...input,
      title: input.title ?? null,
      config: input.config === undefined ? {} : input.config,
      arePortResourcesInitialized: false,
      actionsProcessingEnabled: input.actionsProcessingEnabled ?? false,
      logIngestId: `log-${input.installationId}`,
      ...(this.pageUrl === null
        ? {}
        : {
            logAttributes: { ingestUrl: `${this.pageUrl}/logs` },
            metricAttributes: { ingestUrl: `${this.pageUrl}/metrics` },
          }),
      resyncState: null,
      createdAt: at,
      updatedAt: at,
    });
  }

  /** Takes what is sent and keeps the rest; a `spec` is taken in place of the one before. */
  patch(
    installationId: string,
    changes: IntegrationPatch,
    at: string,
    takesSpec = true,
  ): Integration {
    const current = this.get(installationId);
    return this.put({
      ...current,
      ...changes,
      installationId,
      spec: takesSpec ? (changes.spec ?? current.spec) : current.spec,
      logIngestId: current.logIngestId,
      installationAppType: changes.installationAppType ?? current.installationAppType,
      version: changes.version ?? current.version,
      title: changes.title === undefined ? current.title : changes.title,
      config: changes.config === undefined ? current.config : changes.config,
      arePortResourcesInitialized:
        changes.arePortResourcesInitialized ?? current.arePortResourcesInitialized,
      actionsProcessingEnabled:
        changes.actionsProcessingEnabled ?? current.actionsProcessingEnabled,
      resyncState: current.resyncState,
      createdAt: current.createdAt,
      updatedAt: at,
    });
  }

  /** Takes how the current or last resync goes; fields that are not told stay as they were. */
  tellResync(installationId: string, told: ResyncState, at: string): Integration {
    const current = this.get(installationId);
    return this.put({
      ...current,
      resyncState: { ...current.resyncState, ...told },
      updatedAt: at,
    });
  }

  /** Puts an integration as it is. */
  put(integration: Integration): Integration {
    this.byInstallation.set(integration.installationId, integration);
    return integration;
  }

  /** Removes an integration; its entities stay. */
  remove(installationId: string): void {
    this.get(installationId);
    this.byInstallation.delete(installationId);
  }

  /** Keeps the raw examples of a kind, in place of earlier ones. */
  putExamples(installationId: string, kind: string, examples: readonly JsonValue[]): void {
    this.get(installationId);
    this.examplesByKind.set(exampleKey(installationId, kind), examples);
  }

  /** The raw examples of a kind; none when none were sent. */
  examples(installationId: string, kind: string): readonly JsonValue[] {
    return this.examplesByKind.get(exampleKey(installationId, kind)) ?? [];
  }
}

function exampleKey(installationId: string, kind: string): string {
  return `${installationId}\n${kind}`;
}
