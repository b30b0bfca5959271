import { azure } from './azure.js';
import { bitbucketPipelines } from './bitbucket-pipelines.js';
import { github } from './github.js';
import { gitlab } from './gitlab.js';
import { jenkins } from './jenkins.js';
import type { TemplatePlatform } from './platform.js';

const platforms: Readonly<Record<string, TemplatePlatform>> = {
  azure,
  'bitbucket-pipelines': bitbucketPipelines,
  github,
  gitlab,
  jenkins,
};

/** By the folder of a template. @throws for a folder whose platform no test understands */
export function platformOf(folder: string): TemplatePlatform {
  const platform = platforms[folder];
  if (platform === undefined) throw new Error(`no test understands ci-templates/${folder}`);
  return platform;
}
