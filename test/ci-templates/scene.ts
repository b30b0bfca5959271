import { mkdtemp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { systemClock } from '../../src/clock.js';
import { startCloudWorld, startServerWorld, type DemoWorld } from '../../src/sandbox/demo-world.js';
import { startLoopbackServer, type LoopbackServer } from '../../src/sandbox/loopback.js';
import { platformOf } from './platforms/index.js';
import type { CiEvent } from './platforms/platform.js';
import { runSteps, type JobEnd } from './run-steps.js';
import type { NpmCall, SharedInstall } from './shared-install.js';
import type { TemplateFile } from './template-files.js';

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
  readonly write: (name: string, text: string) => Promise<void>;
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
  const { secrets, surroundings } = divided(world.variables);
  const bins = [place.install.bins[lent], path.dirname(process.execPath), process.env.PATH ?? ''];
  try {
    await act({
      world,
      network,
      secrets,
      hidden: Object.entries(secrets)
        .filter(([name]) => /SECRET|TOKEN|PASSWORD/u.test(name))
        .map(([, value]) => value),
      folder,
      write: (name, text) => writeFile(path.join(folder, name), text),
      npmCalls: () => place.install.calls(temporary),
      run: async (event, given = secrets, approval = '') => {
        // The one address that a template names.
        const text = template.text.replaceAll('https://api.getport.io', world.port.url);
        const site = { folder, temporary, secrets: given, approval };
        const env = {
          PATH: bins.join(':'),
          HOME: temporary,
          AGENT_SCRATCH: temporary,
          CI: 'true',
          HTTP_PROXY: network.url,
          HTTPS_PROXY: network.url,
          NO_PROXY: event === 'schedule' ? '127.0.0.1' : '',
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

/** Variables that only lead to the built-in servers are everywhere; the others are in the store. */
function divided(variables: Readonly<Record<string, string>>): {
  readonly secrets: Readonly<Record<string, string>>;
  readonly surroundings: Readonly<Record<string, string>>;
} {
  const ours = ['OCEAN__INTEGRATION__CONFIG__BITBUCKET_HOST_URL', 'OCEAN__PORT__BASE_URL'];
  const those = (isOurs: boolean): Record<string, string> =>
    Object.fromEntries(
      Object.entries(variables).filter(([name]) => ours.includes(name) === isOurs),
    );
  return { secrets: those(false), surroundings: those(true) };
}
