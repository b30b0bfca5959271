import { describe, expect, it } from '@jest/globals';
import { allSettings } from '../src/settings/declarations/index.js';
import { meaninglessSettings } from '../src/settings/declarations/meaningless.js';
import { isBranch } from '../src/settings/layers/branch-variables.js';
import { comparableVariable, oceanVariable } from '../src/settings/spelling.js';
import { textOf } from './docs/documents.js';

/** Rows of the table: the container's variable, and what is told about it here. */
const rows = [...textOf('docs/migration.md').matchAll(/^\| `(OCEAN__\w+)` +\| (.*?) +\|$/gmu)].map(
  ([, variable = '', told = '']) => ({ variable, told }),
);

const isCalled =
  (variable: string) =>
  ({ keys }: { readonly keys: readonly string[] }): boolean =>
    keys.some((key) => oceanVariable(key) === variable);

describe("the container's variables in the page about migration", () => {
  it('are those of its pipelines', () => {
    expect(rows.map(({ variable }) => variable)).toEqual(
      expect.arrayContaining([
        'OCEAN__EVENT_LISTENER',
        'OCEAN__INITIALIZE_PORT_RESOURCES',
        'OCEAN__SEND_RAW_DATA_EXAMPLES',
        'OCEAN__INTEGRATION__CONFIG__BITBUCKET_USERNAME',
        'OCEAN__INTEGRATION__CONFIG__BITBUCKET_PASSWORD',
        'OCEAN__INTEGRATION__CONFIG__BITBUCKET_BASE_URL',
        'OCEAN__INTEGRATION__CONFIG__BITBUCKET_WEBHOOK_SECRET',
        'OCEAN__INTEGRATION__CONFIG__BITBUCKET_IS_VERSION_8_POINT_7_OR_OLDER',
        'OCEAN__INTEGRATION__CONFIG__BITBUCKET_WORKSPACE',
        'OCEAN__INTEGRATION__CONFIG__BITBUCKET_WORKSPACE_TOKEN',
        'OCEAN__INTEGRATION__CONFIG__BITBUCKET_APP_PASSWORD',
        'OCEAN__PORT',
        'OCEAN__INTEGRATION',
        'OCEAN__INTEGRATION__CONFIG',
        'OCEAN__INTEGRATION__SECRETS',
        'OCEAN__PORT__CLIENT_ID',
        'OCEAN__PORT__CLIENT_SECRET',
        'OCEAN__PORT__BASE_URL',
        'OCEAN__INTEGRATION__IDENTIFIER',
        'OCEAN__BASE_URL',
      ]),
    );
  });

  it.each(rows)('$variable: $told', ({ variable, told }) => {
    if (told.startsWith('the same: a JSON object')) {
      expect(isBranch(comparableVariable(variable) ?? '')).toBe(true);
      return;
    }
    const setting = allSettings.find(isCalled(variable));
    const meaningless = meaninglessSettings.find(isCalled(variable));
    expect(setting === undefined).toBe(told.startsWith('accepted and ignored'));
    expect(meaningless === undefined).toBe(setting !== undefined);
    if (!told.startsWith('the same')) return;
    const [, short] = /^the same, or `([A-Z_]+)`/u.exec(told) ?? [];
    if (short === undefined) expect(setting?.variables).toEqual([]);
    else expect(setting?.variables).toContain(short);
  });
});
