import { describe, expect, it } from '@jest/globals';
import { preludeFor } from '../../../src/mapping/engine/prelude.js';

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
