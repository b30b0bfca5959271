import { describe, expect, it } from '@jest/globals';
import { KeptTexts } from '../../../src/source/files/file-reads.js';

const megabyte = 1024 * 1024;

async function keep(count: number, isShared: boolean): Promise<readonly number[]> {
  const kept = new KeptTexts<number>();
  for (let index = 0; index < count; index += 1) {
    const value = Promise.resolve(index);
    kept.set(String(index), value, isShared, () => megabyte);
    await value;
  }
  return Array.from({ length: count }, (_, index) => index).filter(
    (index) => kept.get(String(index)) !== undefined,
  );
}

describe('texts that are kept', () => {
  it('are the latest when nobody else wants them', async () => {
    await expect(keep(5, false)).resolves.toEqual([3, 4]);
  });

  it('are the first, up to 32 MiB, and the latest when others want them', async () => {
    const kept = await keep(40, true);
    expect(kept).toEqual([...Array.from({ length: 32 }, (_, index) => index), 38, 39]);
  });

  it('are given out while they are being read', () => {
    const kept = new KeptTexts<number>();
    const reading = new Promise<number>(() => undefined);
    kept.set('a', reading, false, () => 0);
    expect(kept.get('a')).toBe(reading);
  });
});
