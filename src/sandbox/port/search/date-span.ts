import type { DateSpan } from '../schemas/search-query.js';

type Preset = Extract<DateSpan, { preset: unknown }>['preset'];

interface Bounds {
  readonly from: number;
  readonly to: number;
}

const DAY = 86_400_000;

/** The day that lies `offset` days after today (UTC). */
const dayAt =
  (offset: number) =>
  (now: number): Bounds => {
    const start = Math.floor(now / DAY) * DAY + offset * DAY;
    return { from: start, to: start + DAY - 1 };
  };

/** The last `days` days up to now. */
const last =
  (days: number) =>
  (now: number): Bounds => ({ from: now - days * DAY, to: now });

/** Port does not say how long its months are: here, 30 days. */
const PRESETS = {
  today: dayAt(0),
  tomorrow: dayAt(1),
  yesterday: dayAt(-1),
  lastDay: last(1),
  lastWeek: last(7),
  last2Weeks: last(14),
  lastMonth: last(30),
  last3Months: last(90),
  last6Months: last(180),
  last12Months: last(365),
} satisfies Record<Preset, (now: number) => Bounds>;

/** First and last instant of a span, in milliseconds since the epoch. */
export function boundsOf(span: DateSpan, now: number): Bounds {
  return 'preset' in span
    ? PRESETS[span.preset](now)
    : { from: Date.parse(span.from), to: Date.parse(span.to) };
}
