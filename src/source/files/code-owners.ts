import type { JsonObject } from '../../model/json.js';

/** Where code owners are written down: the first that is there counts, the others are not read. */
export const codeOwnersPaths = ['.bitbucket/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];

/** Bounds of what is passed on. A file beyond them is told as unreadable: a part would name wrong owners. */
const mostRules = 5_000;
const longestLine = 4_096;
const mostWords = 200;

/** Who owns something, by the sort of name. `owners` has all of them, as written. */
interface Owners {
  readonly owners: readonly string[];
  readonly users: readonly string[];
  readonly emails: readonly string[];
  /** Groups of Bitbucket, teams of `.bitbucket/teams.yaml`, and groups that the file itself defines. */
  readonly groups: readonly string[];
}

interface Rule extends Owners {
  readonly pattern: string;
  readonly section: string | null;
  readonly line: number;
}

/** What a file says, or why that cannot be used. */
export type ParsedCodeOwners =
  | { readonly ok: true; readonly value: JsonObject }
  | { readonly ok: false; readonly reason: string };

/** Patterns that everything meets. */
const everything: ReadonlySet<string> = new Set(['*', '**', '/', '/**', '**/*', '/**/*']);

/** Settings of a common add-on for code owners, which are no rules. */
const addOnSetting = /^(?:CODEOWNERS\.|(?:Overall)?Check\()/i;

/** A header of GitLab's: its name, whatever number of approvals follows, and its default owners. */
const sectionHeader = /^\^?\[([^\][]+)\](?:\[\d+\])?(?=\s|$)/;

/**
 * Reads a CODEOWNERS file in the ways in which Bitbucket Cloud, Data Center and the common add-on write
 * it: a pattern and its owners on each line, of which the last that matches counts. So rules that a
 * later one always beats are left out. Sections and their default owners are those of GitLab.
 *
 * Gives `{path, default, rules, definedGroups, owners, users, emails, groups}`: `default` are the owners of what no
 * other rule is about.
 */
export function parseCodeOwners(path: string, text: string): ParsedCodeOwners {
  const rules: Rule[] = [];
  const groups = new Map<string, readonly string[]>();
  let section: { name: string; owners: readonly string[] } | null = null;
  for (const [index, written] of text.split(/\r?\n/).entries()) {
    if (written.length > longestLine)
      return unusable(index, `longer than ${longestLine} characters`);
    const line = written.trim();
    const header = sectionHeader.exec(line);
    if (header !== null) {
      const [all, name = ''] = header;
      section = { name: name.trim(), owners: wordsOf(line.slice(all.length)) };
      continue;
    }
    const [first, ...words] = wordsOf(line);
    if (first === undefined || addOnSetting.test(first)) continue;
    if (words.length > mostWords) return unusable(index, `more than ${mostWords} owners`);
    if (first.startsWith('@@@')) {
      groups.set(first.slice(3), words);
      continue;
    }
    // What is excluded belongs to nobody.
    const isExcluded = first.startsWith('!');
    const owners = isExcluded ? [] : words.length > 0 ? words : (section?.owners ?? []);
    rules.push({
      pattern: isExcluded ? first.slice(1) : first,
      ...ownersOf(owners),
      section: section?.name ?? null,
      line: index + 1,
    });
    if (rules.length > mostRules) return unusable(index, `more than ${mostRules} rules`);
  }
  const winning = withoutBeaten(rules);
  const main = winning.findLast(({ pattern }) => everything.has(pattern));
  const defined = [...groups.values()].flat();
  return {
    ok: true,
    value: {
      path,
      default: main === undefined ? null : { ...ownersOf(main.owners) },
      rules: winning.map((rule) => ({ ...rule })),
      definedGroups: Object.fromEntries(
        [...groups].map(([name, words]) => [name, { ...ownersOf(words) }]),
      ),
      ...ownersOf([...winning.flatMap(({ owners }) => owners), ...defined]),
    },
  };
}

function unusable(index: number, reason: string): ParsedCodeOwners {
  return { ok: false, reason: `line ${index + 1}: ${reason}` };
}

/** Per section, the last rule with a pattern beats those before it, and one for everything beats all. */
function withoutBeaten(rules: readonly Rule[]): readonly Rule[] {
  const seen = new Set<string>();
  const closed = new Set<string | null>();
  return rules
    .toReversed()
    .filter(({ pattern, section }) => {
      const key = JSON.stringify([section, pattern]);
      const isBeaten = closed.has(section) || seen.has(key);
      seen.add(key);
      if (everything.has(pattern)) closed.add(section);
      return !isBeaten;
    })
    .toReversed();
}

/**
 * The words of a line, up to a comment. A quoted part keeps its spaces, and so does one after a
 * backslash. Looks at each character once.
 */
function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  let isQuoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    const isSpace = character === ' ' || character === '\t';
    if (character === '"') isQuoted = !isQuoted;
    else if (character === '\\') {
      while (line.charAt(at + 1) === '\\') at += 1;
      at += 1;
      word += line.charAt(at);
    } else if (isSpace && !isQuoted) {
      if (word !== '') words.push(word);
      word = '';
    } else if (character === '#' && word === '' && !isQuoted) return words;
    else word += character;
  }
  if (word !== '') words.push(word);
  return words;
}

/** How many of a group are asked to review: no part of its name. */
const selection = /:(?:all|random|least_busy)(?:\(\d+\))?$/i;

function ownersOf(words: readonly string[]): Owners {
  const owners = [...new Set(words.map((word) => word.replace(selection, '')))];
  const kept = (sort: Owner['sort']): readonly string[] => {
    const all = owners.map(ownerOf).filter((owner) => owner.sort === sort);
    return [...new Set(all.map(({ name }) => name))].filter((name) => name !== '');
  };
  return { owners, users: kept('user'), emails: kept('email'), groups: kept('group') };
}

interface Owner {
  readonly sort: 'user' | 'email' | 'group';
  readonly name: string;
}

/** `@jdoe`, `jdoe@example.com`, `@acme/backend`, `@teams/web`, `@reviewer-group/web`, `@@web`. */
function ownerOf(word: string): Owner {
  const name = word.replace(/^@{1,2}/, '');
  if (word.startsWith('@@')) return { sort: 'group', name };
  if (name.includes('/')) return { sort: 'group', name: name.slice(name.lastIndexOf('/') + 1) };
  return { sort: name.includes('@') ? 'email' : 'user', name };
}
