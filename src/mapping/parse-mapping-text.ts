import { LineCounter, parseDocument } from 'yaml';
import { ProblemError, type ProblemOf } from '../problems/problem.js';
import { parseMapping, type ParsedMapping, type ParseOptions } from './parse-mapping.js';

/** Uses of aliases in one file: more of them are meant to use up memory. */
const MOST_ALIASES = 1000;

/**
 * Reads a mapping written as YAML (JSON is YAML as well).
 * @throws ProblemError `mapping-invalid`, with line and column where it is the YAML that is wrong
 */
export function parseMappingText(text: string, options: ParseOptions): ParsedMapping {
  return parseMapping(readYaml(text, options.origin), options);
}

function readYaml(text: string, origin: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, merge: true, prettyErrors: false });
  const [first, ...others] = document.errors.map(({ pos, message }) => {
    const { line, col } = lineCounter.linePos(pos[0]);
    return yamlProblem(origin, `line ${line}, column ${col}:`, message);
  });
  if (first !== undefined) throw new ProblemError([first, ...others]);
  try {
    const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
    return value;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw ProblemError.of(yamlProblem(origin, 'as YAML:', message), error);
  }
}

function yamlProblem(origin: string, path: string, message: string): ProblemOf<'mapping-invalid'> {
  return { code: 'mapping-invalid', origin, path, reason: message };
}
