import { describe, expect, it } from '@jest/globals';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/model/json.js';
import { anEmptyPort, type PortUnderTest } from './a-port.js';

/** People with managers, whom teams consist of. */
async function aPortOfPeople(): Promise<PortUnderTest> {
  const underTest = await anEmptyPort();
  const { port } = underTest;
  port.putBlueprint({
    identifier: 'person',
    title: 'Person',
    schema: { properties: { city: { type: 'string' } } },
    relations: { manager: { target: 'person', required: false, many: false } },
    mirrorProperties: {
      managerCity: { path: 'manager.city' },
      topCity: { path: 'manager.manager.city' },
      endless: { path: 'manager.endless' },
    },
  });
  port.putBlueprint({
    identifier: 'team',
    title: 'Team',
    schema: { properties: {} },
    relations: { members: { target: 'person', required: false, many: true } },
    mirrorProperties: {
      cities: { path: 'members.city' },
      names: { path: 'members.$title' },
      managerCities: { path: 'members.managerCity' },
    },
  });
  const put = (blueprint: string, entity: JsonObject): void => {
    port.putEntity(blueprint, entity, { datasource: null });
  };
  put('person', { identifier: 'ada', title: 'Ada', properties: { city: 'Rome' } });
  put('person', {
    identifier: 'bob',
    title: 'Bob',
    properties: { city: 'Oslo' },
    relations: { manager: 'ada' },
  });
  put('person', { identifier: 'cleo', title: 'Cleo', relations: { manager: 'bob' } });
  put('team', { identifier: 'core', relations: { members: ['bob', 'cleo'] } });
  return underTest;
}

async function propertiesOf(
  { call }: PortUnderTest,
  blueprint: string,
  identifier: string,
): Promise<JsonValue | undefined> {
  const { body } = await call(`GET /v1/blueprints/${blueprint}/entities/${identifier}`);
  const entity = isJsonObject(body) ? body.entity : undefined;
  return isJsonObject(entity) ? entity.properties : undefined;
}

describe('a mirror property', () => {
  it('shows the value at the end of its path, null where the path breaks off', async () => {
    const underTest = await aPortOfPeople();
    expect(await propertiesOf(underTest, 'person', 'cleo')).toEqual({
      managerCity: 'Oslo',
      topCity: 'Rome',
      endless: null,
    });
    expect(await propertiesOf(underTest, 'person', 'ada')).toEqual({
      city: 'Rome',
      managerCity: null,
      topCity: null,
      endless: null,
    });
  });

  it('shows a list over a relation of many, mirrors of the targets included', async () => {
    const underTest = await aPortOfPeople();
    expect(await propertiesOf(underTest, 'team', 'core')).toEqual({
      cities: ['Oslo', null],
      names: ['Bob', 'Cleo'],
      managerCities: ['Rome', 'Oslo'],
    });
  });

  it('ends where entities relate to one another in a circle', async () => {
    const underTest = await aPortOfPeople();
    underTest.port.putEntity(
      'person',
      { identifier: 'ada', relations: { manager: 'cleo' } },
      { datasource: null },
    );
    expect(await propertiesOf(underTest, 'person', 'ada')).toMatchObject({ endless: null });
  });
});
