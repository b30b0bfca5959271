import type { Company, Group, Repository, Tag } from '../company.js';
import { changeRepository } from '../changes.js';
import { pullRequestsOf, requireRepository } from '../lookup.js';

const charges =
  '- identifier: charges\n  title: Charges\n  description: file://README.md\n  type: service\n  lifecycle: production\n';
const vouchers =
  '- identifier: vouchers\n  title: Vouchers\n  type: job\n  lifecycle: deprecated\n';

/** Files that say who owns what and which services there are, by repository. */
const moreFiles: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'PAY/api': {
    '.bitbucket/CODEOWNERS': '* @fernlicht/riders\n',
    'port.yml': charges + vouchers,
  },
  'WEB/storefront': {
    CODEOWNERS: '* @fernlicht/riders\n',
    'port.yml':
      'identifier: site\ntitle: The public site\ndescription: Rent a bicycle.\ntype: website\nlifecycle: production\n',
  },
};

const tagNames: Readonly<Record<string, readonly string[]>> = {
  'PAY/api': ['v2.3.0', 'v2.4.0'],
  'WEB/mobile-app': ['release/5.0'],
};

const groups: readonly Group[] = [
  { name: 'riders', members: ['mweber', 'lnguyen', 'HKim'] },
  { name: 'payments', members: ['jokafor', 'zzielinska', 'aperez'] },
  { name: 'on call', members: ['tmuller', 'priya.raman'] },
];

/**
 * The company with what only those see who ask for more than projects, repositories, pull requests and
 * users: files, tags, groups, and a branch for each open pull request.
 */
export function withMore(company: Company): Company {
  return {
    ...company,
    groups: [...groups],
    repositories: company.repositories.map((repository) => {
      const place = `${repository.project}/${repository.slug}`;
      return {
        ...repository,
        files: { ...repository.files, ...moreFiles[place] },
        branches: branchesOfPullRequests(company, repository),
        tags: Object.fromEntries(
          (tagNames[place] ?? []).map((name) => [name, aTag(repository, name)]),
        ),
      };
    }),
  };
}

function branchesOfPullRequests(
  company: Company,
  repository: Repository,
): Repository['branches'] & object {
  const open = [...pullRequestsOf(company, repository)].filter(
    ({ state, from }) => state === 'OPEN' && from.repository === undefined,
  );
  return Object.fromEntries(
    open.map(({ title, author, updatedDate, from }) => {
      const { displayName = author, emailAddress = author } =
        company.users.find(({ name }) => name === author) ?? {};
      const commit = {
        id: from.commit,
        author: { name: displayName, emailAddress },
        at: updatedDate,
        message: title,
        parents: repository.commits.slice(0, 1).map(({ id }) => id),
      };
      return [from.branch, { files: repository.files, commit }];
    }),
  );
}

/** An annotated one of the newest commit. */
function aTag({ slug, commits: [commit] }: Repository, name: string): Tag {
  if (commit === undefined) throw new RangeError(`${slug} has no commit to tag`);
  return { commit, annotation: { at: commit.at, message: `Release ${name}\n` } };
}

/** A pull request of PAY/api was merged: its branch goes, and so does what it took out of port.yml. */
export function finishVouchers(company: Company, branch: string): void {
  const { branches = {}, files } = requireRepository(company, 'PAY', 'api');
  changeRepository(company, 'PAY', 'api', {
    branches: Object.fromEntries(Object.entries(branches).filter(([name]) => name !== branch)),
    files: { ...files, 'port.yml': charges },
  });
}
