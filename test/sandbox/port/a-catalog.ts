import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../../../src/model/json.js';
import type { SandboxPortOptions } from '../../../src/sandbox/port/state.js';
import { aPort, exporter, field, type PortUnderTest } from './a-port.js';

/** The search that pages. */
export const SEARCH = 'POST /v1/blueprints/pullRequest/entities/search';
/** Another integration of the same type. */
export const other = 'port-ocean/bitbucket-server/1.0.0/another/exporter';

/** Pull requests 1 to `count`: the odd ones are open, reviewed by ada, and not ours. */
export async function aCatalog(
  count: number,
  options: Partial<SandboxPortOptions> = {},
): Promise<PortUnderTest> {
  const underTest = await aPort(options);
  for (let number = 1; number <= count; number += 1) {
    const isOdd = number % 2 === 1;
    underTest.port.putEntity(
      'pullRequest',
      {
        identifier: `api-${number}`,
        title: `Change ${number}`,
        team: isOdd ? 'core' : ['core', 'edge'],
        properties: {
          state: isOdd ? 'OPEN' : 'MERGED',
          size: number,
          createdOn: `2025-05-${String(((number - 1) % 28) + 1).padStart(2, '0')}T12:00:00Z`,
          labels: isOdd ? ['bug'] : ['bug', 'docs'],
        },
        relations: { repository: 'api', reviewers: isOdd ? ['ada'] : [] },
      },
      { datasource: isOdd ? other : exporter, by: isOdd ? 'a person' : 'the exporter' },
    );
    underTest.clock.advance(1000);
  }
  return underTest;
}

/** The entities of an answer. */
export function entitiesOf(body: JsonValue): readonly JsonObject[] {
  const entities = isJsonObject(body) ? body.entities : undefined;
  if (!isJsonArray(entities)) throw new Error(`no entities in ${JSON.stringify(body)}`);
  return entities.filter((entity) => isJsonObject(entity));
}

/** Their identifiers. */
export function identifiersOf(body: JsonValue): string[] {
  return entitiesOf(body).map((entity) => field(entity, 'identifier'));
}

/** A query whose rules must all hold. */
export const rule = (...rules: JsonObject[]): JsonObject => ({ combinator: 'and', rules });
