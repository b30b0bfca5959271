import { describe, expect, it } from '@jest/globals';
import { chooseReporter, colorsFor } from '../../src/report/choose-reporter.js';
import { JsonReporter } from '../../src/report/json-reporter.js';
import { PlainReporter } from '../../src/report/plain-reporter.js';
import { TerminalReporter } from '../../src/report/terminal-reporter.js';
import { samples } from '../problems/samples.js';
import { aStream } from './a-run.js';
import { FakeTerminal } from './fake-terminal.js';

type Env = Readonly<Record<string, string | undefined>>;

function choose(format: 'text' | 'json', stderr: 'terminal' | 'pipe', env: Env): Promise<unknown> {
  const terminal = new FakeTerminal();
  return chooseReporter({
    format,
    env,
    cwd: '/',
    isOneFile: false,
    stdout: aStream(),
    stderr: stderr === 'pipe' ? aStream() : aStream({ isTTY: true, columns: 80, terminal }),
    level: 'info',
    now: () => 0,
    redact: (text) => text,
  });
}

describe('chooseReporter', () => {
  it.each<[string, 'text' | 'json', 'terminal' | 'pipe', Env, unknown]>([
    ['a terminal', 'text', 'terminal', { TERM: 'xterm' }, TerminalReporter],
    ['a pipe', 'text', 'pipe', { TERM: 'xterm' }, PlainReporter],
    ['a terminal in CI', 'text', 'terminal', { CI: 'true' }, PlainReporter],
    ['a terminal in a CI that counts', 'text', 'terminal', { CI: '1' }, PlainReporter],
    ['a terminal with CI switched off', 'text', 'terminal', { CI: 'false' }, TerminalReporter],
    ['a terminal with CI empty', 'text', 'terminal', { CI: '' }, TerminalReporter],
    ['a dumb terminal', 'text', 'terminal', { TERM: 'dumb' }, PlainReporter],
    ['JSON on a terminal', 'json', 'terminal', {}, JsonReporter],
    ['JSON in a pipe', 'json', 'pipe', { CI: 'true' }, JsonReporter],
  ])('on %s', async (_name, format, stderr, env, expected) => {
    expect(await choose(format, stderr, env)).toBeInstanceOf(expected);
  });
});

describe('what a log says of a failure that the result tells', () => {
  const WHOLE = 'pull requests of PAY/api could not be read to the end: 500';
  const MENTION = 'pull requests of PAY/api: not read to the end (details at the end)';

  it.each<[string, boolean, Env, string]>([
    ['two files', false, {}, WHOLE],
    ['one file, as after 2>&1', true, {}, MENTION],
    ['a CI system that joins both', false, { CI: 'true' }, MENTION],
    ['GitHub', false, { GITHUB_ACTIONS: 'true' }, MENTION],
    ['Azure, which does not set CI', false, { TF_BUILD: 'True' }, MENTION],
    ['Jenkins, which does not either', false, { JENKINS_URL: 'http://jenkins.test' }, MENTION],
  ])('in %s', async (_name, isOneFile, env, expected) => {
    const stderr = aStream();
    const reporter = await chooseReporter({
      format: 'text',
      env,
      cwd: '/',
      stdout: aStream(),
      stderr,
      isOneFile,
      level: 'error',
      now: () => 0,
      redact: (text) => text,
    });

    reporter.listen({ type: 'problem', problem: samples['listing-incomplete'] });

    expect(stderr.text()).toContain(`error   ${expected}`);
    expect(stderr.written).toHaveLength(1);
  });
});

describe('colorsFor', () => {
  it.each<[string, boolean, Env, boolean]>([
    ['a terminal', true, {}, true],
    ['a pipe', false, {}, false],
    ['a dumb terminal', true, { TERM: 'dumb' }, false],
    ['NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['NO_COLOR of any value', true, { NO_COLOR: 'false' }, false],
    ['an empty NO_COLOR', true, { NO_COLOR: '' }, true],
    ['FORCE_COLOR in a pipe', false, { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR=true in CI', false, { FORCE_COLOR: 'true', CI: 'true' }, true],
    ['FORCE_COLOR=0 on a terminal', true, { FORCE_COLOR: '0' }, false],
    ['FORCE_COLOR=false on a terminal', true, { FORCE_COLOR: 'false' }, false],
    ['an empty FORCE_COLOR in a pipe', false, { FORCE_COLOR: '' }, false],
    ['NO_COLOR and FORCE_COLOR', false, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ])('with %s', (_name, isTTY, env, isColored) => {
    const text = colorsFor(aStream({ isTTY }), env).red('x');
    expect(text).toBe(isColored ? '\u001b[31mx\u001b[39m' : 'x');
  });
});
