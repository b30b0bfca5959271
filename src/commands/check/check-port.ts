import { historyOf } from '../../deletion/history.js';
import type { AnswerHeaders } from '../../http/answer-headers.js';
import { readBlueprints } from '../../port/blueprints.js';
import { readOrganization, type Organization } from '../../port/organization.js';
import type { PortClient } from '../../port/port-client.js';
import { readOnlyClient } from '../../port/watched-client.js';
import { readWebhook, type Webhook } from '../../port/webhooks.js';
import { ProblemError } from '../../problems/problem.js';
import type { PlainSettings } from '../../settings/settings.js';
import {
  builtInFor,
  findIntegration,
  type IntegrationRecord,
} from '../../stages/choose-mapping.js';
import { isSaidToBeProcessed } from '../../stages/integration-record.js';
import { webhookOf } from '../../stages/webhook-drift.js';
import { openPort } from '../connections/port.js';
import { checkConnection, tellHeaders } from './either-side.js';
import type { CheckContext, Findings, Section, Seen } from './section.js';

/** Port, as far as there are credentials to ask it with. Only reads. */
export const checkPort: Section = async (check, found) => {
  const { port } = check.settings.parts;
  if (port === null) {
    found.note('Port was not asked: the settings above do not suffice');
    return {};
  }
  return (await found.attempt(() => askPort(port, check, found))) ?? {};
};

async function askPort(
  port: PlainSettings['port'],
  context: CheckContext,
  found: Findings,
): Promise<Partial<Seen>> {
  const answers: AnswerHeaders[] = [];
  const options = checkConnection(context);
  const opened = openPort({
    ...options,
    settings: { ...options.settings, port, integration: context.settings.parts.integration },
    onPortAnswer: (headers) => {
      answers.push(headers);
    },
  });
  const client = readOnlyClient(opened);
  try {
    const authenticated = await found.attempt(async () => {
      await client.authenticate();
      found.ok(`${port.baseUrl} is reachable and takes the credentials`);
      found.note('whether these credentials may write was not tried: check only reads');
      return true;
    });
    if (authenticated === null) return {};
    const organization = await askOrganization(client, found);
    const record = await found.attempt(() => findRecord(client, organization, context, found));
    const blueprints = await found.attempt(() => readBlueprints(client));
    return { record, blueprints, webhook: await findWebhook(client, record, context, found) };
  } finally {
    await opened.close();
    tellHeaders('port', answers.at(-1) ?? null, context.runtime.clock.now(), found);
  }
}

async function findWebhook(
  client: PortClient,
  record: IntegrationRecord | null,
  { settings: { parts } }: CheckContext,
  found: Findings,
): Promise<Webhook | null> {
  const hasSecret = parts.webhooks.secret !== null;
  const name = record === null ? null : webhookOf(record, client.integration, hasSecret);
  return name === null ? null : await found.attempt(() => readWebhook(client, name));
}

/** Null where Port does not tell: a run can do without. */
async function askOrganization(client: PortClient, found: Findings): Promise<Organization | null> {
  try {
    const organization = await readOrganization(client);
    if (organization.isBlocked) {
      found.problem({ code: 'organization-blocked', port: client.origin });
    }
    return organization;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return null;
  }
}

async function findRecord(
  client: PortClient,
  organization: Organization | null,
  { settings }: CheckContext,
  found: Findings,
): Promise<IntegrationRecord | null> {
  const { identifier, isIdentifierChosen } = settings.parts.integration;
  if (settings.type === null && !isIdentifierChosen) {
    found.note(
      'the integration was not looked up: its usual name depends on which Bitbucket it is',
    );
    return null;
  }
  const hasOwn = settings.isMappingNamed;
  const record = await findIntegration(client, hasOwn, isIdentifierChosen, (problem) => {
    found.problem(problem);
  });
  if (record.status === 'missing') {
    found.ok(`integration ${identifier} is not there yet; the first sync creates it`);
  }
  if (record.status !== 'found') return record;
  tellRecord(record, organization, found);
  // A run with a mapping of its own leaves the one in Port as it is.
  if (!settings.isMappingNamed && builtInFor(record, {}) !== null) {
    found.note(
      `integration ${identifier} holds no mapping; the next sync gives it the built-in one`,
    );
  }
  return record;
}

function tellRecord(
  record: Extract<IntegrationRecord, { readonly status: 'found' }>,
  organization: Organization | null,
  found: Findings,
): void {
  const { identifier, version } = record.integration;
  const history = historyOf(record);
  if (history.status === 'taken over') {
    found.problem({ code: 'take-over-due', identifier, version: history.from });
  } else if (history.status === 'two writers') {
    found.problem({ code: 'two-writers', identifier, version: history.other });
  } else found.ok(`integration ${identifier} was written last by ${version ?? 'us'}`);
  if (isSaidToBeProcessed(record) && organization?.isProcessedByPort === true) {
    found.problem({ code: 'integration-processed-by-port', identifier });
  }
}
