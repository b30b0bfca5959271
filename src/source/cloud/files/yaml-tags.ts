import type { ScalarTag, Tags } from 'yaml';

const timestampTag = 'tag:yaml.org,2002:timestamp';
const booleanTag = 'tag:yaml.org,2002:bool';

/** Values that JSON has no place for. Without their tags they are read as plain text, lists and maps. */
const unknownToJson = ['binary', 'omap', 'pairs', 'set'].map((name) => `tag:yaml.org,2002:${name}`);

/** Timestamps of YAML 1.1 (yaml.org/type/timestamp.html): date, time, fraction, offset. */
const timestamp =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]|[ \t]+)(\d{1,2}):(\d{2}):(\d{2})(\.\d*)?(?:[ \t]*(Z|[-+]\d{1,2}(?::?\d{2})?))?)?$/;

const timestamps: ScalarTag = {
  tag: timestampTag,
  default: true,
  test: timestamp,
  resolve: (text) => asRfc3339(text),
};

/** What PyYAML, which today's integration reads with, takes for true and false: not `y` and `n`. */
const booleans: readonly ScalarTag[] = [
  booleanTagOf(true, /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/),
  booleanTagOf(false, /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/),
];

/** Tags of YAML 1.1, changed so that every value is one of JSON, and dates are texts of RFC 3339. */
export function jsonTags(tags: Tags): Tags {
  const dropped = [timestampTag, booleanTag, ...unknownToJson];
  const kept = tags.filter((tag) => typeof tag === 'string' || !dropped.includes(tag.tag));
  return [...booleans, timestamps, ...kept];
}

/** A date stays a date; a time without an offset is one of UTC, as YAML has it. */
function asRfc3339(text: string): string {
  const [, year, month, day, hour, minute, second, fraction, offset] = timestamp.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return text;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (hour === undefined || minute === undefined || second === undefined) return date;
  const exact = fraction === undefined || fraction === '.' ? '' : fraction;
  return `${date}T${hour.padStart(2, '0')}:${minute}:${second}${exact}${offsetOf(offset)}`;
}

function offsetOf(offset: string | undefined): string {
  const [, sign, hours, minutes] = /^([-+])(\d{1,2}):?(\d{2})?$/.exec(offset ?? 'Z') ?? [];
  if (sign === undefined || hours === undefined) return 'Z';
  return `${sign}${hours.padStart(2, '0')}:${minutes ?? '00'}`;
}

function booleanTagOf(value: boolean, test: RegExp): ScalarTag {
  return { tag: booleanTag, default: true, test, resolve: () => value };
}
