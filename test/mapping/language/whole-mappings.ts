import type { WholeCase } from './case.js';

/** Mappings as they are written in YAML, one thing of the language each. */
export const wholeCases: readonly WholeCase[] = [
  {
    name: 'root keys stand beside the resources',
    mapping: `
createMissingRelatedEntities: false
deleteDependentEntities: false
enableMergeEntity: false
entityDeletionThreshold: 0.5
resources:
  - kind: repository
    selector: { query: "true" }
    port: { entity: { mappings: { identifier: .slug, blueprint: '"service"' } } }
`,
    raw: { slug: 'api' },
    entities: [{ identifier: 'api', blueprint: 'service' }],
  },
  {
    name: 'numbers, booleans and nulls of YAML stand where jq is meant',
    mapping: `
resources:
  - kind: repository
    selector: { query: true }
    port:
      entity:
        mappings:
          identifier: 12
          blueprint: '"service"'
          title: 3.5
          icon: null
          properties: { yes: true, no: false, number: 7, nothing: ~, empty: '' }
          relations: { owner: 5, none: null }
`,
    raw: { slug: 'api' },
    entities: [
      {
        identifier: '12',
        title: '3.5',
        properties: { yes: true, no: false, number: 7 },
        relations: { owner: '5' },
      },
    ],
  },
  {
    name: 'single quotes do for double ones wherever an expression stands',
    mapping: `
resources:
  - kind: repository
    selector: { query: ".slug != 'other'" }
    port:
      itemsToParse: "[ 'x' ]"
      entity:
        mappings:
          identifier: .slug + '-' + .item
          blueprint: "'service'"
          team: "'platform'"
          relations: { owner: "'ann' " }
`,
    raw: { slug: 'api' },
    entities: [
      {
        identifier: 'api-x',
        blueprint: 'service',
        team: 'platform',
        relations: { owner: 'ann' },
      },
    ],
  },
  {
    name: 'expressions of several lines and with comments of their own',
    mapping: `
resources:
  - kind: repository
    port:
      entity:
        mappings:
          identifier: |
            # the slug
            .slug # in full
          blueprint: '"service"'
          properties:
            kind: >-
              if .isFork
              then "fork"
              else "source"
              end
`,
    raw: { slug: 'api', isFork: true },
    entities: [{ properties: { kind: 'fork' } }],
  },
  {
    name: 'anchors and merge keys of YAML',
    mapping: `
resources:
  - kind: repository
    port:
      entity:
        mappings:
          identifier: &slug .slug
          blueprint: '"service"'
          title: *slug
`,
    raw: { slug: 'api' },
    entities: [{ title: 'api' }],
  },
  {
    name: 'several mappings act in their order, under one selector',
    mapping: `
resources:
  - kind: repository
    selector: { query: .active }
    port:
      entity:
        mappings:
          - { identifier: .slug, blueprint: '"service"', properties: { lang: .lang } }
          - { identifier: .owner, blueprint: '"owner"', relations: { service: .slug } }
          - { identifier: .missing, blueprint: '"nobody"' }
`,
    raw: { slug: 'api', active: true, lang: 'go', owner: 'ann' },
    entities: [
      { properties: { lang: 'go' } },
      { identifier: 'ann', blueprint: 'owner', relations: { service: 'api' } },
    ],
    problems: [{ code: 'identifier-empty', field: 'mappings[2].identifier' }],
  },
  {
    name: 'a list becomes entities, less what it was taken from',
    mapping: `
resources:
  - kind: repository
    port:
      itemsToParse: .content.dependencies | to_entries
      entity:
        mappings:
          identifier: .slug + "-" + .item.key
          blueprint: '"dependency"'
          properties: { version: .item.value, rest: .content }
`,
    raw: { slug: 'api', content: { dependencies: { left: '1.0', right: '2.0' }, name: 'x' } },
    entities: [
      {
        identifier: 'api-left',
        blueprint: 'dependency',
        properties: { version: '1.0', rest: { name: 'x' } },
      },
      {
        identifier: 'api-right',
        blueprint: 'dependency',
        properties: { version: '2.0', rest: { name: 'x' } },
      },
    ],
  },
  {
    name: 'a list under a name of its own, beside the whole item',
    mapping: `
resources:
  - kind: repository
    selector: { query: .branch.isOpen }
    port:
      itemsToParse: .branches
      itemsToParseName: branch
      itemsToParseTopLevelTransform: false
      entity:
        mappings:
          identifier: .branch.name
          blueprint: '"branch"'
          properties: { count: .branches | length }
`,
    raw: {
      slug: 'api',
      branches: [
        { name: 'main', isOpen: true },
        { name: 'old', isOpen: false },
      ],
    },
    entities: [{ identifier: 'main', blueprint: 'branch', properties: { count: 2 } }],
  },
  {
    name: 'a list within a list, by an expression that flattens',
    mapping: `
resources:
  - kind: repository
    port:
      itemsToParse: "[.groups[] | .name as $group | .members[] | {group: $group, name: .}]"
      entity:
        mappings: { identifier: .item.group + "." + .item.name, blueprint: '"member"' }
`,
    raw: {
      groups: [
        { name: 'a', members: ['x', 'y'] },
        { name: 'b', members: [] },
      ],
    },
    entities: [
      { identifier: 'a.x', blueprint: 'member' },
      { identifier: 'a.y', blueprint: 'member' },
    ],
  },
  {
    name: 'a blueprint that each item computes',
    mapping: `
resources:
  - kind: repository
    port:
      entity:
        mappings:
          identifier: .slug
          blueprint: if .isLibrary then "library" else "service" end
`,
    raw: { slug: 'api', isLibrary: true },
    entities: [{ blueprint: 'library' }],
  },
  {
    name: 'teams and relations by search queries, nested',
    mapping: `
resources:
  - kind: repository
    port:
      entity:
        mappings:
          identifier: .slug
          blueprint: '"service"'
          team:
            combinator: '"and"'
            rules:
              - { property: '"$title"', operator: '"="', value: .team }
          relations:
            owner:
              combinator: '"or"'
              rules:
                - { property: '"mail"', operator: '"="', value: .owner.mail }
                - combinator: '"and"'
                  rules:
                    - { property: '"login"', operator: '"in"', value: '[.owner.login]' }
                    - { property: '"active"', operator: '"="', value: true }
`,
    raw: { slug: 'api', team: 'Payments', owner: { mail: 'a@b', login: 'ann' } },
    entities: [
      {
        team: {
          combinator: 'and',
          rules: [{ property: '$title', operator: '=', value: 'Payments' }],
        },
        relations: {
          owner: {
            combinator: 'or',
            rules: [
              { property: 'mail', operator: '=', value: 'a@b' },
              {
                combinator: 'and',
                rules: [
                  { property: 'login', operator: 'in', value: ['ann'] },
                  { property: 'active', operator: '=', value: true },
                ],
              },
            ],
          },
        },
      },
    ],
  },
  {
    name: 'a search query that jq makes',
    mapping: `
resources:
  - kind: repository
    port:
      entity:
        mappings:
          identifier: .slug
          blueprint: '"service"'
          relations:
            owner: '{combinator: "and", rules: [{property: "mail", operator: "=", value: .mail}]}'
`,
    raw: { slug: 'api', mail: 'a@b' },
    entities: [
      {
        relations: {
          owner: {
            combinator: 'and',
            rules: [{ property: 'mail', operator: '=', value: 'a@b' }],
          },
        },
      },
    ],
  },
  {
    name: 'icon, title and teams beside one another',
    mapping: `
resources:
  - kind: repository
    port:
      entity:
        mappings:
          identifier: .slug
          blueprint: '"service"'
          icon: '"Bitbucket"'
          title: .name
          team: '[.teams[].name]'
`,
    raw: { slug: 'api', name: 'The API', teams: [{ name: 'a' }, { name: null }, { name: 'b' }] },
    entities: [{ icon: 'Bitbucket', title: 'The API', team: ['a', 'b'] }],
    problems: [{ code: 'nulls-dropped', field: 'team', dropped: 1 }],
  },
  {
    name: 'a file that a leaf names',
    mapping: `
resources:
  - kind: file-holder
    port:
      entity:
        mappings:
          identifier: .slug
          blueprint: '"service"'
          properties: { readme: file://docs/READ ME.md, other: ' file://a"b.md ' }
`,
    raw: { slug: 'api', __mappedFiles: { 'docs/READ ME.md': '# Hi', 'a"b.md': 'quoted' } },
    entities: [{ properties: { readme: '# Hi', other: 'quoted' } }],
  },
  {
    name: 'an included file',
    mapping: `
resources:
  - kind: file-holder
    selector: { query: "true", includedFiles: [README.md] }
    port:
      entity:
        mappings:
          identifier: .slug
          blueprint: '"service"'
          properties: { readme: '.__includedFiles["README.md"]', none: '.__includedFiles["NO.md"]' }
`,
    raw: { slug: 'api', __includedFiles: { 'README.md': '# Hi' } },
    entities: [{ properties: { readme: '# Hi', none: null } }],
  },
  {
    name: 'a field that fails, alone',
    mapping: `
resources:
  - kind: repository
    port:
      entity:
        mappings:
          identifier: .slug
          blueprint: '"service"'
          properties: { bad: .slug | error, good: .slug, later: '.slug, error("late")' }
`,
    raw: { slug: 'api' },
    entities: [{ properties: { bad: null, good: 'api', later: 'api' } }],
    problems: [{ code: 'field-failed', field: 'properties.bad', message: 'api' }],
  },
  {
    name: 'a selector that is no boolean',
    mapping: `
resources:
  - kind: repository
    selector: { query: .slug }
    port: { entity: { mappings: { identifier: .slug, blueprint: '"service"' } } }
`,
    raw: { slug: 'api' },
    status: 'failed',
    entities: [],
    problems: [{ code: 'selector-failed', message: 'gave a text, not true or false' }],
  },
  {
    name: 'a selector with more than one answer: the first counts',
    mapping: `
resources:
  - kind: repository
    selector: { query: "false, true" }
    port: { entity: { mappings: { identifier: .slug, blueprint: '"service"' } } }
`,
    raw: { slug: 'api' },
    status: 'unselected',
    entities: [],
  },
  {
    name: 'numbers for identifiers, and what no identifier can be made of',
    mapping: `
resources:
  - kind: repository
    port:
      entity:
        mappings:
          - { identifier: .id, blueprint: '"a"' }
          - { identifier: '[.id]', blueprint: '"a"' }
          - { identifier: .big, blueprint: '"a"' }
          - { identifier: .name, blueprint: '"a"' }
`,
    raw: { id: 42, big: 2 ** 60, name: 'a~b' },
    entities: [{ identifier: '42', blueprint: 'a' }],
    problems: [
      { code: 'identifier-refused', identifier: '[42]', character: 'a list' },
      { code: 'identifier-refused', character: 'a number too large to be exact' },
      { code: 'identifier-refused', identifier: 'a~b', character: '"~"' },
    ],
  },
];
