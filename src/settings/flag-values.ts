/**
 * The options that stand on the command line, by their long name (`--kinds`): the text that follows
 * one, or true for a switch. What is not there was not given.
 */
export type FlagValues = Readonly<Record<string, string | true>>;
