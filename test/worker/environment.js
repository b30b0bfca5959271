import { TestEnvironment } from 'jest-environment-node';
import { writeMarks } from './coverage.js';

/** Errors that sources and tests throw at one another have to be errors on both sides. */
const ERRORS = [
  ...['Error', 'AggregateError', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError'],
  ...['TypeError', 'URIError'],
];

let testing = 0;

/** Whether there is a suite at work in this process. */
export function isTesting() {
  return testing > 0;
}

/** Jest's own sandbox, with a way out to the sources. */
export default class SuiteEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    testing += 1;
    for (const name of ERRORS) this.global[name] = globalThis[name];
    this.global.importBuilt = (url) => import(url);
  }

  async teardown() {
    testing -= 1;
    writeMarks();
    await super.teardown();
  }
}
