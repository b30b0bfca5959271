import { z } from 'zod';
import { DEFAULTS } from '../../src/defaults/index.js';

const blueprintShape = z.object({
  identifier: z.string(),
  schema: z.object({
    properties: z.record(z.string(), z.object({ type: z.string(), format: z.string().optional() })),
  }),
  relations: z.record(z.string(), z.object({ target: z.string(), many: z.boolean() })),
});

/** What relates to what, as Mermaid draws it: at most one of the target, or many. */
const CARDINALITY = { one: '}o--o|', many: '}o--o{' } as const;

/** The built-in blueprints of a Bitbucket with their properties and relations. */
function diagram(type: keyof typeof DEFAULTS): string {
  const blueprints = z.array(blueprintShape).parse(DEFAULTS[type].blueprints);
  const boxes = blueprints.flatMap(({ identifier, schema }) => [
    `  ${identifier} {`,
    ...Object.entries(schema.properties).map(
      ([name, { type: kind, format = kind }]) => `    ${format} ${name}`,
    ),
    '  }',
  ]);
  const relations = blueprints.flatMap(({ identifier, relations: some }) =>
    Object.entries(some).map(
      ([name, { target, many }]) =>
        `  ${identifier} ${CARDINALITY[many ? 'many' : 'one']} ${target} : ${name}`,
    ),
  );
  return ['```mermaid', 'erDiagram', ...boxes, ...relations, '```'].join('\n');
}

/** Those of Bitbucket Cloud. */
export const cloudBlueprints = (): string => diagram('bitbucket-cloud');

/** Those of Bitbucket Data Center. */
export const serverBlueprints = (): string => diagram('bitbucket-server');
