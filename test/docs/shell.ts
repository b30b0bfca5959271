/** A line of a shell text that runs our command, with the variables that hold for it. */
export interface RunLine {
  /** What follows `npx bitbucket-port`. */
  readonly line: string;
  readonly env: Readonly<Record<string, string>>;
}

const ASSIGNMENT = /^(\w+)=(\S*)$/u;

/**
 * The runs of a shell text that holds nothing but `export NAME=VALUE` and lines with
 * `npx bitbucket-port`, each perhaps with variables of its own before it.
 * @throws Error for any other line
 */
export function runsIn(shell: string): readonly RunLine[] {
  const exported: Record<string, string> = {};
  const runs: RunLine[] = [];
  for (const text of shell.split('\n').filter((line) => line.trim() !== '')) {
    const [, before = '', line] = /^(.*?)npx bitbucket-port (.+)$/u.exec(text.trim()) ?? [];
    if (line !== undefined) {
      runs.push({ line, env: { ...exported, ...assignments(before, text) } });
      continue;
    }
    Object.assign(exported, assignments(text.replace(/^\s*export /u, ''), text));
  }
  return runs;
}

function assignments(text: string, line: string): Record<string, string> {
  const words = text.split(' ').filter((word) => word !== '');
  return Object.fromEntries(
    words.map((word) => {
      const [, name, value] = ASSIGNMENT.exec(word) ?? [];
      if (name === undefined || value === undefined) throw new Error(`cannot be run: ${line}`);
      return [name, value];
    }),
  );
}
