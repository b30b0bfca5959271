import { describe, expect, it } from '@jest/globals';
import { deletionPath } from '../../src/mapping/resource-program.js';

describe('deletionPath', () => {
  it.each([
    ['.items', '.items'],
    ['  .file.content  ', '.file.content'],
    ['.content.dependencies | to_entries', '.content.dependencies'],
    ['(.file.content)', '.file.content'],
    ['.file.content // []', '.file.content'],
    ['. as $all | ($all | .file.content) // {}', '.file.content'],
    ['. as $root | .a.b', '.a.b'],
    ['. | .a', '.a'],
    ['.first.path | .second.path', '.first.path'],
    ['.[0].key', '.[0].key'],
    ['.a[0].b', '.a[0].b'],
    ['.["a b"].c | map(.)', '.["a b"].c'],
    ['."a b".c', '."a b".c'],
    ['.items | map(select(.a | not))', '.items'],
  ])('of %s is %s', (itemsToParse, path) => {
    expect(deletionPath(itemsToParse)).toBe(path);
  });

  it.each(['.', '$items', '[.items[] | select(.a)]', 'map(.a) | .b', '[.a, .b]', 'to_entries'])(
    'of %s is none: the list is not one place in the item',
    (itemsToParse) => {
      expect(deletionPath(itemsToParse)).toBeNull();
    },
  );
});
