import path from 'node:path';
import { wrapped } from '../../report/text.js';
import { DEFAULT_CONFIG_FILE } from '../../settings/declarations/files.js';
import type { Ignored } from './ignore-env-file.js';
import type { Sorted } from './missing-files.js';
import { MAPPING_FILE, type Place } from './planned-files.js';
import type { PortMapping } from './port-mapping.js';
import type { PresentConfig } from './present-config.js';

/**
 * Which files were written, and which were there already, each with what it is for.
 * @param folder where they go, as the user named it
 */
export function fileLines({ missing, kept }: Sorted<Place>, folder: string): readonly string[] {
  const pathOf = ({ name }: Place): string => path.join(folder, name);
  const longest = Math.max(...[...missing, ...kept].map((file) => pathOf(file).length));
  const lines = (files: readonly Place[]): readonly string[] =>
    files.map((file) => `  ${pathOf(file).padEnd(longest)}  ${file.purpose}`);
  return [
    'Wrote',
    ...lines(missing),
    ...(kept.length === 0 ? [] : ['Kept, as it was there already', ...lines(kept)]),
  ];
}

/** Whether git keeps the secrets of `.env`. */
export function ignoredLines(ignored: Ignored): readonly string[] {
  switch (ignored) {
    case 'added':
      return ['Added .env to .gitignore, as it may hold secrets'];
    case 'failed':
      return ['Add .env to .gitignore, which could not be changed: it may hold secrets'];
    case 'already':
    case 'no repository':
      return [];
  }
}

/** Which mapping a run will use. */
export function mappingLines(
  from: PortMapping | PresentConfig,
  { isKept, isWanted }: { readonly isKept: boolean; readonly isWanted: boolean },
  width: number,
): readonly string[] {
  const words =
    'status' in from ? wordsBesidePort(from, isWanted) : wordsBesideConfig(from, isWanted);
  const kept = `${MAPPING_FILE} was there already: npx bitbucket-port check --offline tells whether it can be used.`;
  return wrapped([words, ...(isKept ? [kept] : [])].join(' '), width, '');
}

function wordsBesideConfig({ mappingFile }: PresentConfig, isWanted: boolean): string {
  if (isWanted && mappingFile !== MAPPING_FILE) {
    return `To use ${MAPPING_FILE}, write the line mapping: ${MAPPING_FILE} into ${DEFAULT_CONFIG_FILE}.`;
  }
  return mappingFile === null
    ? `No mapping was written: ${DEFAULT_CONFIG_FILE} names no file for one.`
    : `The mapping is in ${mappingFile}, as ${DEFAULT_CONFIG_FILE} says.`;
}

function wordsBesidePort(inPort: PortMapping, isWanted: boolean): string {
  switch (inPort.status) {
    case 'unknown':
      return `Whether Port has a mapping was not looked up: there are no credentials of Port here. If it has one, ${MAPPING_FILE} takes precedence. To keep the one in Port, remove the line mapping: from ${DEFAULT_CONFIG_FILE}.`;
    case 'none':
      return `Integration ${inPort.identifier} has no mapping in Port; sync uses ${MAPPING_FILE}.`;
    case 'kept':
      if (isWanted) {
        return `sync uses ${MAPPING_FILE} from now on. Integration ${inPort.identifier} keeps a mapping in Port, too, which no run uses then.`;
      }
      return `No mapping was written: integration ${inPort.identifier} has one in Port, under Data sources, and sync uses that. To have it in a file: npx bitbucket-port mapping pull --file ${MAPPING_FILE}`;
  }
}
