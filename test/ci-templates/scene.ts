import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { systemClock } from '../../src/clock.js';
import { startCloudWorld, startServerWorld, type DemoWorld } from '../../src/sandbox/demo-world.js';
import { startLoopbackServer, type LoopbackServer } from '../../src/sandbox/loopback.js';
import { platformOf } from './platforms/index.js';
import { HEAD, TARGET, type CiEvent } from './platforms/platform.js';
import { runSteps, type JobEnd } from './run-steps.js';
import type { NpmCall, SharedInstall } from './shared-install.js';
import type { TemplateFile } from './template-files.js';

/** Texts by the names of files. */
type Files = Readonly<Record<string, string>>;

/** A clone of a repository with a pipeline, and the servers that it may reach. */
export interface Scene {
  readonly world: DemoWorld;
  /** Stands for all the network: whoever asks anything but the built-in servers asks here. */
  readonly network: LoopbackServer;
  /** What the platform's store of secrets holds. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Those values of it that nobody may see. The others are names and addresses. */
  readonly hidden: readonly string[];
  /** The clone. */
  readonly folder: string;
  /** What is beside it on the agent. */
  readonly temporary: string;
  readonly write: (name: string, text: string) => Promise<void>;
  /**
   * Makes the clone one of a repository with a pull request, as its platform checks it out: merged
   * with the branch that it is to be merged into or, where the platform runs that branch's own
   * pipeline, that branch.
   * @param links what the names of files lead to
   */
  readonly openPullRequest: (target: Files, changes: Files, links?: Files) => Promise<void>;
  /** Runs the pipeline as its platform would. */
  readonly run: (
    event: CiEvent,
    secrets?: Readonly<Record<string, string>>,
    approval?: string,
  ) => Promise<JobEnd>;
  /** How the pipeline called npm. */
  readonly npmCalls: () => Promise<readonly NpmCall[]>;
}

/**
 * Lets `act` play within a folder, on a Bitbucket and a Port of its own.
 * @param lent what the steps of the pipeline get for the package that they install
 */
export async function onScene(
  template: TemplateFile,
  place: { readonly folder: string; readonly install: SharedInstall },
  lent: keyof SharedInstall['bins'],
  act: (scene: Scene) => Promise<void>,
): Promise<void> {
  const start = template.type === 'bitbucket-cloud' ? startCloudWorld : startServerWorld;
  const world = await start(systemClock);
  const network = await startLoopbackServer(() => ({ status: 503 }));
  const folder = await mkdtemp(path.join(place.folder, 'clone-'));
  const temporary = await mkdtemp(path.join(place.folder, 'temporary-'));
  const { secrets, variables, surroundings } = divided(world);
  const bins = [place.install.bins[lent], path.dirname(process.execPath), process.env.PATH ?? ''];
  try {
    await act({
      world,
      network,
      secrets,
      hidden: Object.entries(secrets)
        .filter(([name]) => /SECRET|TOKEN/u.test(name))
        .map(([, value]) => value),
      folder,
      temporary,
      write: (name, text) => writeFile(path.join(folder, name), text),
      openPullRequest: async (target, changes, links = {}) => {
        const git = (...words: readonly string[]): void => {
          const author = ['-c', 'user.name=A', '-c', 'user.email=a@example.com'];
          execFileSync('git', [...author, ...words], { cwd: folder, stdio: 'pipe' });
        };
        const commit = async (files: Files): Promise<void> => {
          for (const [name, text] of Object.entries(files)) {
            await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
            await writeFile(path.join(folder, name), text);
          }
          git('add', '--all');
          git('commit', '--quiet', '--message', 'Change');
        };
        git('init', '--quiet', '--initial-branch', TARGET);
        await commit(target);
        git('checkout', '--quiet', '-b', 'change');
        for (const [name, to] of Object.entries(links)) {
          await rm(path.join(folder, name));
          await symlink(to, path.join(folder, name));
        }
        await commit(changes);
        const origin = path.join(temporary, 'origin.git');
        git('clone', '--quiet', '--bare', '.', origin);
        git('remote', 'add', 'origin', origin);
        git('fetch', '--quiet', 'origin');
        git('checkout', '--quiet', '--detach', TARGET);
        if (template.platform !== 'github') git('merge', '--quiet', '--no-ff', HEAD);
        git('branch', '--quiet', '-D', 'change', TARGET);
      },
      npmCalls: () => place.install.calls(temporary),
      run: async (event, given = secrets, approval = '') => {
        // The one address that a template names.
        const text = template.text.replaceAll('https://api.getport.io', world.port.url);
        const site = { folder, temporary, secrets: given, variables, approval };
        const env = {
          PATH: bins.join(':'),
          HOME: temporary,
          AGENT_SCRATCH: temporary,
          CI: 'true',
          HTTP_PROXY: network.url,
          HTTPS_PROXY: network.url,
          NO_PROXY: event === 'pull-request' ? '' : '127.0.0.1',
          ...surroundings,
        };
        const steps = await platformOf(template.platform).steps(text, event, site);
        return runSteps(steps, { folder, temporary, env });
      },
    });
  } finally {
    await Promise.all([world.close(), network.close()]);
  }
}

type Variables = Record<string, string>;

const LEADING = ['OCEAN__INTEGRATION__CONFIG__BITBUCKET_HOST_URL', 'OCEAN__PORT__BASE_URL'];
const OPEN = /_(?:WORKSPACE|BASE_URL)$/u;

/** The templates for Data Center use a token, as the documentation does. */
function withToken({ variables, token }: DemoWorld): Variables {
  const isOfUser = (name: string): boolean => /_(?:USERNAME|PASSWORD)$/u.test(name);
  const others = Object.entries(variables).filter(([name]) => !isOfUser(name));
  const hasUser = others.length < Object.keys(variables).length;
  return {
    ...Object.fromEntries(others),
    ...(hasUser ? { OCEAN__INTEGRATION__CONFIG__BITBUCKET_TOKEN: token } : {}),
  };
}

/** Variables that only lead to the built-in servers are everywhere; the others are in the stores. */
function divided(
  world: DemoWorld,
): Readonly<Record<'secrets' | 'variables' | 'surroundings', Variables>> {
  const [secrets, variables, surroundings]: [Variables, Variables, Variables] = [{}, {}, {}];
  for (const [name, value] of Object.entries(withToken(world))) {
    const others = OPEN.test(name) ? variables : secrets;
    (LEADING.includes(name) ? surroundings : others)[name] = value;
  }
  return { secrets, variables, surroundings };
}
