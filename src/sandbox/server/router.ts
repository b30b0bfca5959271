import { createRouter } from '../path-router.js';
import { routes } from './routes/index.js';

/** The route of a path below `/rest/api/<version>`; undefined when the contract has none. */
export const match = createRouter(routes, { encodedSlashParts: false, emptyRest: false });
