import { readOnlyClient } from '../../port/watched-client.js';
import type { Runtime } from '../../runtime.js';
import type { SettingsReading } from '../../settings/read-settings.js';
import { findIntegration } from '../../stages/choose-mapping.js';
import { checkConnection, openCheck } from '../check/check-context.js';
import { openPort } from '../connections/port.js';
import type { IntegrationType } from './init-options.js';

/** Whether Port keeps a mapping already. */
export type PortMapping =
  /** There are no credentials to ask with. */
  | { readonly status: 'unknown' }
  | { readonly status: 'none'; readonly identifier: string }
  | { readonly status: 'kept'; readonly identifier: string };

/**
 * Asks Port, where there are credentials.
 * @throws ProblemError when Port refuses them or does not answer: a mapping on the side would then
 *   win over one that was not seen
 */
export async function portMapping(
  runtime: Runtime,
  settings: SettingsReading,
  type: IntegrationType,
): Promise<PortMapping> {
  const { port, integration } = settings.parts;
  if (port === null) return { status: 'unknown' };
  const { isIdentifierChosen } = integration;
  const identifier = isIdentifierChosen ? integration.identifier : `my-${type}-integration`;
  const context = openCheck(runtime, settings, false);
  const options = checkConnection(context);
  const opened = openPort({
    ...options,
    settings: {
      ...options.settings,
      port,
      integration: { type, identifier, isIdentifierChosen },
    },
  });
  const client = readOnlyClient(opened);
  try {
    await client.authenticate();
    const record = await findIntegration(client, false, isIdentifierChosen, () => undefined);
    const isKept = record.status === 'found' && record.integration.config !== null;
    return { status: isKept ? 'kept' : 'none', identifier };
  } finally {
    context.control.release();
    await opened.close();
  }
}
