import { afterAll, afterEach, beforeAll } from '@jest/globals';

/** What of a world it takes to share it. */
interface Shareable {
  forget(): void;
  close(): Promise<void>;
}

/**
 * Starts one world for all tests of a `describe`. Each test finds the catalog as the one before left
 * it, and nothing else of that: what was asked, written and put out of order is forgotten.
 * @param put takes the world, before the first test
 */
export function shareWorld<World extends Shareable>(
  start: () => Promise<World>,
  put: (world: World) => void,
): void {
  let world: World | undefined;
  beforeAll(async () => {
    world = await start();
    put(world);
  });
  afterEach(() => world?.forget());
  afterAll(() => world?.close());
}
