/** Bytes that each way of the shared memory holds. Longer lines pass through it piece by piece. */
export const ringBytes = 256 * 1024;

/**
 * What lies where in the shared `Int32Array`. The four counters of bytes go on without end and wrap
 * around as integers of 32 bits do.
 */
export const slots = {
  /** Changed by our side after anything else that it has changed: the thread waits on it. */
  signal: 0,
  inputWritten: 1,
  inputRead: 2,
  outputWritten: 3,
  outputRead: 4,
  /** 1: no input follows what is written. */
  isInputOver: 5,
  /** 1: a wake is on its way to our side, which has not looked yet. */
  isWakeSent: 6,
  /** Bytes of jq's memory. */
  memory: 7,
} as const;

/**
 * What runs in the worker thread, as text: a worker can be made of text alike in the compiled
 * package and under a test runner that compiles on the fly, where there is no file to point at.
 *
 * A message `{ program }` runs jq until its input is over; it is answered by `{ exitCode, message }`
 * with jq's stderr, and null for an exit code when jq was torn down by a trap. The first message of
 * all is `{ compiled }`, the `WebAssembly.Module` for the next thread. Meanwhile input and output go
 * through shared memory, so that jq compiles a program once and reads on for as long as there is
 * input, which it waits for in `fd_read`. A thread that waits there can be terminated as any other.
 * The message null wakes our side, to take output or to give input: when jq has nothing to read, and
 * now and then when it has. What jq has written is in the shared memory, whatever becomes of the
 * thread: the first input without an answer is the one that jq was busy with.
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
const { jqWeb, memoryBytes, stackBytes, slots, wakeBytes } = workerData;
const { shared, input, output } = workerData;
const pageBytes = 65536;
const standardOutput = 1;
const standardError = 2;

// jq-web prints what jq wrote to stderr.
for (const method of ['log', 'info', 'warn', 'error']) console[method] = () => undefined;

const grow = WebAssembly.Memory.prototype.grow;
WebAssembly.Memory.prototype.grow = function (pages) {
  if (this.buffer.byteLength + pages * pageBytes > memoryBytes) throw new RangeError('memory limit');
  return grow.call(this, pages);
};

let memory = null;
let bytes = new Uint8Array(0);
let words = new Uint32Array(0);
// The views of the memory end when it grows.
function look() {
  if (bytes.buffer === memory.buffer) return;
  bytes = new Uint8Array(memory.buffer);
  words = new Uint32Array(memory.buffer);
  Atomics.store(shared, slots.memory, bytes.length);
}

let unseenBytes = 0;
function wake() {
  unseenBytes = 0;
  if (Atomics.exchange(shared, slots.isWakeSent, 1) === 0) parentPort.postMessage(null);
}

// Waits until our side has changed something since it was looked at.
function waitFor(isThere) {
  for (;;) {
    const seen = Atomics.load(shared, slots.signal);
    if (isThere()) return;
    wake();
    Atomics.wait(shared, slots.signal, seen);
  }
}

const readable = () =>
  (Atomics.load(shared, slots.inputWritten) - Atomics.load(shared, slots.inputRead)) | 0;
const writable = () =>
  output.length -
  ((Atomics.load(shared, slots.outputWritten) - Atomics.load(shared, slots.outputRead)) | 0);

function readInput(address, wanted) {
  const position = Atomics.load(shared, slots.inputRead) & (input.length - 1);
  const length = Math.min(wanted, readable(), input.length - position);
  bytes.set(input.subarray(position, position + length), address);
  Atomics.add(shared, slots.inputRead, length);
  unseenBytes += length;
  return length;
}

function writeOutput(address, length) {
  let written = 0;
  while (written < length) {
    waitFor(() => writable() > 0);
    const position = Atomics.load(shared, slots.outputWritten) & (output.length - 1);
    const part = Math.min(length - written, writable(), output.length - position);
    output.set(bytes.subarray(address + written, address + written + part), position);
    Atomics.add(shared, slots.outputWritten, part);
    written += part;
  }
}

// V8 compiles a function anew, with all its art, once it has executed about so many bytes of it. By
// itself it begins while jq still reads its own builtins, and spends a third of all that a run of a
// few items takes. Told as late as this, because whatever V8 had compiled ahead for Node.js itself
// counts for nothing once it was told.
function compile(binary) {
  require('node:v8').setFlagsFromString('--wasm-tiering-budget=300000000');
  return WebAssembly.compile(binary);
}

let said = '';
let isRunning = false;
let compiled = workerData.compiled;
let stackTop = null;
const instantiate = WebAssembly.instantiate;
WebAssembly.instantiate = async (binary, imports) => {
  const wasi = imports.wasi_snapshot_preview1;
  const readElsewhere = wasi.fd_read;
  const writeElsewhere = wasi.fd_write;
  Object.assign(wasi, {
    environ_sizes_get(countAddress, bytesAddress) {
      look();
      words[countAddress >> 2] = 0;
      words[bytesAddress >> 2] = stackBytes;
      return 0;
    },
    environ_get(listAddress, bytesAddress) {
      stackTop = (bytesAddress + stackBytes) & ~15;
      moveStack(stackTop);
      return 0;
    },
    // jq-web has jq read a file of its own, which is the only file there is.
    fd_read(file, vectors, count, readAddress) {
      if (!isRunning) return readElsewhere(file, vectors, count, readAddress);
      if (unseenBytes > wakeBytes) wake();
      if (readable() === 0) {
        waitFor(() => readable() > 0 || Atomics.load(shared, slots.isInputOver) === 1);
      }
      look();
      let total = 0;
      for (let vector = vectors >> 2; vector < (vectors >> 2) + count * 2; vector += 2) {
        total += readInput(words[vector], words[vector + 1]);
      }
      words[readAddress >> 2] = total;
      return 0;
    },
    fd_write(file, vectors, count, writtenAddress) {
      if (!isRunning) return writeElsewhere(file, vectors, count, writtenAddress);
      look();
      let total = 0;
      for (let vector = vectors >> 2; vector < (vectors >> 2) + count * 2; vector += 2) {
        const [address, length] = [words[vector], words[vector + 1]];
        if (file === standardOutput) writeOutput(address, length);
        if (file === standardError) said += Buffer.from(bytes.subarray(address, address + length));
        total += length;
      }
      words[writtenAddress >> 2] = total;
      return 0;
    },
  });
  let moveStack = () => undefined;
  compiled ??= await compile(binary);
  const instance = await instantiate(compiled, imports);
  memory = instance.exports.memory;
  const restore = instance.exports._emscripten_stack_restore;
  // The constructors that ask for the environment are still on the old stack.
  moveStack = (top) => queueMicrotask(() => restore(top));
  return { module: compiled, instance };
};

function run(jq, program) {
  said = '';
  isRunning = true;
  try {
    jq.raw('', program, ['-c', '--unbuffered']);
    return { exitCode: 0, message: said };
  } catch (error) {
    const exitCode = error?.exitCode ?? null;
    return { exitCode, message: exitCode === null ? String(error?.message ?? error) + said : said };
  } finally {
    isRunning = false;
  }
}

require(jqWeb).then((jq) => {
  if (stackTop === null) throw new Error('this build of jq-web has another start-up');
  parentPort.postMessage({ compiled });
  parentPort.on('message', ({ program }) => {
    parentPort.postMessage(run(jq, program));
  });
});
`;
