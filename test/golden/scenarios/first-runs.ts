import { cloud, server } from '../scenario.js';
import { aUsualCompany } from './company.js';

export const firstRuns = [
  server('first-load', {
    company: aUsualCompany,
    steps: [
      { name: 'nothing is in Port', run: 'sync' },
      { name: 'nothing changed', run: 'sync' },
    ],
  }),
  cloud('first-load', {
    company: aUsualCompany,
    steps: [
      { name: 'nothing is in Port', run: 'sync' },
      { name: 'nothing changed', run: 'sync' },
    ],
  }),
];
