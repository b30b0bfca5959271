import type { Clock } from '../../clock.js';

const TOKEN_TYPE = 'Bearer';

/** A token as `POST /v1/auth/access_token` answers it. */
export interface IssuedToken {
  readonly accessToken: string;
  /** Seconds that are left. */
  readonly expiresIn: number;
  readonly tokenType: string;
}

/** The one active token of the one pair of credentials. */
export class Tokens {
  private current = { text: '', expiresAt: -Infinity };
  private issued = 0;

  constructor(
    private readonly lifetimeSeconds: number,
    private readonly clock: Clock,
  ) {}

  /** The active token; a new one only when there is none. */
  issue(): IssuedToken {
    const now = this.clock.now();
    if (now >= this.current.expiresAt) {
      this.issued += 1;
      this.current = {
        text: `built-in-port-token-${this.issued}`,
        expiresAt: now + this.lifetimeSeconds * 1000,
      };
    }
    return {
      accessToken: this.current.text,
      expiresIn: Math.floor((this.current.expiresAt - now) / 1000),
      tokenType: TOKEN_TYPE,
    };
  }

  /** Whether an `Authorization` header carries the active token. */
  accepts(authorization: string | undefined): boolean {
    return (
      authorization === `${TOKEN_TYPE} ${this.current.text}` &&
      this.clock.now() < this.current.expiresAt
    );
  }

  /** Ends the active token before its time. */
  expire(): void {
    this.current = { text: '', expiresAt: -Infinity };
  }
}
