/**
 * What runs in the worker thread, as text: a worker can be made of text alike in the compiled
 * package and under a test runner that compiles on the fly, where there is no file to point at.
 *
 * `workerData.jqWeb` is the path of jq-web's main file, `memoryBytes` the bound of its memory,
 * `stackBytes` the size of its stack, `answerBytes` the longest line of output, `compiled` the
 * `WebAssembly.Module` of an earlier thread, if there was one. The first message from the worker is
 * `{ status: 'ready', compiled }`, with the module for the next thread. From then on a message
 * `{ program, text }` is answered by `{ status: 'lines', lines }` as often as jq writes whole lines,
 * then by `{ status: 'ended' }`, or `{ status: 'refused', exitCode, message }` with jq's stderr and
 * null for an exit code when jq was torn down by a trap.
 *
 * jq-web would gather its output byte by byte and hand it over at the end. Taking it where it leaves
 * WebAssembly is faster, holds memory down, and tells which input jq is busy with when it is stopped.
 *
 * jq-web 0.6.2 is linked with a stack of 64 KiB that lies on top of its static data: values nested
 * 50 deep or a program of 60 KiB overwrite that data without any sign. Its exports can move the stack,
 * yet offer no `malloc`. The C library, though, allocates what the host says the environment takes,
 * and never frees it: so an environment of no variables and of `stackBytes` bytes gives both the
 * room for a stack and the empty environment that a mapping shall see.
 */
export const webWorkerSource = `
'use strict';
const { parentPort, workerData } = require('node:worker_threads');
const { jqWeb, memoryBytes, stackBytes, answerBytes } = workerData;
const pageBytes = 65536;
const lineFeed = 10;
const standardOutput = 1;

// jq-web prints what jq wrote to stderr.
for (const method of ['log', 'info', 'warn', 'error']) console[method] = () => undefined;

const grow = WebAssembly.Memory.prototype.grow;
WebAssembly.Memory.prototype.grow = function (pages) {
  if (this.buffer.byteLength + pages * pageBytes > memoryBytes) throw new RangeError('memory limit');
  return grow.call(this, pages);
};

// A line whose end has not come yet.
let pieces = [];
let pieceBytes = 0;

function takeOutput(bytes) {
  const end = bytes.lastIndexOf(lineFeed);
  if (end !== -1) {
    const whole = Buffer.concat([...pieces, bytes.subarray(0, end)]).toString('utf8');
    pieces = [];
    pieceBytes = 0;
    parentPort.postMessage({ status: 'lines', lines: whole.split('\\n') });
  }
  if (end + 1 === bytes.length) return;
  // Copied, because jq writes the next piece to the same place.
  pieces.push(Buffer.from(bytes.subarray(end + 1)));
  pieceBytes += bytes.length - end - 1;
  if (pieceBytes > answerBytes) throw new RangeError('answer limit');
}

let compiled = workerData.compiled;
let stackTop = null;
const instantiate = WebAssembly.instantiate;
WebAssembly.instantiate = async (binary, imports) => {
  let memory = null;
  const write = (address, value) => new DataView(memory.buffer).setUint32(address, value, true);
  const read = (address) => new DataView(memory.buffer).getUint32(address, true);
  const wasi = imports.wasi_snapshot_preview1;
  const writeElsewhere = wasi.fd_write;
  Object.assign(wasi, {
    environ_sizes_get(countAddress, bytesAddress) {
      write(countAddress, 0);
      write(bytesAddress, stackBytes);
      return 0;
    },
    environ_get(listAddress, bytesAddress) {
      stackTop = (bytesAddress + stackBytes) & ~15;
      moveStack(stackTop);
      return 0;
    },
    fd_write(file, vectors, count, writtenAddress) {
      if (file !== standardOutput) return writeElsewhere(file, vectors, count, writtenAddress);
      let written = 0;
      for (let vector = vectors; vector < vectors + count * 8; vector += 8) {
        const length = read(vector + 4);
        if (length > 0) takeOutput(Buffer.from(memory.buffer, read(vector), length));
        written += length;
      }
      write(writtenAddress, written);
      return 0;
    },
  });
  let moveStack = () => undefined;
  compiled ??= await WebAssembly.compile(binary);
  const instance = await instantiate(compiled, imports);
  memory = instance.exports.memory;
  const restore = instance.exports._emscripten_stack_restore;
  // The constructors that ask for the environment are still on the old stack.
  moveStack = (top) => queueMicrotask(() => restore(top));
  return { module: compiled, instance };
};

function run(jq, program, text) {
  pieces = [];
  pieceBytes = 0;
  try {
    jq.raw(text, program, ['-c', '--unbuffered']);
    return { status: 'ended' };
  } catch (error) {
    return {
      status: 'refused',
      exitCode: error?.exitCode ?? null,
      message: String(error?.stderr ?? error?.message ?? error),
    };
  }
}

require(jqWeb).then((jq) => {
  if (stackTop === null) throw new Error('this build of jq-web has another start-up');
  parentPort.on('message', ({ program, text }) => {
    parentPort.postMessage(run(jq, program, text));
  });
  parentPort.postMessage({ status: 'ready', compiled });
});
`;
