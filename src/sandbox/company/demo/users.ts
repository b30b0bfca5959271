import type { User } from '../company.js';

/** Ten people and machines at work, and one who left. */
export const demoUsers: readonly User[] = [
  person(1, 'admin', 'Administrator'),
  person(2, 'mweber', 'Maria Weber'),
  person(3, 'jokafor', 'Jonas Okafor'),
  person(4, 'zzielinska', 'Zofia Zielińska'),
  person(5, 'lnguyen', 'Linh Nguyễn'),
  person(6, 'tmuller', 'Tomáš Müller'),
  person(7, 'aperez', 'Ana Pérez'),
  person(8, 'priya.raman', 'Priya Raman'),
  // The directory spells this login with capitals; the slug does not.
  { ...person(9, 'hkim', 'Hana Kim'), name: 'HKim' },
  // A machine account that nobody gave an address.
  {
    id: 10,
    name: 'build-bot',
    slug: 'build-bot',
    displayName: 'Build Bot',
    active: true,
    isApp: true,
  },
  { ...person(11, 'egrant', 'Eve Grant'), active: false },
];

function person(id: number, name: string, displayName: string): User {
  return {
    id,
    name,
    slug: name,
    displayName,
    emailAddress: `${name}@fernlicht.example`,
    active: true,
  };
}
