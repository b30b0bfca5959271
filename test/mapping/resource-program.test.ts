import { describe, expect, it } from '@jest/globals';
import { resourceProgram } from '../../src/mapping/resource-program.js';
import { aResource } from './world.js';

describe('resourceProgram', () => {
  it('keeps each expression to itself', () => {
    const { text } = resourceProgram(
      aResource({ entity: { properties: { p: '.p # last', q: 'a | b' } } }),
    );
    expect(text.split('\n').slice(2)).toEqual([
      '[[try [(.slug',
      '',
      ')] catch mapping_failure,',
      'try [first((.p # last',
      '',
      '))] catch mapping_failure,',
      'try [first((a | b',
      '',
      '))] catch mapping_failure]]',
    ]);
  });

  it('asks a selector that takes everything nothing', () => {
    const { text } = resourceProgram(aResource({ query: ' true ' }));
    expect(text).not.toContain('selection');
  });

  it('takes out the list that the path points at, unless told otherwise', () => {
    const itemsToParse = '.deps | to_entries';
    expect(resourceProgram(aResource({ itemsToParse })).text).toContain('del(.deps)');
    const kept = aResource({ itemsToParse, itemsToParseTopLevelTransform: false });
    expect(resourceProgram(kept).text).not.toContain('del(');
  });
});
