import { api, type MappingCase } from './case.js';

/** Title, icon and team. */
export const titles: readonly MappingCase[] = [
  {
    name: 'takes a title',
    resource: { entity: { title: '.slug' } },
    value: api,
    entities: [{ title: 'api' }],
  },
  {
    name: 'makes text of a number',
    resource: { entity: { title: '.n' } },
    value: { ...api, n: 12 },
    entities: [{ title: '12' }],
  },
  {
    name: 'makes text of a list',
    resource: { entity: { title: '.n' } },
    value: { ...api, n: ['a'] },
    entities: [{ title: '["a"]' }],
  },
  {
    name: 'clears a title that is missing',
    resource: { entity: { title: '.n' } },
    value: api,
    entities: [{ title: null }],
  },
  {
    name: 'leaves out what is mapped to null',
    resource: { entity: { title: null } },
    value: api,
    entities: [{}],
  },
  {
    name: 'leaves out what is mapped to nothing',
    resource: { entity: { icon: '' } },
    value: api,
    entities: [{}],
  },
  {
    name: 'takes an icon',
    resource: { entity: { icon: '"Git"' } },
    value: api,
    entities: [{ icon: 'Git' }],
  },
  {
    name: 'takes a team',
    resource: { entity: { team: '.t' } },
    value: { ...api, t: 'payments' },
    entities: [{ team: 'payments' }],
  },
  {
    name: 'drops nulls from teams',
    resource: { entity: { team: '.t' } },
    value: { ...api, t: ['a', null] },
    entities: [{ team: ['a'] }],
    problems: [{ code: 'nulls-dropped', field: 'team', dropped: 1 }],
  },
];
