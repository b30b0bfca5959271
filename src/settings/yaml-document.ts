import { isScalar, LineCounter, parseDocument, visit, type Document, type ErrorCode } from 'yaml';
import { z } from 'zod';
import type { JsonValue } from '../model/json.js';

/** A parsed YAML text, or why it is none, with the line and column. */
export type YamlReading =
  | {
      /** Values as YAML types them. */
      readonly value: JsonValue;
      /** The same with every single value as the text that was written: `0123` stays `0123`. */
      readonly texts: JsonValue;
    }
  | { readonly failure: string };

/**
 * What the parser found, in our words: its own ones quote the text, which may hold a secret.
 */
const WORDS: Partial<Record<ErrorCode, string>> = {
  BAD_INDENT: 'the indentation does not fit',
  BLOCK_AS_IMPLICIT_KEY: 'two keys stand on one line; quote a value that holds a colon',
  DUPLICATE_KEY: 'the same key stands twice',
  MISSING_CHAR: 'something is missing, such as a quote, a bracket or the space after a colon',
  MULTILINE_IMPLICIT_KEY: 'this line has no colon',
  MULTIPLE_DOCS: 'a second document begins; only one can be used',
  TAB_AS_INDENT: 'a tab is used to indent; use spaces',
  BAD_SCALAR_START: 'a value begins with a reserved sign; put it in quotes',
  BAD_DQ_ESCAPE: 'a backslash in double quotes is not understood; use single quotes',
  BAD_ALIAS: 'a value begins with * or &; put it in quotes',
};

/** Parses one YAML (or JSON) document. An empty one is null. */
export function parseYaml(text: string): YamlReading {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter,
    prettyErrors: false,
    merge: true,
  });
  // An unknown tag is a warning to the parser; here it is most often a value that lacks quotes.
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    const words =
      error.code === 'TAG_RESOLVE_FAILED'
        ? 'a value begins with !; put it in quotes'
        : (WORDS[error.code] ?? 'this is not valid YAML');
    return { failure: `line ${line}, column ${col}: ${words}` };
  }
  return plainValues(document);
}

function plainValues(document: Document.Parsed): YamlReading {
  try {
    const value = z.json().parse(document.toJS());
    visit(document, {
      Scalar: (_key, node) => {
        const isText = typeof node.value === 'string' || node.value === null;
        if (!isText && isScalar(node) && node.source !== undefined) node.value = node.source;
      },
    });
    return { value, texts: z.json().parse(document.toJS()) };
  } catch (error) {
    // The parser leaves it to this step to look for the anchors of aliases.
    return error instanceof ReferenceError
      ? { failure: 'a value begins with * and names no anchor; put it in quotes' }
      : { failure: 'it holds a value that JSON has no way to write' };
  }
}
