import type { Clock } from '../clock.js';
import { AttemptFailure } from './http-error.js';
import { longestServerWaitMilliseconds, tellWaitAgainMilliseconds } from './limits.js';

/** A wait that begins, for whoever shows it. */
export interface Wait {
  readonly reason: string;
  readonly milliseconds: number;
}

export interface GateOptions {
  readonly clock: Clock;
  /** Milliseconds since the epoch after which no wait may end; null: there is none. */
  readonly deadline: () => number | null;
  readonly onWait: (wait: Wait) => void;
}

/** One wait for all requests to a host: while it is closed, none of them starts. */
export interface Gate {
  isOpen(): boolean;
  /** Closes it for a while; never for less than it is closed already. */
  close(milliseconds: number, reason: string): void;
  /**
   * Resolves when it is open.
   * @throws AttemptFailure `no-time` when that is too late for this run
   */
  pass(signal: AbortSignal | undefined): Promise<void>;
  /**
   * A wait of a single request, under the same deadline.
   * @throws AttemptFailure `no-time`
   */
  wait(subject: string, wait: Wait, signal: AbortSignal | undefined): Promise<void>;
}

/** A gate that is open. */
export function createGate({ clock, deadline, onWait }: GateOptions): Gate {
  let closedUntil = 0;
  let closedFor = '';

  const fits = (end: number): boolean =>
    end - clock.now() <= longestServerWaitMilliseconds && end <= (deadline() ?? Infinity);
  const isOpen = (): boolean => closedUntil <= clock.now();

  return {
    isOpen,
    close: (milliseconds, reason) => {
      const end = clock.now() + milliseconds;
      if (end <= closedUntil) return;
      const news = isOpen() || end - closedUntil >= tellWaitAgainMilliseconds;
      closedUntil = end;
      closedFor = reason;
      if (news && fits(end)) onWait({ reason, milliseconds });
    },
    pass: async (signal) => {
      while (!isOpen()) {
        if (!fits(closedUntil)) throw noTime(closedFor, closedUntil);
        await clock.sleep(closedUntil - clock.now(), signal);
      }
    },
    wait: async (subject, { reason, milliseconds }, signal) => {
      const end = clock.now() + milliseconds;
      if (!fits(end)) throw noTime(reason, end);
      onWait({ reason: `${subject}: ${reason}`, milliseconds });
      await clock.sleep(milliseconds, signal);
    },
  };
}

function noTime(reason: string, end: number): AttemptFailure {
  const words = `${reason}; the next attempt would be at ${timeOf(end)}, after the end of this run: run again then`;
  return new AttemptFailure('no-time', words, { permanent: true });
}

/** RFC 3339 to the second, rounded up. `Date` ends in the year 275760; a header may name a later one. */
function timeOf(milliseconds: number): string {
  const lastDate = 8.64e15;
  const rounded = Math.min(Math.ceil(milliseconds / 1_000) * 1_000, lastDate);
  return new Date(rounded).toISOString().replace('.000Z', 'Z');
}
