/** A signal that follows others until it is released, so that long-lived ones keep no trace of it. */
export interface LinkedSignal {
  readonly signal: AbortSignal;
  abort(reason: Error): void;
  release(): void;
}

/** Aborted as soon as one of `sources` is. `AbortSignal.any` would leak on Node.js 20. */
export function linkSignals(sources: readonly (AbortSignal | undefined)[]): LinkedSignal {
  const controller = new AbortController();
  const releases: (() => void)[] = [];
  const release = (): void => {
    for (const stop of releases.splice(0)) stop();
  };
  for (const source of sources) {
    if (source === undefined) continue;
    const follow = (): void => {
      controller.abort(source.reason);
    };
    if (source.aborted) follow();
    source.addEventListener('abort', follow, { once: true });
    releases.push(() => {
      source.removeEventListener('abort', follow);
    });
  }
  return {
    signal: controller.signal,
    abort: (reason) => {
      controller.abort(reason);
    },
    release,
  };
}

/** What `work` comes to, or a rejection as soon as the signal is aborted. The work itself goes on. */
export async function untilAborted<Value>(
  work: Promise<Value>,
  signal: AbortSignal,
): Promise<Value> {
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    const onAbort = (): void => {
      reject(new Error('aborted', { cause: signal.reason }));
    };
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    stop = () => {
      signal.removeEventListener('abort', onAbort);
    };
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    stop();
  }
}
