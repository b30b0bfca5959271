import type { EntityReference } from '../../model/entity.js';

/** A change of the catalog that a call made. A refused or merely validated one is none. */
export type Write =
  | (EntityReference & {
      readonly type: 'entity-upserted';
      readonly created: boolean;
      /** `related`: a missing relation target, created on the way. */
      readonly cause: 'requested' | 'related';
    })
  | (EntityReference & {
      readonly type: 'entity-deleted';
      /** `dependent`: it related to what was to be deleted. */
      readonly cause: 'requested' | 'dependent';
    })
  | {
      readonly type: 'blueprint-created' | 'blueprint-updated' | 'blueprint-deleted';
      readonly blueprint: string;
    };
