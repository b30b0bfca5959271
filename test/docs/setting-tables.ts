import type { SettingDeclaration } from '../../src/settings/declaration.js';
import { settingGroups, type SettingGroup } from '../../src/settings/declarations/index.js';
import { defaultInWords } from '../../src/settings/shown-settings.js';
import { code, plain, table } from './markdown.js';

/** Every setting, a table for each group. */
export function settingTables(): string {
  return Object.values<SettingGroup>(settingGroups).map(groupTable).join('\n\n');
}

function groupTable({ title, flags, settings }: SettingGroup): string {
  const rows = [
    ...flags.map(({ name, argument, description }) => [
      code(`${name} ${argument ?? ''}`.trim()),
      `${description.slice(0, 1).toUpperCase()}${plain(description.slice(1))}.`,
    ]),
    ...settings.map((declaration) => [spellings(declaration), words(declaration)]),
  ];
  return `### ${title}\n\n${table(['set it with', 'what it is'], rows)}`;
}

/** The flag, the variables and the YAML key, the strongest first. */
function spellings({ flag, variables, keys }: SettingDeclaration<unknown>): string {
  return [
    ...(flag === null ? [] : [code(`${flag.name} ${flag.argument ?? ''}`.trim())]),
    ...variables.map(code),
    ...keys.slice(0, 1).map(code),
  ].join('<br>');
}

function words(declaration: SettingDeclaration<unknown>): string {
  const told = defaultInWords(declaration);
  return [
    plain(declaration.description),
    ...(told === null ? [] : [`Default: ${plain(told)}.`]),
    ...(declaration.secret === null ? [] : ['Secret.']),
  ].join(' ');
}
