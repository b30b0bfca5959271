import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isTesting } from './environment.js';
import { builtUrl, hasCounters } from './built.js';
import { uncovered } from './marks.js';

const recipe = readFileSync(fileURLToPath(import.meta.url), 'utf8');

/**
 * What a test gets that imports a source: the exports of what was built, which lives in the worker
 * outside of Jest's sandbox, and is loaded once for all suites of the worker.
 */
export default {
  // The counters are in what was built.
  canInstrument: true,
  getCacheKey: (text, source, { configString }) =>
    createHash('sha256')
      .update([recipe, text, source, hasCounters(), isTesting(), configString].join('\0'))
      .digest('hex'),
  async processAsync(text, source) {
    // For the report of coverage, which looks for counters in what no test imported.
    if (!isTesting()) return { code: uncovered(text, source) };
    const url = builtUrl(source);
    const names = Object.keys(await import(url));
    return {
      code: [
        `const built = await importBuilt('${url}');`,
        ...names.map((name, at) => `const e${at} = built.${name};`),
        `export { ${names.map((name, at) => `e${at} as ${name}`).join(', ')} };`,
      ].join('\n'),
    };
  },
};
