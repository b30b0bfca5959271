import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { wordsOf } from '../../src/problems/words.js';
import { allSettings } from '../../src/settings/declarations/index.js';
import { meaninglessSettings } from '../../src/settings/declarations/meaningless.js';
import { setInWords } from '../../src/settings/shown-settings.js';
import { oceanVariable } from '../../src/settings/spelling.js';
import { resolveOnly, type Changes } from './sources.js';

const secretSettings = [
  ...allSettings.filter(({ secret }) => secret !== null),
  ...meaninglessSettings.filter(({ secret }) => secret),
];
const secretVariables = secretSettings.flatMap(({ variables, keys }) => [
  ...variables,
  ...keys.map(oceanVariable),
]);
const secretKeys = secretSettings.flatMap(({ keys }) => keys).filter((key) => key.includes('.'));

/** Long and odd enough not to be a word of ours by chance; tokens, and texts that no setting takes. */
const secret = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9+/=_-]{12,40}$/u),
  fc.string({ minLength: 12, maxLength: 40, unit: 'grapheme-ascii' }),
  fc.stringMatching(/^[!-~]{6}[\n\t "':@$#][!-~]{6}$/u),
);

const wrongElsewhere: Changes = {
  flags: { '--concurrency': 'x', '--timeout': 'x' },
  env: { PORT_BASE_URL: 'nowhere', PULL_REQUEST_STATE: 'x', OCEAN__NOTHING: 'x' },
  yaml: 'sync:\n  tiemout: 5\nport:\n  region: asia\n',
};

/** All that a user may come to see of a resolution. */
function told(changes: Changes): string {
  const { problems, notices, warnings, origins, shown } = resolveOnly(changes);
  return JSON.stringify([
    problems,
    [...problems, ...warnings].map(wordsOf),
    notices,
    // The address of a proxy is shown, whose password only a whole address tells.
    shown.filter(({ name }) => !name.endsWith('Proxy')).map(setInWords),
    [...origins.values()],
  ]);
}

function shows(text: string, value: string): boolean {
  return text.includes(value) || text.includes(JSON.stringify(value).slice(1, -1));
}

describe('a secret', () => {
  it('in a variable is in no problem and no notice, whatever else is wrong', () => {
    fc.assert(
      fc.property(
        fc.subarray(secretVariables, { minLength: 1 }),
        secret,
        fc.boolean(),
        fc.boolean(),
        (variables, value, isWrong, isInFile) => {
          const holders = Object.fromEntries(
            variables.map((name, index) => [name, `${value}${index}`]),
          );
          const rest = isWrong ? wrongElsewhere : {};
          const text = isInFile
            ? told({ ...rest, dotEnv: holders })
            : told({ ...rest, env: { ...rest.env, ...holders } });
          return !shows(text, value);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('in YAML is in no problem and no notice', () => {
    fc.assert(
      fc.property(fc.constantFrom(...secretKeys), secret, (key, value) => {
        const path = key.split('.');
        const nested = path.map((name, depth) => `${'  '.repeat(depth)}${name}:`).join('\n');
        const yaml = `${nested} ${JSON.stringify(value)}\n`;
        return !shows(told({ yaml }), value);
      }),
      { numRuns: 300 },
    );
  });

  it('in a variable that holds a branch is in no problem and no notice, and known for redaction', () => {
    const branches = secretKeys.flatMap((key) => {
      const names = key.split('.');
      return names.slice(1).map((_, index) => ({ above: names.slice(0, index + 1), key, names }));
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...branches.filter(({ above }) => above[0] !== 'config')),
        secret,
        fc.constantFrom('whole', 'cut', 'twice'),
        ({ above, names }, value, shape) => {
          const tree = names
            .slice(above.length)
            .reduceRight<unknown>((below, name) => ({ [name]: below }), value);
          const whole = JSON.stringify(tree);
          const text = { whole, cut: whole.slice(0, -1), twice: `${whole},${whole}` }[shape];
          const env = { [oceanVariable(above.join('.'))]: text };
          const { secrets } = resolveOnly({ env });
          const isKnown = shape !== 'whole' || value.trim() === '' || secrets.length > 0;
          return isKnown && !shows(told({ env }), value);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is known for redaction wherever it is set, used or not', () => {
    const { secrets } = resolveOnly({
      env: {
        PORT_CLIENT_SECRET: 'one-secret\n',
        OCEAN__PORT__CLIENT_SECRET: 'two-secret',
        BITBUCKET_WORKSPACE_TOKEN: 'three-secret, four-secret',
        HTTPS_PROXY: 'http://ann:fi%76e-secret@proxy:1',
        BITBUCKET_PASSWORD: '',
        BITBUCKET_APP_PASSWORD: 'BITBUCKET_APP_PASSWORD',
      },
      dotEnv: { BITBUCKET_TOKEN: 'six-secret' },
      yaml: 'port:\n  clientSecret: ${SEVEN}\n  clientId: "8"\nwebhookSecret: nine-secret\n',
    });
    expect([...secrets].sort()).toEqual(
      [
        '8',
        'fi%76e-secret',
        'five-secret',
        'four-secret',
        'nine-secret',
        'one-secret',
        'six-secret',
        'three-secret',
        'three-secret, four-secret',
        'two-secret',
      ].sort(),
    );
  });
});
