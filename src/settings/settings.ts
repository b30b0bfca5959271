import type { JsonValue } from '../model/json.js';
import type { Problem } from '../problems/problem.js';
import type { Origin } from './origin.js';
import type { ShownSetting } from './shown-settings.js';

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

/** How a run goes. */
export interface SyncSettings {
  /** Requests to Bitbucket at a time, to begin with. */
  readonly concurrency: number;
  /** To how many these may grow while answers stay quick; the same when the user fixed the number. */
  readonly mostConcurrency: number;
  readonly timeoutMilliseconds: number | null;
  /** How long a repository may go unread for want of requests before that is incomplete. */
  readonly maxStaleMilliseconds: number;
  readonly delete: boolean;
  /** 0 to 1; null: the mapping's. */
  readonly deletionThreshold: number | null;
  /** The only blueprints to delete in; null: every one. */
  readonly deleteOnly: readonly string[] | null;
  /** What somebody approved on the command line; `day` by UTC. */
  readonly approval: { readonly most: number; readonly day: string } | null;
  /** Whether entities of others may go along with those of ours that they relate to. */
  readonly allowCascade: boolean;
  /** Kinds that this run is narrowed to, as the user wrote them; null: not narrowed. */
  readonly kinds: readonly string[] | null;
  /** Whether Port's Data sources page is told how the run goes. */
  readonly reportToPort: boolean;
  readonly enrich: readonly ('readme' | 'latestCommit')[];
  /** Most requests to Bitbucket Cloud in the run; null: any number. */
  readonly maxRequests: number | null;
  /** The share of Bitbucket Cloud's limits that is left to others, 0 to 1. */
  readonly requestReserve: number;
  /** Warnings make the exit code 4. */
  readonly strict: boolean;
}

/** How the two systems are reached. */
export interface NetworkSettings {
  readonly requestTimeoutMilliseconds: number;
  readonly retries: number;
  readonly httpsProxy: string | null;
  readonly httpProxy: string | null;
  readonly noProxy: string | null;
  /** Whether certificates are verified, by side. */
  readonly verify: { readonly bitbucket: boolean; readonly port: boolean };
}

/** Files that a run leaves behind, relative to the working directory; null: not asked for. */
export interface ReportSettings {
  readonly reportFile: string | null;
  readonly summaryFile: string | null;
}

/** What a run tells. */
export interface OutputSettings {
  readonly logLevel: 'debug' | 'info' | 'warning' | 'error';
  readonly logFormat: 'text' | 'json';
}

/** All settings that need no file besides the settings files. */
export interface PlainSettings {
  readonly port: {
    readonly clientId: string;
    readonly clientSecret: string;
    /** Without a trailing slash and without `/v1`. */
    readonly baseUrl: string;
  };
  readonly integration: {
    readonly type: 'bitbucket-server' | 'bitbucket-cloud';
    readonly identifier: string;
    /** Whether the user chose the identifier, or it is the default. */
    readonly isIdentifierChosen: boolean;
  };
  readonly bitbucket: ServerSettings | CloudSettings;
  readonly initializePortResources: boolean;
  readonly sendRawDataExamples: boolean;
  readonly sync: SyncSettings;
  readonly network: NetworkSettings;
  readonly jq: { readonly path: string | null; readonly itemTimeoutMilliseconds: number };
  readonly output: OutputSettings;
  readonly reports: ReportSettings;
}

/** All settings of a run, parsed and trusted. */
export interface Settings extends PlainSettings {
  /** Null: the integration's own in Port, else the built-in one. */
  readonly mapping: MappingDocument | null;
  /** Certificates to trust besides the public ones: PEM texts, with the spelling that named each. */
  readonly authorities: readonly { readonly spelling: string; readonly pem: string }[];
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
