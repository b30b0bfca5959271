import type { Project } from '../company.js';

/** Three teams of a bicycle rental, and what somebody keeps for herself. */
export const demoProjects: readonly Project[] = [
  {
    id: 1,
    key: 'PAY',
    name: 'Payments',
    description: 'Taking money, giving it back, and keeping the books.',
    public: false,
  },
  {
    id: 2,
    key: 'WEB',
    name: 'Web & Mobile',
    description: 'Everything that riders see.',
    public: true,
  },
  // Nobody wrote a description.
  { id: 3, key: 'OPS', name: 'Plattform für alle', public: false },
  { id: 4, key: '~MWEBER', name: 'Maria Weber', public: false, owner: 'mweber' },
];
