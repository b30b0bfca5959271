import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { commands } from '../src/cli/commands.js';
import { createProgram } from '../src/cli/program.js';
import { wordsOf } from '../src/problems/words.js';
import { isBranch } from '../src/settings/layers/branch-variables.js';
import { variableInFile } from '../src/settings/layers/environment.js';
import { allSettings } from '../src/settings/declarations/index.js';
import { meaninglessSettings } from '../src/settings/declarations/meaningless.js';
import { comparableVariable, oceanVariable } from '../src/settings/spelling.js';
import { codeIn, commandLines, documents, pages, root, textOf } from './docs/documents.js';
import { regenerated } from './docs/generated.js';
import { SHOWN_TEMPLATE } from './docs/pipeline.js';
import { samples } from './problems/samples.js';
import { aRuntime } from './world/a-runtime.js';

/** What stands in the text as code, blocks left out. */
function inlineCode(document: string): readonly string[] {
  const text = textOf(document).replace(/^ *```.*?^ *```$/gmsu, '');
  return [...text.matchAll(/`([^`]+)`/gu)].map(([, code = '']) => code.replace(/\s+/gu, ' '));
}

/** Anchors that headings of a document have, as GitHub makes them. */
function anchorsOf(document: string): readonly string[] {
  return [...textOf(document).matchAll(/^#+ (.+)$/gmu)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/gu, '-'),
  );
}

/** @throws the error of a command line that the program does not take */
async function understood(line: string): Promise<string> {
  const chosen: string[] = [];
  const program = createProgram(aRuntime(), commands, '0.0.0', ({ command }) => {
    chosen.push(command.name);
  });
  await program.parseAsync(line.split(/\s+/u), { from: 'user' });
  return chosen.join();
}

const shellOf = (document: string): readonly string[] => codeIn(textOf(document), 'sh');

describe.each(documents)('%s', (document) => {
  it('leads to files and headings that exist', () => {
    const links = [...textOf(document).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/gu)];
    for (const [, target = '', anchor] of links) {
      const file = path.join(
        path.dirname(document),
        target === '' ? path.basename(document) : target,
      );
      expect([target, existsSync(path.join(root, file))]).toEqual([target, true]);
      if (anchor !== undefined) expect(anchorsOf(file)).toContain(anchor);
    }
  });

  it('holds shell commands that bash and our command line understand', async () => {
    for (const code of shellOf(document)) {
      const { status, stderr } = spawnSync('bash', ['-n'], { input: code, encoding: 'utf8' });
      expect([code, status, stderr]).toEqual([code, 0, '']);
    }
    const written = [
      ...shellOf(document).flatMap(commandLines),
      ...codeIn(textOf(document), 'console').flatMap(commandLines),
      ...inlineCode(document).flatMap(commandLines),
    ];
    for (const line of written.filter((one) => !one.includes('--help'))) {
      expect([line, await understood(line)]).toEqual([line, expect.stringMatching(/^\w+/u)]);
    }
  });

  it('names options, variables and keys that exist', () => {
    const options = new Set(
      commands.flatMap((command) =>
        command.options.flatMap(({ options: some }) => some.map(({ flag }) => flag.name)),
      ),
    );
    const keys = [...allSettings, ...meaninglessSettings].flatMap((setting) => setting.keys);
    const variables = new Set([
      ...keys.map(oceanVariable),
      ...[...allSettings, ...meaninglessSettings].flatMap((setting) => setting.variables),
      // What only the pipelines know.
      ...(textOf(SHOWN_TEMPLATE).match(/\bBITBUCKET_PORT_[A-Z]+\b/gu) ?? []),
    ]);
    for (const code of inlineCode(document)) {
      const [option] = /^--[a-z-]+/u.exec(code) ?? [];
      const isOfAll = ['--help', '--dotenv', '--no-color', '--dry-run'].includes(
        option ?? '--help',
      );
      if (!isOfAll) expect([...options]).toContain(option);
      const [variable] = /^(?:OCEAN__|BITBUCKET_|PORT_)\w*[A-Z]\b/u.exec(code) ?? [];
      if (variable !== undefined) {
        const isOfBranch = isBranch(comparableVariable(variable) ?? '');
        if (!isOfBranch) expect([...variables]).toContain(variableInFile(variable) ?? variable);
      }
      const [key] = /^(?:sync|port|ssl|integration)\.[\w.]+/u.exec(code) ?? [];
      if (key !== undefined) {
        expect(keys.some((known) => known === key || known.startsWith(`${key}.`))).toBe(true);
      }
    }
  });
});

describe.each(pages)('%s', (document) => {
  it('holds what declarations and code say (UPDATE_README=1 writes it)', async () => {
    const wanted = await regenerated(document);
    expect(textOf(document)).toBe(wanted);
  });

  it('quotes messages as they are worded', () => {
    const messages = Object.values(samples).map((problem) => wordsOf(problem).message);
    const quoted = codeIn(textOf(document), 'text').filter((text) =>
      /^[\w-]+(?:: | \d+ )/u.test(text),
    );
    for (const text of quoted) {
      expect(messages.some((message) => message.startsWith(text.trim()))).toBe(true);
    }
  });
});
