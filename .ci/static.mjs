// Type-checks and lints in one go: what TypeScript found out about the types is what the rules that
// ask for types are told. Each on its own (`npm run typecheck`, `eslint .`) finds it out anew, and says
// the same.
import process, { exit, stdout } from 'node:process';
import { fileURLToPath, URL } from 'node:url';
import { ESLint } from 'eslint';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));

const format = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => root,
  getNewLine: () => '\n',
};
const told = (diagnostics) => stdout.write(ts.formatDiagnostics(diagnostics, format));

const config = ts.getParsedCommandLineOfConfigFile(
  `${root}tsconfig.json`,
  { noEmit: true },
  {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
      told([diagnostic]);
      exit(1);
    },
  },
);
const program = ts.createProgram({
  rootNames: config.fileNames,
  options: config.options,
  configFileParsingDiagnostics: config.errors,
});
const diagnostics = ts.getPreEmitDiagnostics(program);
told(diagnostics);

const eslint = new ESLint({
  cwd: root,
  overrideConfig: {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { programs: [program], project: null } },
  },
});
const results = await eslint.lintFiles('.');
const formatter = await eslint.loadFormatter('stylish');
stdout.write(await formatter.format(results));

const isFaulty = diagnostics.length > 0 || results.some(({ errorCount }) => errorCount > 0);
process.exitCode = isFaulty ? 1 : 0;
