import type { FlagDeclaration, SettingDeclaration } from '../declaration.js';
import { cloudSettings } from './bitbucket-cloud.js';
import { serverSettings } from './bitbucket-server.js';
import { bitbucketSettings } from './bitbucket.js';
import { configFlag, envFileFlag } from './files.js';
import { integrationSettings } from './integration.js';
import { networkSettings } from './network.js';
import { outputSettings, reportSettings } from './output.js';
import { portSettings } from './port.js';
import { syncSettings } from './sync.js';
import { webhookSettings } from './webhooks.js';

/** Settings that belong together, as help and documentation show them. */
export interface SettingGroup {
  readonly title: string;
  /** Options that name files; they are no settings. */
  readonly flags: readonly FlagDeclaration[];
  readonly settings: readonly SettingDeclaration<unknown>[];
}

/** Every setting there is, in the order of help and documentation. */
export const settingGroups = {
  port: { title: 'Port', flags: [], settings: Object.values(portSettings) },
  integration: {
    title: 'Files and integration',
    flags: [configFlag, envFileFlag],
    settings: Object.values(integrationSettings),
  },
  bitbucket: { title: 'Bitbucket', flags: [], settings: Object.values(bitbucketSettings) },
  server: {
    title: 'Bitbucket Data Center',
    flags: [],
    settings: Object.values(serverSettings),
  },
  cloud: { title: 'Bitbucket Cloud', flags: [], settings: Object.values(cloudSettings) },
  sync: { title: 'This run', flags: [], settings: Object.values(syncSettings) },
  network: { title: 'Network', flags: [], settings: Object.values(networkSettings) },
  output: { title: 'Output', flags: [], settings: Object.values(outputSettings) },
  webhooks: { title: 'Webhooks', flags: [], settings: Object.values(webhookSettings) },
  reports: { title: 'Reports', flags: [], settings: Object.values(reportSettings) },
} as const satisfies Record<string, SettingGroup>;

/** All settings, without their groups. */
export const allSettings: readonly SettingDeclaration<unknown>[] = Object.values<SettingGroup>(
  settingGroups,
).flatMap((group) => group.settings);
