import type { JsonValue } from '../model/json.js';
import type { Problem } from '../problems/problem.js';
import type {
  resolveJq,
  resolveNetwork,
  resolveOutput,
  resolvePort,
  resolveReports,
  resolveSync,
  resolveWebhooks,
} from './resolve-run.js';
import type { ShownSetting } from './shown-settings.js';
import type { Origin } from './spelling.js';

/** A user name with its password, or something that is sent as a Bearer token. */
export interface BasicCredentials {
  readonly scheme: 'basic';
  readonly username: string;
  readonly password: string;
}

/** What the user allows in requests to Bitbucket; without it, Bitbucket's own limits count alone. */
export interface RateLimit {
  readonly requests: number;
  readonly windowMilliseconds: number;
}

/** How Bitbucket Data Center is read. */
export interface ServerSettings {
  readonly type: 'server';
  /** Without a trailing slash and without `/rest/api/1.0`; with the context path. */
  readonly baseUrl: string;
  readonly credentials: BasicCredentials | { readonly scheme: 'bearer'; readonly token: string };
  readonly rateLimit: RateLimit | null;
  /** Keys of the projects that this run is narrowed to; null: not narrowed. */
  readonly projects: readonly string[] | null;
  /** The state that this run is narrowed to; null: what the selectors say. */
  readonly pullRequestState: 'ALL' | 'OPEN' | 'MERGED' | 'DECLINED' | null;
}

/** How Bitbucket Cloud is read. */
export interface CloudSettings {
  readonly type: 'cloud';
  readonly workspace: string;
  /** Ends in `/2.0`. */
  readonly hostUrl: string;
  readonly credentials: CloudCredentials;
  /** Over all tokens. */
  readonly rateLimit: RateLimit | null;
}

/** Several tokens take turns. An API token goes with an e-mail address, an app password with a name. */
export type CloudCredentials =
  | { readonly scheme: 'bearer'; readonly tokens: readonly string[] }
  | (BasicCredentials & { readonly kind: 'API token' | 'app password' });

/** A mapping that the user named, not yet checked. */
export interface MappingDocument {
  /** For messages: the file, or the key in the settings file. */
  readonly origin: string;
  readonly value: JsonValue;
  /** The text that it was written in, to show places of; `below`: the key that it stands below. */
  readonly written?: {
    readonly text: string;
    readonly below: string | null;
    readonly file?: string;
  };
}

/** A file that a setting names, not yet read. */
export interface FileReference {
  readonly file: string;
  /** Where it is named, for messages: `--mapping`, `mapping in bitbucket-port.yml`. */
  readonly spelling: string;
  /** The settings file that names it; null: relative to the working directory. */
  readonly relativeTo: string | null;
}

/** A mapping as the settings tell it, before any file is read. `file`: the settings file it is in. */
export type MappingReference =
  | { readonly type: 'inline'; readonly document: MappingDocument; readonly file: string | null }
  | { readonly type: 'file'; readonly reference: FileReference };

/** How a run goes: its rows are those of `declarations/sync.ts`. */
export type SyncSettings = Readonly<ReturnType<typeof resolveSync>>;

/** How the two systems are reached. */
export type NetworkSettings = Readonly<ReturnType<typeof resolveNetwork>>;

/** Files that a run leaves behind, relative to the working directory; null: not asked for. */
export type ReportSettings = Readonly<ReturnType<typeof resolveReports>>;

/** How events of Bitbucket reach Port between two runs. */
export type WebhookSettings = Readonly<ReturnType<typeof resolveWebhooks>>;

/** What a run tells. */
export type OutputSettings = Readonly<ReturnType<typeof resolveOutput>>;

/** Which Bitbucket an integration reads. */
export type IntegrationType = 'bitbucket-server' | 'bitbucket-cloud';

/** All settings that need no file besides the settings files. */
export interface PlainSettings {
  readonly port: Readonly<NonNullable<ReturnType<typeof resolvePort>>>;
  readonly integration: {
    readonly type: IntegrationType;
    readonly identifier: string;
    /** Whether the user chose the identifier, or it is the default. */
    readonly isIdentifierChosen: boolean;
  };
  readonly bitbucket: ServerSettings | CloudSettings;
  readonly initializePortResources: boolean;
  readonly sendRawDataExamples: boolean;
  readonly sync: SyncSettings;
  readonly webhooks: WebhookSettings;
  readonly network: NetworkSettings;
  readonly jq: Readonly<ReturnType<typeof resolveJq>>;
  readonly output: OutputSettings;
  readonly reports: ReportSettings;
}

/** All settings of a run, parsed and trusted. */
export interface Settings extends PlainSettings {
  /** Null: the integration's own in Port, else the built-in one. */
  readonly mapping: MappingDocument | null;
  /** Certificates to trust besides the public ones: PEM texts, with the spelling that named each. */
  readonly authorities: readonly {
    readonly spelling: string;
    readonly file?: string;
    readonly pem: string;
  }[];
}

/** Settings as far as they are known: null where something is missing or wrong. */
export interface SettingParts extends Omit<PlainSettings, 'port' | 'bitbucket'> {
  readonly port: PlainSettings['port'] | null;
  readonly bitbucket: PlainSettings['bitbucket'] | null;
}

/** What is known about settings besides their values. */
export interface SettingFacts {
  /** Where each setting comes from, by its name. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** Every setting as a person is shown it. */
  readonly shown: readonly ShownSetting[];
  /** Every secret that any layer holds, in the clear: for redaction and nothing else. */
  readonly secrets: readonly string[];
  /**
   * What looks wrong about a value that a server refuses, by the name of its setting: the end of a
   * sentence that begins with the spelling. Never the value.
   */
  readonly oddLooks: ReadonlyMap<string, string>;
  /** Sentences that a user should read once. They hold no values. */
  readonly notices: readonly string[];
  /** Warnings that belong into the run's list of problems. */
  readonly warnings: readonly Problem[];
}

/** Settings with all that is known about them. */
export interface ResolvedSettings extends SettingFacts {
  readonly settings: Settings;
}
