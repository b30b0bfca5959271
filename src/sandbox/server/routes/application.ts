import { ok, type Route } from '../route.js';

/** `9.4.1` is build 9004001. */
export function buildNumber(version: string): string {
  const [major = '0', minor = '0', patch = '0'] = version.split('.');
  return `${major}${minor.padStart(3, '0')}${patch.padStart(3, '0')}`;
}

export const applicationRoutes: readonly Route[] = [
  {
    path: '/application-properties',
    query: [],
    anonymous: true,
    answer: ({ behaviour: { version } }) =>
      ok({
        version,
        buildNumber: buildNumber(version),
        buildDate: '1730332800000',
        displayName: 'Bitbucket',
      }),
  },
];
