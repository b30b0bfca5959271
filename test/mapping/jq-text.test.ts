import { describe, expect, it } from '@jest/globals';
import { isBlank, jqText } from '../../src/mapping/jq-tokens.js';

describe('jqText', () => {
  it.each([
    ['.a', '.a'],
    ["'x'", '"x"'],
    ["'my project'", '"my project"'],
    ["''", '""'],
    [".a + '-' + .b", '.a + "-" + .b'],
    [".a + ' ' + .b", '.a + " " + .b'],
    [".a == 'x' or .b == 'y'", '.a == "x" or .b == "y"'],
    [".a + '#' + .b # it's 'so'", ".a + \"#\" + .b # it's 'so'"],
    ["# it's 'so'\n.a == 'x'", "# it's 'so'\n.a == \"x\""],
    ["'it's'", '"it\'s"'],
    ["'a (b'", '"a (b"'],
    ["'a' | test( 'b' )", '"a" | test( "b" )'],
    // jq would not understand it either way: the quotes open and close in no recognised place.
    ["test('b')", "test('b')"],
    [`"it 's '"`, `"it 's '"`],
    [String.raw`"a \" 'b'"`, String.raw`"a \" 'b'"`],
    [String.raw`"\(.a // 'none' ) 'kept' "`, String.raw`"\(.a // "none" ) 'kept' "`],
    [String.raw`"\((.a) + 'x' )" + 'y'`, String.raw`"\((.a) + "x" )" + "y"`],
    [String.raw`'\(.a) ' + 'y'`, String.raw`"\(.a) " + "y"`],
    [String.raw`'a \' b'`, String.raw`"a \' b"`],
  ])('reads %s', (written, read) => {
    expect(jqText(written)).toBe(read);
  });
});

describe('isBlank', () => {
  it.each([
    ['', true],
    [' \n\t', true],
    ['# nothing', true],
    ['# nothing\n  # more', true],
    ['.', false],
    ['# something\n.', false],
    ['"#"', false],
  ])('of %j is %s', (expression, blank) => {
    expect(isBlank(expression)).toBe(blank);
  });
});
