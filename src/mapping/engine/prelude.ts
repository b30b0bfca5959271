/** A jq definition under its signature, `trim/0`. */
interface Definition {
  readonly signature: `${string}/${number}`;
  readonly definition: string;
}

const notAvailable = (name: string): string => `error("${name} is not available in a mapping")`;

/**
 * Builtins that reach beyond the item: they would end the process, take the neighbours' inputs,
 * read files, or write between the answers. `debug` and `stderr` pass their input on, as jq's do.
 */
const confined: readonly Definition[] = [
  { signature: 'input/0', definition: `def input: ${notAvailable('input')};` },
  { signature: 'inputs/0', definition: `def inputs: ${notAvailable('inputs')};` },
  { signature: 'halt/0', definition: `def halt: ${notAvailable('halt')};` },
  { signature: 'halt_error/0', definition: `def halt_error: ${notAvailable('halt_error')};` },
  {
    signature: 'halt_error/1',
    definition: `def halt_error($code): ${notAvailable('halt_error')};`,
  },
  { signature: 'modulemeta/0', definition: `def modulemeta: ${notAvailable('modulemeta')};` },
  { signature: 'debug/0', definition: 'def debug: .;' },
  { signature: 'debug/1', definition: 'def debug(message): .;' },
  { signature: 'stderr/0', definition: 'def stderr: .;' },
  { signature: 'env/0', definition: 'def env: {};' },
  { signature: 'input_filename/0', definition: 'def input_filename: null;' },
  { signature: 'input_line_number/0', definition: 'def input_line_number: 0;' },
  { signature: 'get_search_list/0', definition: 'def get_search_list: [];' },
  { signature: 'get_jq_origin/0', definition: 'def get_jq_origin: null;' },
  { signature: 'get_prog_origin/0', definition: 'def get_prog_origin: null;' },
];

const trimmed = (name: string, steps: string): string =>
  `def ${name}: if type == "string" then ${steps} else error("${name} input must be a string") end;`;

/**
 * Builtins up to jq 1.8 that can be told in the words of jq 1.6. Each stands on its own.
 * https://jqlang.org/manual/v1.8/
 */
const newer: readonly Definition[] = [
  { signature: 'ltrim/0', definition: trimmed('ltrim', String.raw`sub("\\A\\s+"; "")`) },
  { signature: 'rtrim/0', definition: trimmed('rtrim', String.raw`sub("\\s+\\z"; "")`) },
  {
    signature: 'trim/0',
    definition: trimmed('trim', String.raw`sub("\\A\\s+"; "") | sub("\\s+\\z"; "")`),
  },
  {
    signature: 'trimstr/1',
    definition: 'def trimstr($affix): ltrimstr($affix) | rtrimstr($affix);',
  },
  {
    signature: 'toarray/0',
    definition: 'def toarray: if type == "array" then . else [.] end;',
  },
  {
    signature: 'toboolean/0',
    definition:
      'def toboolean: if . == true or . == "true" then true elif . == false or . == "false" then false' +
      ' else error("\\(type) (\\(tojson)) cannot be parsed as a boolean") end;',
  },
  {
    signature: 'abs/0',
    definition: 'def abs: if type == "number" and . < 0 then 0 - . else . end;',
  },
  {
    signature: 'pick/1',
    definition:
      'def pick(wanted): . as $whole' +
      ' | reduce path(wanted) as $path (null; setpath($path; $whole | getpath($path)));',
  },
  {
    signature: 'add/1',
    definition: 'def add(terms): reduce terms as $term (null; . + $term);',
  },
  {
    signature: 'skip/2',
    definition:
      'def skip($count; outputs): if $count > 0' +
      ' then foreach outputs as $output ($count; . - 1; if . < 0 then $output else empty end)' +
      ' elif $count == 0 then outputs else error("skip doesn\'t support negative count") end;',
  },
  {
    signature: 'scan/2',
    definition:
      'def scan($pattern; $flags): match($pattern; "g" + $flags)' +
      ' | if (.captures | length) > 0 then [.captures[].string] else .string end;',
  },
];

/**
 * What has to stand before `program`: only what the program mentions, so that the rest of the
 * tables costs no start-up time. jq has no way to call a builtin whose name is not in the text.
 * @param builtins signatures that the jq has, as its `builtins` lists them
 */
export function preludeFor(program: string, builtins: ReadonlySet<string>): string {
  const words = new Set(program.match(/\w+/g));
  const mentioned = ({ signature }: Definition): boolean =>
    words.has(signature.slice(0, signature.indexOf('/')));
  const definitions = [
    ...confined.filter(mentioned),
    ...newer.filter((entry) => mentioned(entry) && !builtins.has(entry.signature)),
  ].map(({ definition }) => `${definition}\n`);
  return definitions.join('') + (words.has('ENV') ? '{} as $ENV |\n' : '');
}
