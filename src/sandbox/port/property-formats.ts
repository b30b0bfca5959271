import { isIPv4, isIPv6 } from 'node:net';

const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;
const EMAIL = /^[^\s@]+@[^\s@]+$/;
const ABSOLUTE_URL = /^[a-z][a-z0-9+.-]*:\/\//i;

const isDateTime = (text: string): boolean => DATE_TIME.test(text) && !isNaN(Date.parse(text));
const isEmail = (text: string): boolean => EMAIL.test(text);

/** The formats that a text can fail; `markdown`, `user` and the rest only say how it is shown. */
const CHECKS: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['date-time', isDateTime],
  ['timer', isDateTime],
  ['url', (text: string): boolean => ABSOLUTE_URL.test(text) && URL.canParse(text)],
  ['email', isEmail],
  ['idn-email', isEmail],
  ['ipv4', isIPv4],
  ['ipv6', isIPv6],
]);

/** Whether `text` is in the format. Any text is in a format that cannot be failed. */
export function hasFormat(text: string, format: string): boolean {
  return CHECKS.get(format)?.(text) ?? true;
}
