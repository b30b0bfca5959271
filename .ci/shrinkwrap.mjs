// Derives npm-shrinkwrap.json from package-lock.json: the exact tree that was tested, without what
// only developing needs. Run by "npm pack" and "npm publish", in the folder of the package.
import { readFileSync, writeFileSync } from 'node:fs';

const { packages, ...lock } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const { '': root, ...locked } = packages;
delete root.devDependencies;

const production = Object.entries(locked)
  .filter(([, entry]) => entry.dev !== true)
  .map(([path, entry]) => {
    // Needed by an optional dependency as well as for developing: only the former remains.
    const { devOptional, ...rest } = entry;
    return [path, devOptional === true ? { ...rest, optional: true } : rest];
  });

const shrinkwrap = { ...lock, packages: { '': root, ...Object.fromEntries(production) } };
writeFileSync('npm-shrinkwrap.json', `${JSON.stringify(shrinkwrap, null, 2)}\n`);
