import type { Company } from '../../../src/sandbox/company/company.js';
import { commitId } from '../../../src/sandbox/company/identifiers.js';
import { aCommit, aCompany } from '../../world/a-company.js';

/** A company with a little of everything: most scenarios are about it. */
export function aUsualCompany(): Company {
  return aCompany()
    .withUser({ name: 'ana', displayName: 'Ana' })
    .withUser({ name: 'bo', displayName: 'Bo' })
    .withUser({ name: 'bot', emailAddress: null })
    .withUser({ name: 'cem', displayName: 'Cem', active: false })
    .withUser({ name: 'dee', displayName: 'Dee' })
    .withProject('PAY', { description: 'Money' })
    .withProject('WEB', { public: true })
    .withProject('OPS')
    .withRepository('PAY', 'api', {
      files: { 'README.md': '# API', CODEOWNERS: '* @ana' },
    })
    .withRepository('PAY', 'ledger', { description: 'Books', public: true })
    .withRepository('PAY', 'empty', { empty: true })
    .withRepository('WEB', 'shop', {
      archived: true,
      files: { 'README.md': '# Shop' },
      // Somebody whom Bitbucket does not know.
      commits: [
        aCommit({
          id: commitId('shop'),
          author: { name: 'Ghost', emailAddress: 'ghost@elsewhere.example' },
        }),
      ],
    })
    .withPullRequest('PAY', 'api', { author: 'ana', reviewers: ['bo', 'bot'] })
    .withPullRequest('PAY', 'api', { author: 'bo', state: 'MERGED' })
    .withPullRequest('PAY', 'api', { author: 'cem', participants: ['ana', 'bo'] })
    .withPullRequest('PAY', 'ledger', { author: 'bo', participants: ['ana'] })
    .withPullRequest('WEB', 'shop', { author: 'ana', state: 'DECLINED' })
    .withPullRequest('WEB', 'shop', { author: 'ana', reviewers: ['bo'] })
    .build();
}

/** Three repositories and a pull request, where little tells as much. */
export function aSmallCompany(): Company {
  return aCompany()
    .withRepository('PAY', 'api')
    .withRepository('PAY', 'ledger')
    .withRepository('PAY', 'tools')
    .withPullRequest('PAY', 'api')
    .build();
}

/** Repositories with three open pull requests each: enough for many to go at once. */
export function aCompanyOfMany(count = 5): Company {
  const builder = aCompany();
  for (let number = 1; number <= count; number += 1) {
    const slug = `r${String(number)}`;
    builder.withRepository('PAY', slug);
    for (const id of [1, 2, 3]) builder.withPullRequest('PAY', slug, { id });
  }
  return builder.build();
}

/** A new repository, as somebody pushes it between two runs. */
export function addRepository(company: Company, project: string, slug: string): void {
  company.repositories.push({
    id: Math.max(...company.repositories.map(({ id }) => id)) + 1,
    project,
    slug,
    name: slug,
    state: 'AVAILABLE',
    archived: false,
    public: false,
    forkable: true,
    defaultBranch: 'main',
    files: {},
    commits: [aCommit({ id: commitId(`${project}/${slug}`) })],
  });
}
