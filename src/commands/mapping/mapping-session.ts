import { stringify } from 'yaml';
import { HttpError } from '../../http/http-error.js';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../model/json.js';
import type { Integration } from '../../port/integration-record.js';
import type { PortClient } from '../../port/port-client.js';
import { ProblemError } from '../../problems/problem.js';
import { layoutFor } from '../../report/choose-reporter.js';
import { coloredProblemList } from '../../report/problem-list.js';
import type { ColoredLayout } from '../../report/text.js';
import type { Runtime } from '../../runtime.js';
import type { FlagValues } from '../../settings/declaration.js';
import type { MappingDocument } from '../../settings/settings.js';
import type { Source } from '../../source/source.js';
import { findIntegration, readMapping } from '../../stages/choose-mapping.js';
import { withEngine } from '../open-engine.js';
import { readWholeSettings } from '../read-run-settings.js';
import { withConnections } from '../run-request.js';
import { openSession, type Session } from '../session.js';

/** What the subcommands of `mapping` work with. */
export interface MappingSession extends ColoredLayout {
  readonly runtime: Runtime;
  readonly port: PortClient;
  /** The integration's record in Port; null: there is none. */
  readonly record: Integration | null;
  /** The mapping of the settings; null: there is none. */
  readonly local: MappingDocument | null;
  /** Where the mapping that `sync` would use stands, other than in Port; null: it uses that in Port. */
  readonly usedInstead: string | null;
  readonly say: (...lines: readonly string[]) => void;
}

/**
 * Opens Port and looks the integration up. A local mapping is valid when the action begins.
 * @returns what the action does, an exit code
 * @throws SettingsError; ProblemError with what ended it
 */
export async function inMappingSession(
  runtime: Runtime,
  flags: FlagValues,
  needsLocal: boolean,
  action: (mapping: MappingSession) => Promise<number>,
): Promise<number> {
  const { env, stdout, stderr } = runtime;
  const session = await openSession(runtime, await readWholeSettings(runtime, flags));
  const { settings, emit, log, control, redact, reporter } = session;
  const local = needsLocal ? localOf(settings.mapping) : null;
  try {
    return await withConnections(session, async ({ bitbucket, port: client }) => {
      if (local !== null) await check(local, bitbucket.source, session);
      const port = client.withSignal(control.reading);
      await port.authenticate();
      const { isIdentifierChosen } = settings.integration;
      const found = await findIntegration(port, false, isIdentifierChosen, (problem) => {
        emit({ type: 'problem', problem });
      });
      return action({
        runtime,
        port,
        record: found.status === 'found' ? found.integration : null,
        local,
        usedInstead: settings.mapping?.origin ?? null,
        ...layoutFor(stdout, env, redact),
        say: (...lines) => {
          stdout.write(lines.map((line) => `${line}\n`).join(''));
        },
      });
    });
  } catch (error) {
    // A stop ends the calls under way; why it came is told below.
    if (!control.reading.aborted || !(error instanceof HttpError)) throw error;
    return log.exitCode({ strict: false });
  } finally {
    control.release();
    reporter.stop();
    for (const line of coloredProblemList(log.groups(), layoutFor(stderr, env, redact))) {
      stderr.write(`${line}\n`);
    }
  }
}

/** The local mapping where a command cannot do without. */
function localOf(mapping: MappingDocument | null): MappingDocument {
  if (mapping !== null) return mapping;
  const spellings = ['--mapping', 'mapping in the settings file'];
  throw ProblemError.of({ code: 'setting-missing', setting: 'the local mapping', spellings });
}

async function check(
  local: MappingDocument,
  source: Source,
  { settings, runtime, emit }: Session,
): Promise<void> {
  await withEngine(settings.jq, runtime, emit, async (engine) => {
    const { problems } = await readMapping({ ...local, unknownKeys: 'error' }, engine, source);
    for (const problem of problems) emit({ type: 'problem', problem });
  });
}

/**
 * The record, where a command cannot do without.
 * @throws ProblemError integration-missing
 */
export function recordOf({ record, port }: MappingSession): Integration {
  if (record !== null) return record;
  const { identifier } = port.integration;
  throw ProblemError.of({ code: 'integration-missing', identifier });
}

/** How the mapping in Port is called. */
export function nameInPort({ port }: MappingSession, config: JsonObject | null): string {
  const name = `integration ${port.integration.identifier} in Port`;
  return config === null ? `${name} (no mapping)` : name;
}

/** A mapping as YAML. Long lines stay whole: a jq expression reads best on one. */
export function mappingYaml(value: JsonValue): string {
  return stringify(value, { lineWidth: 0 });
}

/**
 * The value with its keys in the order in which `model` has them, those that it lacks last: where two
 * mappings differ in nothing but order, their YAML does not differ.
 */
export function inOrderOf(value: JsonValue, model: JsonValue | undefined): JsonValue {
  if (isJsonArray(value)) {
    const members = isJsonArray(model) ? model : [];
    return value.map((member, index) => inOrderOf(member, members[index]));
  }
  if (!isJsonObject(value)) return value;
  const order = isJsonObject(model) ? model : {};
  const keys = [
    ...Object.keys(order).filter((key) => Object.hasOwn(value, key)),
    ...Object.keys(value).filter((key) => !Object.hasOwn(order, key)),
  ];
  return Object.fromEntries(
    keys.map((key) => [
      key,
      inOrderOf(value[key] ?? null, Object.hasOwn(order, key) ? order[key] : undefined),
    ]),
  );
}
