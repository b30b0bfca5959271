// A thread with one jq-web whose main function never ends: when it wants to read, it waits for the
// next buffer of `port`, which `signal` counts; what it writes is sent to the parent.
const { parentPort, receiveMessageOnPort, workerData } = require('node:worker_threads');

const { jqWeb, program, signal, port } = workerData;
const sent = new Int32Array(signal);
const STACK_BYTES = 8 * 1024 * 1024;

let memory = null;
let isRunning = false;
let input = { bytes: new Uint8Array(0), position: 0 };
let taken = 0;
let output = Buffer.allocUnsafeSlow(256 * 1024);
let length = 0;

function put(piece) {
  if (length + piece.length > output.length) {
    const larger = Buffer.allocUnsafeSlow(2 * (length + piece.length));
    output.copy(larger, 0, 0, length);
    output = larger;
  }
  output.set(piece, length);
  length += piece.length;
}

function flush() {
  if (length === 0) return;
  const bytes = Uint8Array.prototype.slice.call(output, 0, length);
  length = 0;
  parentPort.postMessage(bytes, [bytes.buffer]);
}

/** Waits for the next buffer when the one before is used up. */
function fill() {
  while (input.position === input.bytes.length) {
    const message = receiveMessageOnPort(port);
    if (message !== undefined) {
      input = { bytes: message.message, position: 0 };
      continue;
    }
    flush();
    const seen = Atomics.load(sent, 0);
    if (seen === taken) Atomics.wait(sent, 0, seen);
    taken = Atomics.load(sent, 0);
  }
}

/** The pieces of memory that a WASI call is about. */
function* piecesOf(vectors, count) {
  const words = new Uint32Array(memory.buffer, vectors, count * 2);
  for (let index = 0; index < count; index += 1) {
    yield new Uint8Array(memory.buffer, words[2 * index], words[2 * index + 1]);
  }
}

function answer(address, value) {
  new DataView(memory.buffer).setUint32(address, value, true);
  return 0;
}

const instantiate = WebAssembly.instantiate;
WebAssembly.instantiate = async (binary, imports) => {
  const wasi = imports.wasi_snapshot_preview1;
  const { fd_read: read, fd_write: write } = wasi;
  let moveStack = () => undefined;
  Object.assign(wasi, {
    // jq-web comes with a stack too small for real items: the "environment" makes room for another.
    environ_sizes_get: (count, bytes) => answer(count, 0) + answer(bytes, STACK_BYTES),
    environ_get(list, bytes) {
      moveStack((bytes + STACK_BYTES) & ~15);
      return 0;
    },
    fd_write(file, vectors, count, written) {
      if (file !== 1) return write(file, vectors, count, written);
      let total = 0;
      for (const piece of piecesOf(vectors, count)) {
        put(piece);
        total += piece.length;
      }
      return answer(written, total);
    },
    fd_read(file, vectors, count, given) {
      if (!isRunning || file <= 2) return read(file, vectors, count, given);
      fill();
      let total = 0;
      for (const piece of piecesOf(vectors, count)) {
        const part = input.bytes.subarray(input.position, input.position + piece.length);
        piece.set(part);
        input.position += part.length;
        total += part.length;
      }
      return answer(given, total);
    },
  });
  const module = await WebAssembly.compile(binary);
  const instance = await instantiate(module, imports);
  memory = instance.exports.memory;
  const restore = instance.exports._emscripten_stack_restore;
  moveStack = (top) => queueMicrotask(() => restore(top));
  return { module, instance };
};

require(jqWeb).then((jq) => {
  isRunning = true;
  jq.raw('', program, ['-c']);
});
