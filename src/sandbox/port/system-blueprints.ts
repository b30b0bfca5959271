import type { JsonObject } from '../../model/json.js';

/**
 * Blueprints that every organization has: Port's own teams and users. What is deleted in them is a
 * team or a person who can no longer sign in.
 */
export const SYSTEM_BLUEPRINTS = [
  {
    identifier: '_team',
    title: 'Team',
    schema: { properties: { description: { type: 'string' } } },
  },
  {
    identifier: '_user',
    title: 'User',
    schema: {
      properties: {
        status: { type: 'string', enum: ['Staged', 'Invited', 'Active', 'Disabled'] },
        port_role: { type: 'string', enum: ['Admin', 'Member'] },
      },
    },
    relations: { teams: { target: '_team', required: false, many: true } },
  },
] as const satisfies readonly JsonObject[];
