import type { Commit, Repository } from '../company.js';
import { commitId, slugOf } from '../identifiers.js';
import { demoUsers } from './users.js';

/** Fields of which most repositories have the usual value. */
interface Description extends Partial<
  Omit<Repository, 'id' | 'project' | 'name' | 'files' | 'commits'>
> {
  readonly files?: Readonly<Record<string, string>>;
  /** Oldest first: login or e-mail address of the author, and the message. */
  readonly history?: readonly (readonly [author: string, message: string])[];
}

/** 3 March 2025, 8:00 UTC: the first commit of the first repository. */
const firstCommitAt = 1_740_988_800_000;
const hour = 3_600_000;

/** Twelve repositories, with what makes a catalogue stumble spread among them. */
export const demoRepositories: readonly Repository[] = [
  repository(1, 'PAY', 'API', {
    description: 'Charges, refunds and payouts over HTTP.',
    files: {
      'README.md':
        '# Payments API\n\nCharges a rider at the end of a ride.\n\n- `POST /charges`\n- `POST /refunds`\n',
      'package.json': '{\n  "name": "payments-api"\n}\n',
      'src/charges.ts': 'export const currency = "EUR";\n',
    },
    history: [
      ['jokafor', 'Charge a card'],
      ['zzielinska', 'Refund a charge'],
      [
        'jokafor',
        'Pull request #1: Refuse a charge of nothing\n\nMerge in PAY/api from zero-charge',
      ],
    ],
  }),
  repository(2, 'PAY', 'Ledger', {
    description: 'Double-entry books; nothing is ever deleted.',
    files: { 'readme.md': '# Ledger\n\nEvery cent twice.\n', 'pom.xml': '<project/>\n' },
    history: [
      ['zzielinska', 'Post an entry'],
      ['priya.raman', 'Close a month'],
    ],
  }),
  repository(3, 'PAY', 'Card Gateway', {
    forkOf: 1,
    files: {
      'ReadMe.MD': '# Card gateway\n\nTalks to two acquirers.\n',
      'go.mod': 'module gateway\n',
    },
    // The last word is a machine's, which Bitbucket does not know as a user.
    history: [
      ['aperez', 'Speak ISO 8583'],
      ['renovate@bots.fernlicht.example', 'Update acquirer client to 4.2'],
    ],
  }),
  repository(4, 'PAY', 'Legacy Invoices', {
    description: 'Kept for the auditors until 2031.',
    archived: true,
    files: { 'README.txt': 'Do not touch.\n', 'invoice.pl': '#!/usr/bin/perl\n' },
    history: [['egrant', 'Print an invoice']],
  }),
  // The same slug as in PAY.
  repository(5, 'WEB', 'API', {
    description: 'What the site and the app ask for.',
    public: true,
    defaultBranch: 'develop',
    files: { 'schema.graphql': 'type Query { bikes: [Bike!]! }\n' },
    history: [
      ['lnguyen', 'List bikes'],
      ['HKim', 'Find the nearest bike'],
    ],
  }),
  repository(6, 'WEB', 'Storefront', {
    description: 'The public site.',
    public: true,
    website: 'https://fernlicht.example',
    files: {
      'README.md': '# Storefront\n\nRent a bicycle — ein Fahrrad mieten — louer un vélo. 🚲\n',
      'docs/README.md': '# Writing style\n',
      'package.json': '{\n  "name": "storefront"\n}\n',
    },
    history: [
      ['lnguyen', 'Landing page'],
      ['tmuller', 'Übersetzungen für Österreich'],
      [
        'lnguyen',
        'Pull request #1: Faster first paint\n\nMerge in WEB/storefront from first-paint',
      ],
    ],
  }),
  repository(7, 'WEB', 'Mobile App', {
    description: 'iOS and Android.',
    forkable: false,
    files: { 'README.md': '# Mobile app\n', 'app.json': '{}\n' },
    history: [
      ['HKim', 'Unlock a bike'],
      ['aperez', 'Report a broken bike'],
    ],
  }),
  // Created last week; nothing was pushed yet.
  repository(8, 'WEB', 'Kiosk', { defaultBranch: null, isSparse: true }),
  repository(9, 'OPS', 'Terraform', {
    description: 'All of the infrastructure.',
    files: {
      'README.md': '# Terraform\n\n`make plan`, then ask somebody.\n',
      'main.tf': 'terraform {}\n',
    },
    history: [
      ['tmuller', 'Two regions'],
      ['priya.raman', 'Encrypt every volume'],
    ],
  }),
  repository(10, 'OPS', 'Überwachung', {
    description: 'Dashboards, Alarme und wer nachts geweckt wird.',
    files: {
      'Readme.md': '# Überwachung\n\nWer Bereitschaft hat, steht in `rota.yml`.\n',
      'rota.yml': 'week: 1\n',
    },
    history: [['tmuller', 'Erster Alarm']],
  }),
  // Its name was changed in the days when the slug did not follow.
  repository(11, 'OPS', 'Release Tooling', {
    slug: 'deploy-scripts',
    defaultBranch: 'master',
    files: { 'deploy.sh': '#!/bin/sh\n', 'docs/rollback.md': '# Rolling back\n' },
    history: [
      ['egrant', 'Deploy by hand'],
      ['priya.raman', 'Deploy by pipeline'],
    ],
  }),
  repository(12, '~MWEBER', 'Storefront', {
    forkOf: 6,
    files: { 'README.md': '# Storefront, with a map\n' },
    history: [
      ['lnguyen', 'Landing page'],
      ['mweber', 'Try a map'],
    ],
  }),
];

function repository(
  id: number,
  project: string,
  name: string,
  { history = [], ...rest }: Description,
): Repository {
  return {
    id,
    project,
    slug: slugOf(name),
    name,
    state: 'AVAILABLE',
    archived: false,
    public: false,
    forkable: true,
    defaultBranch: 'main',
    files: {},
    ...rest,
    commits: commitsOf(id, history),
  };
}

function commitsOf(
  repositoryId: number,
  history: readonly (readonly [author: string, message: string])[],
): readonly Commit[] {
  const ids = history.map(([, message]) => commitId(`${repositoryId} ${message}`));
  return history
    .map(([author, message], index) => ({
      id: ids[index] ?? '',
      author: signature(author),
      at: firstCommitAt + (repositoryId * 24 + index * 5) * hour,
      message,
      parents: ids.slice(Math.max(0, index - 1), index),
    }))
    .reverse();
}

function signature(author: string): Commit['author'] {
  const user = demoUsers.find(({ name }) => name === author);
  return {
    name: user?.displayName ?? 'Renovate',
    emailAddress: user?.emailAddress ?? author,
  };
}
