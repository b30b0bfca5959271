import type { WithholdingReason } from './places.js';

/** Why entities that were due were kept, as the end of a sentence about one or many of them. */
export const WITHHOLDING_WORDS = {
  'root listing incomplete': 'a root listing in Bitbucket could not be read to its end',
  'repository not read': 'the repository could not be read to its end',
  'repository unknown':
    'a repository could not be read, and which entities belong to it cannot be told',
  'item failed': 'an item that feeds this blueprint failed in the mapping',
  'resource failed': 'a resource that feeds this blueprint did not run to its end',
  'blueprint missing':
    'the mapping names a blueprint that Port lacks, which may stand for this one',
  'blueprint computed': 'a mapping computes its blueprint, so what it feeds is not known for sure',
  'search identifier': 'a mapping finds entities there by a search query',
  'narrowed run': 'this run was narrowed by a flag or variable',
  'deletions off': 'deletions are switched off',
  'taken over': 'another program loaded this integration before',
  'no record': 'another program loaded it, and Port had no record of the integration',
  'record unreadable': 'the integration, which tells who loaded it last, could not be read in Port',
  interrupted: 'the run was stopped',
  'changed by others': 'changed in Port after this run began',
  'made by others': 'somebody else created it in Port',
  'dependents unreadable': 'what relates to it could not be read in Port',
  'related to': 'something that stays relates to it',
  'seen again': 'a second reading of the listing showed what the first had missed',
  'catalog unreadable': 'the catalog could not be read',
  'confirmation failed': 'the listing could not be read a second time to confirm it',
} as const satisfies Record<WithholdingReason, string>;
