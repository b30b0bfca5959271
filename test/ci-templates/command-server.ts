import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import { z } from 'zod';
import { systemClock } from '../../src/clock.js';
import { run } from '../../src/run.js';
import type { OutputStream } from '../../src/runtime.js';
import { jqOfWorker } from '../worker/shared-jq.js';

/** Runs commands within this process for programs that believe to start them. */
export interface CommandServer {
  /** A folder as npm installs, whose `bitbucket-port` hands over what it was called with. */
  readonly nodeModules: string;
  close(): Promise<void>;
}

const call = z.object({
  argv: z.array(z.string()),
  env: z.record(z.string(), z.string()),
  cwd: z.string(),
});

/**
 * Starting the command takes a second of a processor, ten times what most commands then do. Scripts
 * that call it again and again may call it here: with their own arguments, variables and folder, and
 * with its output and exit code as their own.
 * @param folder for the socket and what stands for the installation
 */
export async function serveCommands(folder: string): Promise<CommandServer> {
  const place = path.join(folder, 'command.sock');
  const server = createServer((socket) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      if (text.endsWith('\n')) void answer(socket, text);
    });
  });
  await new Promise<void>((resolve) => server.listen(place, resolve));
  return {
    nodeModules: await standIn(path.join(folder, 'stand-in'), place),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      }),
  };
}

async function answer(socket: Socket, text: string): Promise<void> {
  const { argv, env, cwd } = call.parse(JSON.parse(text));
  const tell = (part: object): void => {
    socket.write(`${JSON.stringify(part)}\n`);
  };
  const stream = (name: 'stdout' | 'stderr'): OutputStream => ({
    isTTY: false,
    columns: undefined,
    write: (written) => {
      tell({ [name]: written });
    },
  });
  const exitCode = await run({
    argv,
    env,
    cwd,
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    clock: systemClock,
    random: Math.random,
    onSignal: () => () => undefined,
    exitNow: () => undefined,
    findJq: (search) => jqOfWorker.find({ ...search, searchPath: '' }),
  });
  tell({ exitCode });
  socket.end();
}

/** @returns the folder */
async function standIn(nodeModules: string, place: string): Promise<string> {
  const script = path.join(nodeModules, 'bitbucket-port', 'bin', 'bitbucket-port.js');
  await mkdir(path.dirname(script), { recursive: true });
  await mkdir(path.join(nodeModules, '.bin'));
  await writeFile(script, caller(place));
  await chmod(script, 0o755);
  await symlink(script, path.join(nodeModules, '.bin', 'bitbucket-port'));
  return nodeModules;
}

function caller(place: string): string {
  return `#!/usr/bin/env node
const { connect } = require('node:net');
const { createInterface } = require('node:readline');

const { argv, env } = process;
const socket = connect(${JSON.stringify(place)});
process.exitCode = 70;
createInterface({ input: socket }).on('line', (line) => {
  const { stdout, stderr, exitCode } = JSON.parse(line);
  if (stdout !== undefined) process.stdout.write(stdout);
  if (stderr !== undefined) process.stderr.write(stderr);
  if (exitCode !== undefined) process.exitCode = exitCode;
});
socket.write(JSON.stringify({ argv: argv.slice(2), env, cwd: process.cwd() }) + '\\n');
`;
}
