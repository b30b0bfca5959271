import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { preludeFor } from '../../../src/mapping/engine/prelude.js';
import { webHost } from '../../../src/mapping/engine/web-host.js';
import { enginesUnderTest, patientLimits, runOnce, told } from './engines.js';

const none = new Set<string>();

describe('preludeFor', () => {
  it('is empty for a program that mentions nothing of it', () => {
    expect(preludeFor('.name | ascii_downcase | startswith("trimmed")', none)).toBe('');
  });

  it('defines what the engine lacks and no more', () => {
    expect(preludeFor('trim | abs', new Set(['abs/0']))).toMatch(/^def trim: .*;\n$/);
  });

  it('confines a builtin although the engine has it', () => {
    expect(preludeFor('input', new Set(['input/0']))).toMatch(/^def input: error\(.*\);\n$/);
  });

  it.each(['$ENV.HOME', '$ ENV', '$__loc__ | $ENV'])('hides the environment from %s', (program) => {
    expect(preludeFor(program, none)).toBe('{} as $ENV |\n');
  });
});

describe('the builtins that jq-web is said to have', () => {
  it('make the prelude that those it has make', async () => {
    const host = await webHost(patientLimits);
    await host.close();
    const engine = await enginesUnderTest[0]?.open();
    if (engine === undefined) throw new Error('no jq-web');
    const [outcome] = await runOnce(engine, 'builtins', [null]);
    await engine.close();
    const { value } = z.object({ value: z.array(z.string()) }).parse(told(outcome));
    const names = value.map((signature) => signature.split('/')[0]).join(' ');
    const program = `${names} ltrim rtrim trim trimstr toarray toboolean abs pick add skip scan`;
    expect(preludeFor(program, host.builtins)).toBe(preludeFor(program, new Set(value)));
  });
});
