/** @type {import('jest').Config} */
export default {
  globalSetup: '<rootDir>/test/worker/build.js',
  testSequencer: '<rootDir>/test/worker/longest-first.js',
  testEnvironment: '<rootDir>/test/worker/environment.js',
  reporters: ['default', '<rootDir>/test/worker/coverage-reporter.js'],
  // Most of the time is spent waiting for loopback servers and jq: every core is put to use.
  maxWorkers: '100%',
  // Node.js lets go of little that Jest loads for a suite. A worker that has grown makes way for a new one.
  workerIdleMemoryLimit: '700MB',
  // Ends what hangs. No test is slow enough to meet it, however busy the machine is.
  testTimeout: 300_000,
  modulePathIgnorePatterns: ['<rootDir>/.test-build/'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  // Sources import one another by the name that Node.js will see (`./page.js`).
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '/(?:src|test/worker)/.+(?<!\\.test)\\.ts$': '<rootDir>/test/worker/transform.js',
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  collectCoverageFrom: ['src/**/*.ts'],
  coverageReporters: ['text-summary'],
  coverageThreshold: {
    global: { statements: 95, branches: 90, functions: 95, lines: 95 },
    // What decides about deletions has hardly a line that no test runs.
    './src/deletion/': { statements: 96, branches: 89, functions: 98, lines: 98 },
    './src/reconcile/': { statements: 100, branches: 90, functions: 100, lines: 100 },
    './src/problems/': { statements: 98, branches: 85, functions: 100, lines: 100 },
  },
};
