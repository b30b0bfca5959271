import { identities } from './identities.js';
import { lists } from './lists.js';
import { properties } from './properties.js';
import { relations } from './relations.js';
import { selectors } from './selectors.js';
import { feeds } from './feeds.js';
import { titles } from './titles.js';
import type { MappingCase } from './case.js';

/** The rules of the mapping language, one a case. */
export const mappingCases: readonly MappingCase[] = [
  ...properties,
  ...titles,
  ...relations,
  ...identities,
  ...selectors,
  ...lists,
  ...feeds,
];
