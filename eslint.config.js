import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

/** The stages on the path of the data. They meet in src/stages/ and src/pipeline.ts only. */
const stages = ['source', 'mapping', 'port', 'reconcile', 'report'];

/** Imports a stage may not make: another stage, whatever the depth it is reached from. */
function otherStages(stage) {
  return stages
    .filter((other) => other !== stage)
    .map((other) => ({
      group: [`**/${other}/**`, `../${other}/**`],
      message: `${stage}/ and ${other}/ meet in src/stages/ with plain values of src/model/.`,
    }));
}

/** The Bitbuckets that are read. What both need is in src/source/, src/source/{listing,reading}/. */
const bitbuckets = ['cloud', 'server'];

/** Imports that one Bitbucket may not make, nor what both of them share: those of a Bitbucket. */
function otherBitbuckets(own) {
  return bitbuckets
    .filter((other) => other !== own)
    .map((other) => ({
      group: [`**/${other}/**`],
      message: `Only ${other} knows ${other}/: what cloud and server share is beside them.`,
    }));
}

const inputAndOutput = {
  group: ['node:*', 'undici', '**/http/**', '**/port/**', '**/source/**', '**/mapping/**'],
  message: 'This folder is pure: it decides, others read and write.',
};

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', '.test-build/', 'node_modules/'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json' } },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/consistent-type-assertions': [
        'error',
        { assertionStyle: 'as', objectLiteralTypeAssertions: 'never' },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  ...stages
    .filter((stage) => stage !== 'reconcile')
    .map((stage) => ({
      files: [`src/${stage}/**/*.ts`],
      rules: { 'no-restricted-imports': ['error', { patterns: otherStages(stage) }] },
    })),
  ...[...bitbuckets, 'addresses', 'listing', 'reading'].map((folder) => ({
    files: [`src/source/${folder}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [...otherStages('source'), ...otherBitbuckets(folder)] },
      ],
    },
  })),
  {
    files: ['src/source/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [...otherStages('source'), ...otherBitbuckets('source')] },
      ],
    },
  },
  {
    files: ['src/reconcile/**/*.ts', 'src/problems/**/*.ts', 'src/model/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [inputAndOutput] }] },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['bin/*.js', '*.config.js', 'test/{benchmarks,chaos}/*.mjs', 'test/worker/*.js'],
    languageOptions: { globals: { process: 'readonly', performance: 'readonly', URL: 'readonly' } },
  },
  {
    files: ['test/benchmarks/*.{mjs,cjs}'],
    languageOptions: {
      globals: {
        Buffer: 'readonly',
        btoa: 'readonly',
        queueMicrotask: 'readonly',
        require: 'readonly',
        WebAssembly: 'readonly',
      },
    },
  },
);
