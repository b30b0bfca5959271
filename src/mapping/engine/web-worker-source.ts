/**
 * What runs in the worker thread, as text: a worker can be made of text alike in the compiled
 * package and under a test runner that compiles on the fly, where there is no file to point at.
 *
 * `workerData.jqWeb` is the path of jq-web's main file, `memoryBytes` the bound of its memory,
 * `stackBytes` the size of its stack. A message `{ program, text }` is answered by
 * `{ status: 'output', text }`, or `{ status: 'refused', exitCode, message }` with jq's stderr and
 * null for an exit code when jq was torn down by a trap.
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
const { jqWeb, memoryBytes, stackBytes } = workerData;
const pageBytes = 65536;

// jq-web prints what jq wrote to stderr.
for (const method of ['log', 'info', 'warn', 'error']) console[method] = () => undefined;

const grow = WebAssembly.Memory.prototype.grow;
WebAssembly.Memory.prototype.grow = function (pages) {
  if (this.buffer.byteLength + pages * pageBytes > memoryBytes) throw new RangeError('memory limit');
  return grow.call(this, pages);
};

let stackTop = null;
const instantiate = WebAssembly.instantiate;
WebAssembly.instantiate = async (binary, imports) => {
  let memory = null;
  const write = (address, value) => new DataView(memory.buffer).setUint32(address, value, true);
  Object.assign(imports.wasi_snapshot_preview1, {
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
  });
  let moveStack = () => undefined;
  const result = await instantiate(binary, imports);
  memory = result.instance.exports.memory;
  const restore = result.instance.exports._emscripten_stack_restore;
  // The constructors that ask for the environment are still on the old stack.
  moveStack = (top) => queueMicrotask(() => restore(top));
  return result;
};

function answer(jq, program, text) {
  try {
    return { status: 'output', text: jq.raw(text, program, ['-c']) ?? '' };
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
    parentPort.postMessage(answer(jq, program, text));
  });
  parentPort.postMessage({ status: 'ready' });
});
`;
