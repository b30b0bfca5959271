import { Document, isMap, isSeq } from 'yaml';
import { distinctMapping } from '../../defaults/distinct-mapping.js';
import type { IntegrationType } from './init-options.js';

/** The text of a mapping to begin with, commented. `schema`: where editors find its schema. */
export function mappingFile(type: IntegrationType, schema: string): string {
  const { value, comments } = distinctMapping(type);
  const document = new Document(value);
  const resources = document.get('resources');
  if (isSeq(resources)) {
    resources.items.forEach((resource, index) => {
      if (!isMap(resource)) return;
      resource.commentBefore = comments[index] ?? '';
      resource.spaceBefore = index > 0;
    });
  }
  const head = [
    `# yaml-language-server: $schema=${schema}`,
    '# What becomes of Bitbucket in Port: each resource says what is read, and which entities it makes.',
    '# Expressions are jq. To try one on live items: bitbucket-port preview --kind repository',
    '',
  ];
  // An expression reads best on one line.
  return `${head.join('\n')}\n${document.toString({ lineWidth: 0 })}`;
}
