import { openEngine } from '../open-engine.js';
import type { CheckContext, FoundEngine } from './check-context.js';
import { Findings } from './findings.js';

/** The jq in use. The engine is to be closed. */
export async function checkJq({
  runtime,
  settings,
}: CheckContext): Promise<{ readonly found: Findings; readonly engine: FoundEngine }> {
  const found = new Findings('jq');
  const engine = await found.attempt(() =>
    openEngine(settings.parts.jq, runtime, (event) => {
      if (event.type === 'problem') found.problem(event.problem);
    }),
  );
  if (engine !== null) found.ok(`${engine.description} runs the mapping`);
  return { found, engine };
}
