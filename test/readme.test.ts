import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { commands } from '../src/cli/commands.js';
import { systemClock } from '../src/clock.js';
import { run } from '../src/run.js';
import { readSettings } from '../src/settings/read-settings.js';
import { aRuntime } from './world/a-runtime.js';

const file = new URL('../README.md', import.meta.url);
const readme = readFileSync(file, 'utf8');

/** Code blocks of a language, in order. */
function blocks(language: string): readonly string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gmsu'))].map(
    ([, text]) => text ?? '',
  );
}

/**
 * What differs from run to run and from machine to machine: times, ports, and how many requests it
 * takes to find out that nobody else made an entity before, which depends on what was loaded first.
 */
function steady(transcript: string): string {
  return transcript
    .replace(/127\.0\.0\.1:\d+/gu, '127.0.0.1:7990')
    .replace(/\b\d+(?:\.\d+)?(?:ms|s)\b/gu, '0s')
    .replace(/ +/gu, ' ')
    .replace(/ \d+ 0s$/gmu, ' 0 0s')
    .replace(/\d+ requests to\s+Bitbucket and \d+ to Port/gu, '0 requests');
}

describe('the README', () => {
  it('opens with what the demo prints', async () => {
    const runtime = aRuntime({
      argv: ['demo'],
      env: { PATH: process.env.PATH },
      clock: systemClock,
    });
    const exitCode = await run(runtime);
    expect(exitCode).toBe(0);
    const transcript = steady(runtime.written.stdout);
    // What the README leaves out stands there as a line of dots.
    for (const part of (blocks('text')[0] ?? '').split(/^\.\.\.\n/mu)) {
      expect(transcript).toContain(steady(part));
    }
  });

  it('shows the two commands that need nothing else, as they stand in package.json', () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')));
    expect(blocks('sh')[0]).toBe('npm ci && npm run demo\nnpm ci && npm test\n');
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['demo', 'test']));
  });

  it('names commands and options that exist', () => {
    const lines = [...readme.matchAll(/bitbucket-port(?:@[\d.]+)? (sync|demo)([^`\n]*)/gu)];
    expect(lines.length).toBeGreaterThan(2);
    for (const [, name, rest = ''] of lines) {
      const command = commands.find((other) => other.name === name);
      const known = command?.options.flatMap(({ options }) => options.map(({ flag }) => flag.name));
      for (const [flag] of rest.matchAll(/--[a-z-]+/gu)) {
        if (flag !== '--help') expect(known).toContain(flag);
      }
    }
  });

  it('has a workflow whose variables are all that a run needs', async () => {
    const workflow = z
      .object({
        on: z.object({ schedule: z.array(z.object({ cron: z.string() })) }),
        jobs: z.object({
          sync: z.object({
            steps: z.array(
              z.object({
                run: z.string().optional(),
                env: z.record(z.string(), z.string()).default({}),
              }),
            ),
          }),
        }),
      })
      .parse(parse(blocks('yaml')[0] ?? ''));
    const step = workflow.jobs.sync.steps.find(({ run: line }) => line !== undefined);
    const env = Object.fromEntries(
      Object.keys(step?.env ?? {}).map((name) => [
        name,
        name.endsWith('URL') ? 'https://bitbucket.example.com' : 'from-the-secret-store',
      ]),
    );

    const { settings } = await readSettings({ flags: {}, env, cwd: '/nonexistent' });

    expect(settings.bitbucket.type).toBe('server');
  });
});
