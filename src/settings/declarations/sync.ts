import { setting } from '../declaration.js';
import { ALL_KINDS } from '../kind-names.js';
import {
  approval,
  duration,
  pathPatterns,
  ratio,
  someNames,
  someOf,
  truth,
  wholeNumber,
} from '../values.js';

/** What is added to a repository beyond its listing, each at one request. */
export const ENRICHMENTS = ['readme', 'latestCommit'] as const;

/** How a run goes. */
export const syncSettings = {
  concurrency: setting({
    name: 'sync.concurrency',
    description:
      'Requests to Bitbucket at a time. By default, the number adapts to how fast Bitbucket answers.',
    flag: {
      name: '--concurrency',
      argument: '<number>',
      description: 'requests to Bitbucket at a time',
    },
    schema: wholeNumber(1, 100),
    default: null,
    defaultWords: 'from 8 up to 16 for Data Center, from 10 up to 32 for Cloud',
  }),

  timeout: setting({
    name: 'sync.timeout',
    description:
      'Time limit of the whole run, such as 25m. What is not done by then is left to the next run.',
    flag: {
      name: '--timeout',
      argument: '<time>',
      description: 'time limit of the run, such as 25m',
    },
    schema: duration,
    default: null,
    defaultWords: 'none',
  }),

  maxStale: setting({
    name: 'sync.maxStale',
    description:
      'How long a repository of Bitbucket Cloud may stay unread when requests run out before a run counts as incomplete (exit 4), such as 24h.',
    flag: {
      name: '--max-stale',
      argument: '<time>',
      description: 'how long a repository may stay unread when requests run out',
    },
    schema: duration,
    default: 24 * 3_600_000,
    defaultWords: '24h',
  }),

  delete: setting({
    name: 'sync.delete',
    description: 'Whether entities that are gone from Bitbucket are deleted from Port.',
    flag: {
      name: '--no-delete',
      argument: null,
      gives: 'false',
      description: 'delete nothing from Port',
    },
    schema: truth,
    default: true,
  }),

  deletionThreshold: setting({
    name: 'sync.deletionThreshold',
    description:
      'Share of the owned entities, 0 to 1, that a run may delete. It stops if there are more.',
    flag: {
      name: '--deletion-threshold',
      argument: '<share>',
      description: 'share of entities that a run may delete, 0 to 1',
    },
    schema: ratio,
    default: null,
    defaultWords: "the mapping's, else 0.9",
  }),

  deleteOnly: setting({
    name: 'sync.deleteOnly',
    description:
      'Deletes only in these blueprints, even if an unknown key of the mapping or a name that begins with _ would keep everything.',
    flag: {
      name: '--delete-only',
      argument: '<blueprints>',
      description: 'delete only in these blueprints',
    },
    schema: someNames,
    default: null,
    defaultWords: 'every blueprint',
  }),

  /** On the command line alone: no file and no variable approves what a person has to look at. */
  approve: setting({
    name: 'approve',
    description: 'Approves a number of deletions for one day, as a stopped run prints it.',
    flag: {
      name: '--approve',
      argument: '<number@day>',
      description: 'approve deletions that a run was stopped for, such as 25@2026-11-30',
    },
    keys: [],
    schema: approval,
    default: null,
    defaultWords: 'none',
  }),

  allowCascade: setting({
    name: 'sync.allowCascade',
    description:
      'Whether an entity that is gone from Bitbucket is deleted together with entities of others that relate to it.',
    flag: {
      name: '--allow-cascade',
      argument: null,
      gives: 'true',
      description: 'delete what is gone even if entities of others are deleted with it',
    },
    schema: truth,
    default: false,
  }),

  kinds: setting({
    name: 'sync.kinds',
    description: 'Loads only these kinds, and deletes nothing in the blueprints that they feed.',
    flag: {
      name: '--kinds',
      argument: '<kinds>',
      description: `load only these kinds: ${ALL_KINDS.join(', ')}`,
    },
    schema: someOf(ALL_KINDS),
    default: null,
    defaultWords: 'all of the mapping',
  }),

  /** In files and variables of the job alone: whoever may edit a mapping must not decide it. */
  allowRequests: setting({
    name: 'sync.allowRequests',
    description:
      'Paths of the API that a mapping may ask for (kind: request), as patterns: * is any of a name, ** any number of names. [] is nothing.',
    schema: pathPatterns,
    default: [],
    defaultWords: 'nothing',
  }),

  reportToPort: setting({
    name: 'sync.reportToPort',
    description:
      "Whether the run reports to Port's Data sources page: log lines, and counts for each kind.",
    flag: {
      name: '--no-report-to-port',
      argument: null,
      gives: 'false',
      description: "do not report the run to Port's Data sources page",
    },
    schema: truth,
    default: true,
  }),

  enrich: setting({
    name: 'sync.enrich',
    description:
      'What is read for repositories in addition to their listing, if a mapping uses it. [] is nothing.',
    schema: someOf(ENRICHMENTS),
    default: ENRICHMENTS,
    defaultWords: 'readme, latestCommit',
  }),
};
