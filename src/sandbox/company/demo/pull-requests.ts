import type { Happening, PullRequest, Repository, Review } from '../company.js';
import { commitId, slugOf } from '../identifiers.js';

/**
 * One pull request: where, how it stands, title, author, reviewers, others who took part. A name
 * with `+` approved, with `-` asked for work.
 */
type Row = readonly [
  repository: string,
  state: PullRequest['state'] | 'DRAFT',
  title: string,
  author: string,
  reviewers?: string,
  participants?: string,
];

const rows: readonly Row[] = [
  ['PAY/api', 'MERGED', 'Refuse a charge of nothing', 'zzielinska', '+jokafor'],
  ['PAY/api', 'MERGED', 'Idempotency keys', 'jokafor', '+zzielinska aperez', '+build-bot'],
  ['PAY/api', 'DECLINED', 'Round to the nearest euro', 'egrant', '-jokafor -zzielinska'],
  ['PAY/api', 'OPEN', 'Refund part of a charge', 'zzielinska', '+jokafor -priya.raman', 'aperez'],
  ['PAY/api', 'OPEN', 'Pay with a phone', 'aperez', 'jokafor build-bot'],
  ['PAY/api', 'DRAFT', 'Payouts in Kč and zł', 'tmuller'],
  ['PAY/ledger', 'MERGED', 'Close a month twice without harm', 'priya.raman', '+zzielinska'],
  ['PAY/ledger', 'MERGED', 'Export for the tax office', 'zzielinska', '+priya.raman', 'egrant'],
  ['PAY/ledger', 'DECLINED', 'Allow corrections in place', 'jokafor', '-priya.raman'],
  ['PAY/ledger', 'OPEN', 'Balance sheet by country', 'priya.raman', 'zzielinska jokafor'],
  ['PAY/card-gateway', 'MERGED', 'Second acquirer', 'aperez', '+jokafor', '+build-bot'],
  ['PAY/card-gateway', 'MERGED', 'Retry when the line drops', 'jokafor', '+aperez'],
  ['PAY/card-gateway', 'OPEN', 'Strong customer authentication', 'aperez', '-jokafor zzielinska'],
  ['PAY/legacy-invoices', 'MERGED', 'Correct the VAT of 2019', 'egrant', '+admin'],
  ['PAY/legacy-invoices', 'DECLINED', 'Rewrite in a newer language', 'jokafor', '-egrant'],
  ['WEB/api', 'MERGED', 'Nearest bike first', 'HKim', '+lnguyen'],
  ['WEB/api', 'OPEN', 'Search by district', 'lnguyen', 'HKim', 'mweber'],
  ['WEB/api', 'OPEN', 'Cache the map for a minute', 'mweber', '+HKim +lnguyen', 'build-bot'],
  ['WEB/api', 'DECLINED', 'Return everything', 'aperez', '-lnguyen'],
  ['WEB/storefront', 'MERGED', 'Faster first paint', 'lnguyen', '+mweber +HKim'],
  ['WEB/storefront', 'MERGED', 'Preise in Österreich', 'tmuller', '+lnguyen'],
  ['WEB/storefront', 'MERGED', 'Accessible colours', 'mweber', '+lnguyen', 'HKim'],
  ['WEB/storefront', 'OPEN', 'A map on the front page', 'mweber', 'lnguyen', 'tmuller'],
  ['WEB/storefront', 'OPEN', 'Gift vouchers 🎁', 'HKim', '-mweber lnguyen'],
  ['WEB/storefront', 'DRAFT', 'Dark mode', 'lnguyen'],
  ['WEB/storefront', 'DECLINED', 'Autoplay a video', 'egrant', '-lnguyen -mweber'],
  ['WEB/mobile-app', 'MERGED', 'Unlock without a network', 'HKim', '+aperez'],
  ['WEB/mobile-app', 'MERGED', 'Photos of broken bikes', 'aperez', '+HKim', 'build-bot'],
  ['WEB/mobile-app', 'OPEN', 'Ride history', 'aperez', '+HKim mweber'],
  ['WEB/mobile-app', 'OPEN', 'Bump build number', 'build-bot', 'HKim'],
  ['OPS/terraform', 'MERGED', 'Encrypt every volume', 'priya.raman', '+tmuller'],
  ['OPS/terraform', 'MERGED', 'Third region', 'tmuller', '+priya.raman +admin'],
  ['OPS/terraform', 'OPEN', 'Smaller machines at night', 'tmuller', 'priya.raman', 'jokafor'],
  ['OPS/terraform', 'DECLINED', 'Give everybody root', 'egrant', '-tmuller -priya.raman -admin'],
  ['OPS/uberwachung', 'MERGED', 'Alarm nur bei echtem Ausfall', 'tmuller', '+priya.raman'],
  ['OPS/uberwachung', 'OPEN', 'Bereitschaft auch über Feiertage', 'priya.raman', 'tmuller'],
  ['OPS/deploy-scripts', 'MERGED', 'Roll back with one command', 'priya.raman', '+tmuller'],
  [
    'OPS/deploy-scripts',
    'OPEN',
    'Deploy on Fridays',
    'jokafor',
    '-priya.raman tmuller',
    'build-bot',
  ],
  ['OPS/deploy-scripts', 'OPEN', 'Remove the last Perl', 'tmuller', '+priya.raman'],
  ['~MWEBER/storefront', 'OPEN', 'Clusters on the map', 'mweber'],
];

/** 2 June 2025, 7:15 UTC: when the first of them was opened. */
const firstOpenedAt = 1_748_848_500_000;
const hour = 3_600_000;

/** The one that comes out of a fork. */
const titleFromFork = 'A map on the front page';
/** The one of which Bitbucket Cloud does not say where it leads. */
const titleWithoutDestination = 'Bump build number';
const fork = 12;

/** The demo company's pull requests into `repository`, oldest first. */
export function demoPullRequests(repository: Repository): readonly PullRequest[] {
  const path = `${repository.project}/${repository.slug}`;
  return rows
    .map((row, index) => ({ row, openedAt: firstOpenedAt + index * 7 * hour }))
    .filter(({ row: [where] }) => where === path)
    .map(({ row, openedAt }, index) => pullRequest(repository, row, index + 1, openedAt));
}

function pullRequest(
  repository: Repository,
  [path, state, title, author, reviewers, participants]: Row,
  id: number,
  openedAt: number,
): PullRequest {
  const updatedDate = openedAt + (id + 1) * 5 * hour;
  const [tip] = repository.commits;
  return {
    id,
    version: reviewers === undefined ? 0 : 2,
    title,
    // A third of them have none, as people are.
    ...(title.length % 3 === 0 ? {} : { description: `${title}.\n\nAsked for by ${author}.` }),
    state: state === 'DRAFT' ? 'OPEN' : state,
    draft: state === 'DRAFT',
    createdDate: openedAt,
    updatedDate,
    author,
    reviewers: reviews(reviewers),
    participants: reviews(participants),
    activity: activity(author, reviews(reviewers), reviews(participants), openedAt),
    from: {
      branch: slugOf(title),
      commit: commitId(`${path} ${title}`),
      ...(title === titleFromFork ? { repository: fork } : {}),
    },
    ...(title === titleWithoutDestination ? { hidesDestination: true } : {}),
    to: { branch: repository.defaultBranch ?? 'main', commit: tip?.id ?? commitId(path) },
    commentCount: title.length % 5,
    ...(state === 'MERGED' || state === 'DECLINED' ? { closedDate: updatedDate } : {}),
    ...(state === 'MERGED' ? { mergeCommit: commitId(`merge of ${path} ${title}`) } : {}),
  };
}

/** Who asks for work gets it an hour later; who only takes part asks a question before. */
function activity(
  author: string,
  reviewers: readonly Review[],
  participants: readonly Review[],
  openedAt: number,
): readonly Happening[] {
  const asked = participants.map(({ user }): Happening => ({
    what: 'comment',
    at: openedAt + hour,
    by: user,
  }));
  const judged = reviewers.flatMap(({ user, status }, index): readonly Happening[] => {
    const at = openedAt + (index + 1) * 2 * hour;
    if (status === 'APPROVED') return [{ what: 'approval', at, by: user }];
    if (status === 'UNAPPROVED') return [];
    return [
      { what: 'changes', at, by: user },
      { what: 'push', at: at + hour, by: author },
    ];
  });
  return [...asked, ...judged];
}

function reviews(names = ''): readonly Review[] {
  return names
    .split(' ')
    .filter((name) => name !== '')
    .map((name) => {
      if (name.startsWith('+')) return { user: name.slice(1), status: 'APPROVED' };
      if (name.startsWith('-')) return { user: name.slice(1), status: 'NEEDS_WORK' };
      return { user: name, status: 'UNAPPROVED' };
    });
}
