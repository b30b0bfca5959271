import { textOf } from './documents.js';

/** The template that the front page shows. */
export const SHOWN_TEMPLATE = 'ci-templates/github/bitbucket-cloud.yml';

/** The whole of it, to be pasted. */
export function pipeline(): string {
  return `\`\`\`yaml\n${textOf(SHOWN_TEMPLATE).trimEnd()}\n\`\`\``;
}
