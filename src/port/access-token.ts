import type { Clock } from '../clock.js';

/** What Port gives for the credentials. */
export interface TokenAnswer {
  readonly accessToken: string;
  readonly tokenType: string;
  /** Seconds. Short when the token is not new: Port gives the same one until it expires. */
  readonly expiresIn: number;
}

type Headers = Readonly<Record<string, string>>;

/** A token that is renewed ahead of time, by one request at a time. */
export interface AccessToken {
  /**
   * The header that carries a valid token.
   * @throws what `request` throws, when there is no token that still holds
   */
  authorization(): Promise<Headers>;
  /**
   * Sees to another token after a 401; false when none can be had.
   * @param refused the headers that were refused. When they carry an older token than the present
   *   one, that one is good enough; when they carry none, no token will help.
   */
  replace(refused: Headers): Promise<boolean>;
}

/** A token is renewed when this is left of it, or the share below if that is less. */
const renewalMilliseconds = 120_000;
/** Keeps a token of short life from being asked for with each call. */
const renewalShare = 0.05;

interface HeldToken {
  readonly header: string;
  readonly renewAt: number;
  readonly expiresAt: number;
}

/** Holds the token that `request` gets. */
export function createAccessToken(options: {
  readonly request: () => Promise<TokenAnswer>;
  readonly clock: Clock;
}): AccessToken {
  const { clock, request } = options;
  let held: HeldToken | null = null;
  let underWay: Promise<HeldToken> | null = null;

  const obtain = async (): Promise<HeldToken> => {
    // Counted from before the request, so that we never think a token valid for longer than Port.
    held = heldToken(clock.now(), await request());
    return held;
  };
  const renew = (): Promise<HeldToken> => {
    underWay ??= obtain().finally(() => {
      underWay = null;
    });
    return underWay;
  };

  return {
    authorization: async () => {
      if (held !== null && clock.now() < held.renewAt) return { authorization: held.header };
      const last = held;
      try {
        return { authorization: (await renew()).header };
      } catch (error) {
        // Renewal was early: what is held may still carry the call.
        if (last !== null && clock.now() < last.expiresAt) return { authorization: last.header };
        throw error;
      }
    },
    replace: async (refused) => {
      const { authorization } = refused;
      if (authorization === undefined) return false;
      if (held !== null && held.header !== authorization) return true;
      return renew().then(
        () => true,
        () => false,
      );
    },
  };
}

function heldToken(askedAt: number, answer: TokenAnswer): HeldToken {
  const lifetime = answer.expiresIn * 1000;
  return {
    header: `${answer.tokenType} ${answer.accessToken}`,
    renewAt: askedAt + lifetime - Math.min(renewalMilliseconds, lifetime * renewalShare),
    expiresAt: askedAt + lifetime,
  };
}
