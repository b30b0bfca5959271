import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../world/a-package.js';

/** A file below ci-templates. */
export interface TemplateFile {
  /** `github/bitbucket-cloud.yml` */
  readonly name: string;
  /** The folder, which names the platform. */
  readonly platform: string;
  /** The file's name without its extension. */
  readonly type: string;
  readonly text: string;
}

const folder = path.join(root, 'ci-templates');

/** All that is below ci-templates: what lands there is tested without a word here. */
export const templateFiles: readonly TemplateFile[] = readdirSync(folder, {
  recursive: true,
  withFileTypes: true,
})
  .filter((entry) => entry.isFile())
  .map((entry) => {
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, file);
    return {
      name,
      platform: path.dirname(name),
      type: path.parse(entry.name).name,
      text: readFileSync(file, 'utf8'),
    };
  })
  .sort((one, other) => one.name.localeCompare(other.name));
