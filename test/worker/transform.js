import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isTesting } from './environment.js';
import { builtFile, builtUrl } from './built.js';

/**
 * What a test gets that imports a source: the exports of what was built, which lives in the worker
 * outside of Jest's sandbox, and is loaded once for all suites of the worker.
 */
export default {
  // The counters are in what was built.
  canInstrument: true,
  getCacheKey: (text, source, { instrument, configString }) =>
    createHash('sha256')
      .update([text, source, instrument, isTesting(), configString].join('\0'))
      .digest('hex'),
  async processAsync(_text, source, { instrument }) {
    // For the report of coverage, which looks for counters in what no test imported.
    if (!isTesting()) return { code: await readFile(builtFile(source, instrument), 'utf8') };
    const url = builtUrl(source, instrument);
    const names = Object.keys(await import(url));
    const exports = names.map((name) => `export const ${name} = built.${name};`);
    return { code: [`const built = await importBuilt('${url}');`, ...exports].join('\n') };
  },
};
