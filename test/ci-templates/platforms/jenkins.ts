import type { Node } from 'web-tree-sitter';
import { groovyTree } from './groovy.js';
import {
  greenOrRed,
  TARGET,
  type CiEvent,
  type ScriptEnd,
  type Site,
  type Step,
  type TemplatePlatform,
  type Verdict,
} from './platform.js';

/** What "Declarative Pipeline" requires or our templates want, each once. */
const SECTIONS = ['agent', 'tools', 'options', 'parameters', 'triggers', 'environment', 'stages'];

/**
 * Jenkins. No engine of it runs here: scripts are taken out of the syntax tree, and what Groovy makes
 * of an exit code is read off the text, in the one form that our templates have.
 */
export const jenkins: TemplatePlatform = {
  problems: async (text) => {
    const tree = await groovyTree(text);
    const wrong = all(tree)
      .filter((node) => node.isError || node.isMissing)
      .map(({ startPosition: { row, column } }) => `no Groovy at ${row + 1}:${column + 1}`);
    const found = body(calls(tree, 'pipeline')[0]).map(nameOf);
    const missing = SECTIONS.filter((section) => !found.includes(section));
    return [...wrong, ...missing.map((section) => `no section ${section}`)];
  },
  steps: async (text, event, site) => {
    const tree = await groovyTree(text);
    const environment = Object.fromEntries(
      all(calls(tree, 'environment')[0])
        .filter(({ type }) => type === 'assignment_expression')
        .map(({ namedChildren: [name, value] }): [string, string] => [
          name?.text ?? '',
          // Who copies the file writes in what it leaves empty.
          literal(value) || (site.variables[name?.text ?? ''] ?? ''),
        ]),
    );
    const parameters = (calls(tree, 'parameters')[0]?.text ?? '').includes(
      "name: 'APPROVE_DELETIONS'",
    )
      ? { APPROVE_DELETIONS: site.approval }
      : {};
    return calls(tree, 'stage')
      .filter((stage) => isDue(stage, event))
      .flatMap((stage) =>
        calls(stage, 'sh').map((sh) => asStep(sh, stage, { ...parameters, ...environment }, site)),
      );
  },
};

function asStep(
  sh: Node,
  stage: Node,
  environment: Readonly<Record<string, string>>,
  { secrets }: Site,
): Step {
  const script = all(sh).find(({ type }) => type === 'string_literal');
  const named = all(calls(stage, 'withCredentials')[0]).flatMap((node) =>
    node.type === 'map_item' && node.namedChildren[0]?.text === 'variable'
      ? [literal(node.namedChildren[1])]
      : [],
  );
  return {
    name: literal(all(stage).find(({ type }) => type === 'character_literal')),
    script: literal(script),
    // "sh: Shell Script" of Pipeline: Nodes and Processes.
    shell: ['sh', '-xe'],
    env: {
      JENKINS_URL: 'https://jenkins.example.com/',
      CHANGE_TARGET: TARGET,
      ...environment,
      ...Object.fromEntries(named.map((name) => [name, secrets[name] ?? ''])),
    },
    verdict: /\breturnStatus: true\b/u.test(sh.text) ? decisionOf(stage) : greenOrRed,
  };
}

/** `if (exitCode == 4) { unstable(…) } else if (exitCode != 0) { error(…) }` */
function decisionOf(stage: Node): (end: ScriptEnd) => Verdict {
  const [, yellow] =
    /if \(exitCode == (\d+)\) \{\s*unstable\([^)]*\)\s*\} else if \(exitCode != 0\) \{\s*error\(/u.exec(
      stage.text,
    ) ?? [];
  if (yellow === undefined)
    throw new Error('the exit code is not decided on as this test knows it');
  return (end) => (end.exitCode === Number(yellow) ? 'warned' : greenOrRed(end));
}

/** By its `when`. The branch of a schedule is taken to be main. */
function isDue(stage: Node, event: CiEvent): boolean {
  const when = calls(stage, 'when')[0]?.text.replace(/\s+/gu, ' ');
  switch (when) {
    case undefined:
      return true;
    case 'when { changeRequest() }':
      return event === 'pull-request';
    case "when { changeRequest() expression { env.BITBUCKET_PORT_PLAN == 'true' && env.CHANGE_FORK == null } }":
      return event === 'plan';
    case "when { not { changeRequest() } expression { env.BRANCH_NAME in [null, 'main', 'master'] } }":
      return event === 'schedule';
    default:
      throw new Error(`a condition that this test does not know: ${when}`);
  }
}

function all(node: Node | undefined): readonly Node[] {
  return node === undefined ? [] : [node, ...node.children.flatMap((child) => all(child))];
}

const CALLS = ['method_invocation', 'juxt_function_call'];

/** Calls of a name, with all that is in their braces. */
function calls(node: Node | undefined, name: string): readonly Node[] {
  return all(node).filter((one) => CALLS.includes(one.type) && one.namedChildren[0]?.text === name);
}

/** What stands between the braces of a call. */
function body(call: Node | undefined): readonly Node[] {
  return call?.namedChildren.find(({ type }) => type === 'closure')?.namedChildren ?? [];
}

/** `agent` of `agent any`, `tools` of `tools { … }`. */
function nameOf(statement: Node): string {
  return /^\w+/u.exec(statement.text)?.[0] ?? '';
}

/**
 * A string of Groovy without its quotes. A backslash takes the end of a line away.
 * @throws for anything else, such as credentials('…'), which would show a secret to every stage
 */
function literal(node: Node | undefined): string {
  const [, , text] = /^('''|'|")(.*)\1$/su.exec(node?.text ?? '') ?? [];
  if (text === undefined) throw new Error(`no string: ${node?.text ?? ''}`);
  return text.replace(/\\\n/gu, '');
}
