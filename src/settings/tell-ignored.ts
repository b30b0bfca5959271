import type { SettingDeclaration } from './declaration.js';
import { spelledOut } from './origin.js';
import type { SettingReader } from './reader.js';

/** Says which of these are set, though the Bitbucket that is read has no use for them. */
export function tellIgnored(
  reader: SettingReader,
  settings: readonly SettingDeclaration<unknown>[],
  bitbucket: 'Bitbucket Cloud' | 'Bitbucket Data Center',
): void {
  for (const setting of settings) {
    const origin = reader.whereSet(setting);
    if (origin === null) continue;
    reader.notices.push(`${spelledOut(origin)} means nothing for ${bitbucket} and is ignored`);
  }
}
