import type { Clock } from '../../clock.js';

/**
 * What an installation of Port does in its own way, or what its API reference leaves open. It may
 * change while the server runs.
 */
export interface PortConduct {
  /** How far Port's clock is ahead of the clock that it was started with; below zero: behind. */
  clockOffsetMilliseconds: number;
  /** The `Age` of each answer, as a cache on the way adds it; null: there is no cache. */
  ageSeconds: number | null;
  /** What becomes of the `spec` of an integration's change. */
  spec: 'kept' | 'dropped' | 'refused';
  /** How the user agent of a write is stored as data source. */
  datasourceCase: 'as-sent' | 'lower';
  /** Which integrations the credentials may read: Port asks for an admin or a moderator. */
  integrations: 'all' | 'own' | 'none';
  /** Which webhooks the credentials may manage: Port asks for an admin or a moderator. */
  webhooks: 'all' | 'none';
  /** Whether a webhook that is read tells the secret of its signatures. */
  webhookSecret: 'hidden' | 'told';
  /** How the mapping of a webhook sees the names of headers: `X-Event-Key`, or in lower case. */
  headerCase: 'title' | 'lower';
  /** Whether the organization is blocked. */
  isBlocked: boolean;
}

/** How Port behaves unless told otherwise. */
export const USUAL_CONDUCT: Readonly<PortConduct> = {
  clockOffsetMilliseconds: 0,
  ageSeconds: null,
  spec: 'kept',
  datasourceCase: 'as-sent',
  integrations: 'all',
  webhooks: 'all',
  webhookSecret: 'hidden',
  headerCase: 'title',
  isBlocked: false,
};

/** Port's own clock, which need not agree with anybody's. */
export function clockOf(clock: Clock, conduct: Readonly<PortConduct>): Clock {
  return {
    now: () => clock.now() + conduct.clockOffsetMilliseconds,
    sleep: (milliseconds, signal) => clock.sleep(milliseconds, signal),
  };
}

/** Headers of each answer that tell the time at Port. */
export function timeHeaders(
  clock: Clock,
  { ageSeconds }: Readonly<PortConduct>,
): Readonly<Record<string, string>> {
  return {
    date: new Date(clock.now()).toUTCString(),
    ...(ageSeconds === null ? {} : { age: String(ageSeconds) }),
  };
}
