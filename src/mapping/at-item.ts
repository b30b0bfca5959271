import type { RawItem } from '../model/page.js';
import type { ResourceReference } from '../model/resource.js';

/** Where an item problem happened. */
export interface AtItem {
  readonly resource: ResourceReference;
  readonly item: string;
}

/** The item by its link, or by its key where it has none. */
export function atItem(resource: ResourceReference, item: RawItem): AtItem {
  return { resource, item: item.link ?? item.key };
}
