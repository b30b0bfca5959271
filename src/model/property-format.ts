import { z } from 'zod';

const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;
const EMAIL = /^[^\s@]+@[^\s@]+$/;
const ABSOLUTE_URL = /^[a-z][a-z0-9+.-]*:\/\//i;

const ipv4 = z.ipv4();
const ipv6 = z.ipv6();

const isDateTime = (text: string): boolean => DATE_TIME.test(text) && !isNaN(Date.parse(text));
const isEmail = (text: string): boolean => EMAIL.test(text);

/** The formats that a text can fail; `markdown`, `user` and the rest only say how it is shown. */
const CHECKS: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['date-time', isDateTime],
  ['timer', isDateTime],
  ['url', (text: string): boolean => ABSOLUTE_URL.test(text) && URL.canParse(text)],
  ['email', isEmail],
  ['idn-email', isEmail],
  ['ipv4', (text: string): boolean => ipv4.safeParse(text).success],
  ['ipv6', (text: string): boolean => ipv6.safeParse(text).success],
]);

/** Whether `text` is in the format of a property. Any text is in a format that cannot be failed. */
export function hasFormat(text: string, format: string): boolean {
  return CHECKS.get(format)?.(text) ?? true;
}
