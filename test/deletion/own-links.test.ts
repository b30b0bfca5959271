import { describe, expect, it } from '@jest/globals';
import { mappedLinkFieldsIn } from '../../src/deletion/own-links.js';
import { inspectMapping } from '../../src/mapping/parse-mapping.js';
import type { JsonObject } from '../../src/model/json.js';
import { serverKinds } from '../../src/source/server/kinds/index.js';

/** Where mappings of pull requests put the own link, by names of properties, or parts. */
function placesOf(...mappings: readonly JsonObject[]): readonly string[] {
  const resources = mappings.map((mapping) => ({
    kind: 'pull-request',
    selector: { query: 'true' },
    port: { entity: { mappings: { identifier: '.id', blueprint: '"change"', ...mapping } } },
  }));
  const options = { kinds: serverKinds, origin: 'a test', unknownKeys: 'error' as const };
  const { parsed } = inspectMapping({ resources }, options);
  const kind = serverKinds.find(({ name }) => name === 'pull-request');
  const feeding = (parsed?.mapping.resources ?? []).map((resource) => ({ resource, kind }));
  return mappedLinkFieldsIn('change', feeding).map((place) =>
    'name' in place ? place.name : place.part,
  );
}

describe('where a mapping puts the own link of an item', () => {
  it.each<[string, JsonObject, readonly string[]]>([
    ['as it is', { properties: { link: '.links.self[0].href' } }, ['link']],
    ['in another spelling', { properties: { link: '.links["self"] | .[0].href' } }, ['link']],
    ['with something after it', { properties: { link: '.links.self[0].href + "/x"' } }, ['link']],
    ['with a default', { properties: { link: '(.links.self[0].href? // null)' } }, ['link']],
    ['as the title', { title: '.links.self[0].href' }, ['title']],
    ['as a relation', { relations: { page: '.links.self[0].href' } }, ['page']],
    [
      'not: it is another one',
      { properties: { link: '.toRef.repository.links.self[0].href' } },
      [],
    ],
    ['not: it is computed', { properties: { link: '"https://example.com/" + .slug' } }, []],
    ['not: it is a part', { properties: { link: '.links.self' } }, []],
    ['nowhere', {}, []],
  ])('is told by its text: %s', (_, mapping, places) => {
    expect(placesOf(mapping)).toEqual(places);
  });

  it('is no place where another resource puts something else', () => {
    const own = { properties: { link: '.links.self[0].href', page: '.links.self[0].href' } };
    const other = { properties: { link: '.fromRef.repository.links.self[0].href' } };

    expect(placesOf(own, other)).toEqual(['page']);
    expect(placesOf(other, own)).toEqual(['page']);
  });
});
