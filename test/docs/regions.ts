import { cloudBlueprints, serverBlueprints } from './blueprint-diagrams.js';
import { commandTable } from './command-table.js';
import { containerDifferenceTable } from './container-differences.js';
import { cloudCosts, serverCosts } from './costs.js';
import { deletionFlow } from './deletion-flow.js';
import { keptTable } from './kept-table.js';
import { messageTable } from './message-table.js';
import { pipeline } from './pipeline.js';
import { permissionTable, scopeTable } from './scopes.js';
import { settingTables } from './setting-tables.js';
import { sizingTable } from './sizing.js';

/** What documents hold between `<!-- generated: NAME -->` and `<!-- /generated -->`, by its name. */
export const regions: Readonly<Record<string, () => string>> = {
  'blueprints-cloud': cloudBlueprints,
  'blueprints-server': serverBlueprints,
  commands: commandTable,
  'container-differences': containerDifferenceTable,
  'costs-cloud': cloudCosts,
  'costs-server': serverCosts,
  'deletion-flow': deletionFlow,
  kept: keptTable,
  messages: messageTable,
  permissions: permissionTable,
  pipeline,
  scopes: scopeTable,
  settings: settingTables,
  sizing: sizingTable,
};
