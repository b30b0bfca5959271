import type { JqEngine } from '../mapping/engine/engine.js';
import { findEngine } from '../mapping/engine/find-engine.js';
import type { EventListener } from '../model/event.js';
import type { Runtime } from '../runtime.js';
import type { PlainSettings } from '../settings/settings.js';

/**
 * Finds the jq that the settings ask for, and tells which one it is.
 * @throws ProblemError jq-unavailable, setting-invalid
 */
export async function openEngine(
  { path, itemTimeoutMilliseconds }: PlainSettings['jq'],
  { env, findJq = findEngine }: Pick<Runtime, 'env' | 'findJq'>,
  emit: EventListener,
): Promise<JqEngine> {
  const engine = await findJq({
    jqPath: path ?? undefined,
    searchPath: env.PATH,
    itemTimeoutMilliseconds,
    onProblem: (problem) => {
      emit({ type: 'problem', problem });
    },
  });
  emit({ type: 'note', level: 'info', text: `jq: ${engine.description}` });
  return engine;
}

/**
 * Lends the jq that the settings ask for to an action, and closes it afterwards.
 * @throws as `openEngine`, and what the action throws
 */
export async function withEngine<Value>(
  jq: PlainSettings['jq'],
  runtime: Pick<Runtime, 'env' | 'findJq'>,
  emit: EventListener,
  action: (engine: JqEngine) => Promise<Value>,
): Promise<Value> {
  const engine = await openEngine(jq, runtime, emit);
  try {
    return await action(engine);
  } finally {
    await engine.close();
  }
}
