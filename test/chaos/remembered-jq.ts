import type { JqOutcome, JqProgram } from '../../src/mapping/engine/engine.js';
import type { Runtime } from '../../src/runtime.js';

type FindJq = NonNullable<Runtime['findJq']>;

/** Answers that are kept; then it begins to remember anew. */
const MOST_ANSWERS = 30_000;

/** The built-in servers are at another port in each sequence, and the same otherwise. */
const ADDRESS = /127\.0\.0\.1:\d+/gu;
const NO_PORT = '127.0.0.1:0';

/** Asks jq once for each program and item: it gives the same answer each time, and takes most of the time. */
export function rememberJq(find: FindJq): FindJq {
  const checks = new Map<string, Promise<string | null>>();
  const programs = new Map<string, Map<string, JqOutcome>>();
  let answers = 0;

  const remember = (known: Map<string, JqOutcome>, input: string, outcome: JqOutcome): void => {
    if (!outcome.ok && outcome.failure !== 'error') return;
    answers += 1;
    if (answers > MOST_ANSWERS) {
      for (const each of programs.values()) each.clear();
      answers = 0;
    }
    known.set(input, outcome);
  };

  return async (search) => {
    const engine = await find(search);
    return {
      ...engine,
      check: (expression) => {
        const check = checks.get(expression) ?? engine.check(expression);
        checks.set(expression, check);
        return check;
      },
      start: async (text, options) => {
        const earlier = programs.get(text);
        const known = earlier ?? new Map<string, JqOutcome>();
        // One that compiled once need not be compiled before it has something to do.
        let started: Promise<JqProgram> | undefined;
        if (earlier === undefined) await (started = engine.start(text, options));
        programs.set(text, known);
        return {
          run: async (inputs) => {
            const [address = NO_PORT] = ADDRESS.exec(inputs.join()) ?? [];
            ADDRESS.lastIndex = 0;
            const plain = inputs.map((input) => input.replaceAll(address, NO_PORT));
            const unknown = [...new Set(plain.filter((input) => !known.has(input)))];
            const fresh = new Map<string, JqOutcome>();
            if (unknown.length > 0) {
              const program = await (started ??= engine.start(text, options));
              const outcomes = await program.run(unknown);
              outcomes.forEach((outcome, index) => {
                const input = unknown[index];
                if (input === undefined) return;
                fresh.set(input, outcome);
                remember(known, input, outcome);
              });
            }
            return plain.map((input) => {
              const outcome = fresh.get(input) ?? known.get(input);
              if (outcome === undefined) throw new Error('jq gave too few answers');
              return outcome.ok
                ? { ...outcome, text: outcome.text.replaceAll(NO_PORT, address) }
                : outcome;
            });
          },
          close: async () => {
            await (await started)?.close();
          },
        };
      },
    };
  };
}
