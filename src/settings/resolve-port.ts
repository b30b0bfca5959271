import { portSettings, REGION_ADDRESSES } from './declarations/port.js';
import { isStronger, spelledOut } from './origin.js';
import type { SettingReader } from './reader.js';
import type { PlainSettings } from './settings.js';

/** Who we are to Port and where it is; null when that has problems, which are recorded. */
export function resolvePort(reader: SettingReader): PlainSettings['port'] | null {
  const clientId = reader.required(portSettings.clientId);
  const clientSecret = reader.required(portSettings.clientSecret);
  const baseUrl = resolveAddress(reader);
  return clientId === null || clientSecret === null ? null : { clientId, clientSecret, baseUrl };
}

/** The address and the region say the same thing: the one from the stronger layer counts. */
function resolveAddress(reader: SettingReader): string {
  const address = reader.find(portSettings.baseUrl);
  const region = reader.find(portSettings.region);
  if (region.state !== 'set') {
    return address.state === 'set' ? address.value : portSettings.baseUrl.default;
  }
  const regional = REGION_ADDRESSES[region.value];
  if (address.state !== 'set' || isStronger(region.origin, address.origin)) return regional;
  if (address.origin.layer === region.origin.layer && address.value !== regional) {
    reader.notices.push(
      `${spelledOut(address.origin)} and ${spelledOut(region.origin)} differ: ${address.origin.spelling} is used`,
    );
  }
  return address.value;
}
