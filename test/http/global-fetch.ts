import type { Dispatcher } from 'undici';
import type { Connections } from '../../src/http/exchange.js';

/**
 * In place of connections: hands each request to the global `fetch`, where msw answers. It follows no
 * redirect, and headers and body come as msw gives them.
 */
export function globalFetch(): Connections {
  return {
    dispatch: ({ origin, path, method, headers, body }, handler) => {
      const controller = new FetchController();
      handler.onRequestStart?.(controller, {});
      void answer(
        globalThis.fetch(new URL(path, origin), {
          method,
          headers,
          ...(body === null ? {} : { body }),
          redirect: 'manual',
          signal: controller.signal,
        }),
        controller,
        handler,
      );
      return true;
    },
    close: () => Promise.resolve(),
    destroy: () => Promise.resolve(),
  };
}

async function answer(
  fetched: Promise<Response>,
  controller: FetchController,
  handler: Dispatcher.DispatchHandler,
): Promise<void> {
  try {
    const { status, headers, body } = await fetched;
    handler.onResponseStart?.(controller, status, Object.fromEntries(headers));
    const reader = body?.getReader();
    for (;;) {
      const piece = await reader?.read();
      if (piece?.value === undefined) break;
      handler.onResponseData?.(controller, Buffer.from(piece.value as Uint8Array));
      if (controller.reason !== null) {
        await reader?.cancel();
        throw controller.reason;
      }
    }
    handler.onResponseEnd?.(controller, {});
  } catch (error) {
    handler.onResponseError?.(controller, error as Error);
  }
}

class FetchController implements Dispatcher.DispatchController {
  readonly #controller = new AbortController();
  readonly signal = this.#controller.signal;
  reason: Error | null = null;
  readonly paused = false;

  get aborted(): boolean {
    return this.signal.aborted;
  }

  abort(reason: Error): void {
    this.reason = reason;
    this.#controller.abort(reason);
  }

  pause(): void {
    throw new Error('nobody pauses an answer');
  }

  resume(): void {
    throw new Error('nobody pauses an answer');
  }
}
