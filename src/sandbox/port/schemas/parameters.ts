import { z } from 'zod';

/** A parameter that may stand once, as text. */
export const text = z.tuple([z.string()]).transform(([value]) => value);

/** A parameter that is `true` or `false`, and has to be there. */
export const requiredFlag = z
  .tuple([z.enum(['true', 'false'])])
  .transform(([value]) => value === 'true');

/** A parameter that is `true` or `false`; `false` when it is left out. */
export const flag = requiredFlag.optional().transform((value) => value ?? false);

/** A parameter that may be repeated. */
export const repeated = z.array(z.string());

/** Parameters that tie a write to an action run or to a resync. The latter two are not documented. */
export const origin = {
  run_id: text.optional(),
  ocean_info_event_type: text.optional(),
  ocean_info_resync_id: text.optional(),
};

/** The two `attach_…` parameters change relations in a way that the reference does not show. */
const off = z.tuple([z.literal('false')]).optional();

/** Parameters of every read of entities; `attach_…` can only be off here. */
export const reading = {
  exclude_calculated_properties: flag,
  include: repeated.optional(),
  exclude: repeated.optional(),
  attach_title_to_relation: off,
  attach_identifier_to_title_mirror_properties: off,
};
