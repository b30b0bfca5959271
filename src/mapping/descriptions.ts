/**
 * What the keys of a mapping mean, as an editor shows it; the first sentence is what `init` writes behind a
 * key. Each name means one thing wherever it stands.
 */
export const MAPPING_DESCRIPTIONS: Readonly<Record<string, string>> = {
  createMissingRelatedEntities:
    'Whether Port creates what an entity relates to and does not have yet. Default: true.',
  deleteDependentEntities:
    'Whether our entities that relate to a deleted one are deleted with it. Default: true.',
  enableMergeEntity: 'Whether fields that nothing maps keep what Port holds. Default: true.',
  entityDeletionThreshold:
    'The share of owned entities, 0 to 1, that one run may delete; 0 switches deletions off. Default: 0.9.',
  resources: 'What is read from Bitbucket, in this order, and what is made of it.',
  kind: 'What is read.',
  selector: 'Which items are read, and which of them are mapped.',
  query: 'A jq expression: true for the items that are mapped. Default: true.',
  enableDelete:
    'Whether entities that this resource made may be deleted. False keeps all of the blueprints that it feeds. Default: true.',
  port: 'What Port is given.',
  itemsToParse: 'A jq expression for a list in the item; each member becomes entities of its own.',
  itemsToParseName: 'The field under which a member stands in its item. Default: item.',
  itemsToParseTopLevelTransform: 'Whether the list itself is taken out of the item. Default: true.',
  entity: 'The entities that an item becomes.',
  mappings: 'One entity mapping, or a list of them: each makes at most one entity of an item.',
  identifier:
    'A jq expression that tells entities of a blueprint apart, or a search query; to change it later replaces every entity. Letters, digits and @ _ . + : \\ / = - are possible.',
  blueprint: 'A jq expression for the identifier of the blueprint; in quotes where it is fixed.',
  title: 'A jq expression for the title.',
  icon: 'A jq expression for the icon.',
  team: 'A jq expression for the owning team or teams, or a search query.',
  properties: 'Properties of the blueprint, each with a jq expression.',
  relations:
    'Relations of the blueprint, each with a jq expression for identifiers of related entities, or a search query.',
  combinator: 'How the rules are combined, a jq expression: \'"and"\' or \'"or"\'.',
  rules: 'Conditions that the entity has to meet; a rule may itself be a search query.',
  property: 'A jq expression for the property to compare, in quotes where it is fixed.',
  operator: 'A jq expression for how to compare, such as \'"="\'.',
  value: 'A jq expression for the value to compare with.',
  projects: 'Data Center: keys of the projects to read. None at all means all of them.',
  projectFilterRegex: "Data Center: a pattern that a project's key has to match from its start on.",
  state: 'Data Center: ALL, OPEN, MERGED or DECLINED pull requests. Default: OPEN.',
  userRole: 'Cloud: the role that the account has in the repositories to read.',
  repoQuery: 'Cloud: a filter of repositories in the query language of Bitbucket.',
  includedFiles:
    'Paths of files to attach to each item as __includedFiles, from the root of the repository.',
  pullRequestQuery:
    'Cloud: a filter of pull requests in the query language of Bitbucket. Default: state="OPEN".',
  states:
    'Of which states pull requests are read, besides pullRequestQuery on Cloud and in place of state on Data Center.',
  defaultOnly: 'Whether only the default branch of each repository is read. Default: false.',
  names: 'Names, or globs such as release/**. None at all means all of them.',
  branches: 'Branches to read of, or globs such as release/**.',
  withActivity: 'Whether the facts of its review are read, for .__review. Default: false.',
  updatedWithin: 'Only what changed in so much time before the run, such as 90d, 12h or 2w.',
  keepOutdated:
    'Whether what was loaded and has become too old for updatedWithin stays in Port. Default: false.',
  source:
    'Data Center: admin reads users as administrators see them, with directory and last login.',
  each: 'Whether the request is asked once (workspace), or for each project or repository.',
  items:
    'Where the items are in an answer: names of fields with dots between them, or . for the answer itself. Default: values.',
  key: 'The field that tells one item from another, such as id. Not needed if an answer is one item.',
  parameters: 'Parameters of the request, without those of pages.',
  folders: 'The folders to find.',
  files: 'The files to find.',
  blueprints:
    'Blueprints that files may name, where the expression for the blueprint takes it from the content. Nothing else is loaded, and what the files no longer hold is deleted.',
  path: 'A folder, or a pattern such as services/*. Of a request: its path below the address of Bitbucket.',
  filenames: 'Names of files, or patterns of names.',
  repos:
    'The repositories to look in, by slug (Data Center: PROJECT/slug, too) or name. Default: all of them.',
  skipParsing: 'Whether JSON and YAML stay the text that they are. Default: false.',
  name: 'A repository, by slug or name.',
  branch: 'The branch to look at. Default: the main branch.',
};
