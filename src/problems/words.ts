import { asKeptInPort, place, quotedText } from './mapping-words.js';
import { counted, grouped, mebibytes, percent, timeLimit } from './number-words.js';
import type { Problem, ProblemCode, ProblemOf, Side } from './problem.js';
import { incomplete, refused, settings, warning, type Words } from './severity.js';
import { WITHHOLDING_WORDS } from './withholding-words.js';

const SIDE_NAMES = { bitbucket: 'Bitbucket', port: 'Port' } as const satisfies Record<Side, string>;

type Table = { readonly [Code in ProblemCode]: (problem: ProblemOf<Code>) => Words };

const TABLE: Table = {
  'usage-invalid': ({ reason, suggestion }) =>
    settings(reason, suggestion ?? 'Run bitbucket-port --help for the commands and options'),
  'setting-missing': ({ setting, spellings }) =>
    settings(`${setting} is not set`, `Set ${oneOf(spellings)}`),
  'setting-invalid': ({ spelling, reason }) => settings(`${spelling} ${reason}`, null),
  'settings-contradict': ({ spellings, reason }) =>
    settings(`${spellings.join(' and ')} do not go together: ${reason}`, null),
  'setting-unknown': ({ key, origin, nearest }) =>
    settings(
      `${origin} has an unknown key ${key}`,
      nearest === undefined ? 'Remove it' : `Did you mean ${nearest}?`,
    ),
  'settings-file-unreadable': ({ file, reason }) =>
    settings(`${file} cannot be used: ${reason}`, null),
  'mapping-invalid': ({ origin, path, reason, excerpt }) =>
    settings(
      `${place(origin, excerpt)}: ${path === '' ? '' : `${path} `}${reason}`,
      asKeptInPort(excerpt),
    ),
  'mapping-key-unknown': ({ origin, path, reason, excerpt }) =>
    warning(
      `${place(origin, excerpt)}: ${path === '' ? '' : `${path} `}${reason}; passed over`,
      'Correct it if it is a misspelling, or remove it',
    ),
  'file-reference-deprecated': ({ origin, kind, path, file }) => ({
    severity: 'notice',
    exitCode: 0,
    message: `${origin}: ${path} is file://${file}, a spelling that will go`,
    hint:
      kind === 'folder'
        ? 'Write .__includedFiles["PATH"], with the path from the root of the repository, and add it to includedFiles of its selector'
        : `Write .__includedFiles[${JSON.stringify(file)}], and add includedFiles: [${JSON.stringify(file)}] to its selector`,
  }),
  'expression-invalid': ({ origin, path, expression, message, excerpt }) =>
    settings(
      `${place(origin, excerpt)}: ${path} is not valid jq: ${message}`,
      quotedText(expression) ??
        (excerpt === undefined
          ? `The expression is: ${shortened(expression)}`
          : asKeptInPort(excerpt)),
    ),
  'jq-unavailable': ({ reason }) =>
    settings(
      `no jq can be started: ${reason}`,
      'Install jq 1.7 or newer, or name one with JQ_PATH',
    ),
  'jq-outdated': ({ path, version }) =>
    warning(
      `${path} is jq ${version}; mappings are written for jq 1.7`,
      'Point JQ_PATH at jq 1.7 or newer, or unset it',
    ),
  'integration-ambiguous': ({ identifier, existing }) =>
    settings(
      `Port has no integration ${identifier}, but another one of this type: ${existing.join(', ')}`,
      `Set OCEAN__INTEGRATION__IDENTIFIER to ${existing[0] ?? 'it'} to go on with its catalog, or to ${identifier} to load a second one`,
    ),
  'integration-missing': ({ identifier }) =>
    settings(
      `Port has no integration ${identifier}`,
      'Correct OCEAN__INTEGRATION__IDENTIFIER; or create it with the first sync, or with mapping push --create',
    ),
  'mapping-absent': ({ identifier }) =>
    settings(
      `integration ${identifier} in Port holds no mapping, so that sync uses the built-in one`,
      'Give it one with mapping push',
    ),
  'file-not-written': ({ file, reason, isThere }) =>
    settings(
      `${file} was not written: ${reason}`,
      isThere ? 'Name another file, or let pull replace it with --force' : null,
    ),
  'take-over-due': ({ identifier, version }) =>
    warning(
      `integration ${identifier} was written last by ${version}; the first sync takes its catalog over and deletes nothing`,
      'Look at what will change with bitbucket-port plan',
    ),
  'clock-skewed': ({ side, milliseconds }) =>
    warning(
      `the clock of this machine is ${timeLimit(wholeMinutes(milliseconds))} ${milliseconds > 0 ? 'ahead of' : 'behind'} that of ${SIDE_NAMES[side]}`,
      'Set it by a time server: what others changed during a run is told by it',
    ),
  'integration-processed-by-port': ({ identifier }) =>
    warning(
      `Port itself maps and loads the raw data of integration ${identifier} until now`,
      'Entities loaded that way may not be recognised as ours and are then never deleted',
    ),

  'credentials-refused': ({ side, variables, origin, reason }) =>
    refused(
      `${SIDE_NAMES[side]} at ${origin} refused the credentials: ${reason}`,
      `Check ${variables.join(' and ')}: a wrong, expired or revoked value`,
    ),
  'token-refused': ({ position, count, reason }) =>
    warning(
      `Bitbucket refused token ${position} of ${count} in the middle of the run, which went on without it: ${reason}`,
      'Replace it in BITBUCKET_WORKSPACE_TOKEN',
    ),
  'app-password-removed': ({ spelling }) =>
    warning(
      `${spelling} is an app password, which Bitbucket Cloud stopped taking on 2026-07-28`,
      'Create an access token of the workspace (BITBUCKET_WORKSPACE_TOKEN), or an API token with scopes (BITBUCKET_USER_EMAIL and BITBUCKET_USER_SCOPED_TOKEN)',
    ),
  'captcha-required': ({ origin, reason }) =>
    refused(
      `Bitbucket at ${origin} asks for a CAPTCHA: ${reason}`,
      'Log in to Bitbucket once in a browser with this account, then set the right BITBUCKET_PASSWORD; or use an HTTP access token (BITBUCKET_TOKEN)',
    ),
  'permission-refused': ({ side, subject, reason }) =>
    refused(
      `${SIDE_NAMES[side]} does not let these credentials read ${subject}: ${reason}`,
      side === 'port'
        ? 'Use credentials of an account that may read and write the catalog'
        : 'Give the account or token read permission on it',
    ),

  'server-unavailable': ({ side, subject, reason }) =>
    incomplete(
      `${SIDE_NAMES[side]} cannot be used: ${subject}: ${reason}`,
      side === 'port'
        ? 'Check PORT_BASE_URL, the proxy and the network of this machine; run again'
        : 'Check BITBUCKET_BASE_URL (Data Center) or BITBUCKET_HOST_URL (Cloud), the proxy and the network of this machine; run again',
    ),
  'listing-incomplete': ({ listing, reason }) =>
    incomplete(`${listing} could not be read to the end: ${reason}`, 'Nothing of it was deleted'),
  'root-listing-incomplete': ({ listing, reason }) =>
    incomplete(
      `the ${listing} could not be read to the end: ${reason}`,
      'Nothing was deleted in this run',
    ),
  'request-forecast': ({ what, needed, available, windowMilliseconds, isEnough }) => ({
    severity: 'notice',
    exitCode: 0,
    message: `this run takes at least ${grouped(needed)} ${what}; ${grouped(available)} are allowed ${windowMilliseconds === null ? 'in one run' : `within ${timeLimit(windowMilliseconds)}`}${isEnough ? ', so that it waits in between' : ''}`,
    hint: 'Use several tokens (separated by commas), select fewer repositories with repoQuery, or run every hour with a time limit: each run goes on where others did not come to',
  }),
  coverage: ({ resource, reached, total, reason }) =>
    incomplete(
      `${resource.kind}: coverage ${grouped(reached)}/${grouped(total)}: ${reason}`,
      'What belongs to the other repositories was left as it is; a run at another hour begins elsewhere',
    ),
  'attachment-unreadable': ({ attachment, item, reason }) =>
    incomplete(
      `the ${attachment} of ${item} could not be read: ${reason}`,
      'What is mapped from it was left as it is in Port',
    ),
  'files-skipped': ({ resource, item, count, limitBytes, paths }) =>
    warning(
      `${resource.kind}: ${counted(count, 'file', 'files')} of ${item} left out, larger than ${mebibytes(limitBytes)}: ${paths.join(', ')}${paths.length < count ? ', …' : ''}`,
      'Leave them out with files.path and files.filenames of the selector',
    ),
  'verification-off': ({ side, spelling }) =>
    warning(
      `certificates of ${SIDE_NAMES[side]} are not verified, because of ${spelling}`,
      'Trust a private CA with --ca-file instead',
    ),

  'selector-failed': ({ resource, item, expression, message }) =>
    incomplete(
      `${resource.kind}: the selector failed on ${item}: ${message}`,
      `The expression is: ${shortened(expression)}`,
    ),
  'identity-failed': ({ resource, item, field, expression, message }) =>
    incomplete(
      `${resource.kind}: ${field} failed on ${item}: ${message}`,
      `The expression is: ${shortened(expression)}`,
    ),
  'field-failed': ({ resource, item, field, expression, message }) =>
    warning(
      `${resource.kind}: ${field} is null on ${item}: ${message}`,
      `The expression is: ${shortened(expression)}`,
    ),
  'field-never-filled': ({ resource, field, expression, seen, missing, nearest }) =>
    warning(
      `${resource.kind}: ${field} is never filled: null on all ${grouped(seen)} items${missing === undefined ? '' : `, none of which has a key ${missing}`}`,
      `${nearest === undefined ? 'Correct it if it is a misspelling; the' : `Did you mean ${nearest}? The`} expression is: ${shortened(expression)}`,
    ),
  'items-to-parse-failed': ({ resource, item, expression, message }) =>
    warning(
      `${resource.kind}: itemsToParse gave no list on ${item}: ${message}`,
      `The expression is: ${shortened(expression)}`,
    ),
  'item-failed': ({ resource, item, message }) =>
    incomplete(
      `${resource.kind}: ${item} could not be mapped: ${message}`,
      'Look for an expression that runs away on this item',
    ),
  'item-given-up': ({ resource, item, message }) =>
    incomplete(
      `${resource.kind}: the mapping was given up before ${item}: ${message}`,
      'Mend the expression that runs away; until then the catalog keeps what it holds of these items',
    ),
  'identifier-empty': ({ resource, item, field }) =>
    warning(
      `${resource.kind}: ${item} was skipped, its ${field} is null or empty`,
      'Give the expression a fallback with //',
    ),
  'identifier-refused': ({ resource, item, identifier, character }) =>
    warning(
      `${resource.kind}: ${item} was skipped, Port refuses ${character} in its identifier ${shortened(identifier)}`,
      'Map the identifier to letters, digits and @ _ . + : \\ / = -',
    ),
  'target-refused': ({ resource, item, field, target }) =>
    warning(
      `${resource.kind}: ${field} of ${item} leaves out ${shortened(target)}, which cannot be an identifier in Port`,
      'Map the relation to the identifiers of the related entities',
    ),
  'identifier-collision': ({ resource, entity, winner, loser }) =>
    warning(
      `${resource.kind}: ${winner} and ${loser} both map to ${entity.blueprint} ${entity.identifier}; the first was loaded`,
      'Make the identifier tell them apart, for example with the project key',
    ),
  'nulls-dropped': ({ resource, item, field, dropped }) =>
    warning(
      `${resource.kind}: ${counted(dropped, 'null', 'nulls')} left out of ${field} of ${item}`,
      null,
    ),

  'blueprint-missing': ({ resource, blueprint }) =>
    incomplete(
      `${resource.kind}: Port has no blueprint ${blueprint}`,
      'Create it in Port, or correct the mapping',
    ),
  'blueprint-lacks': ({ resource, blueprint, fields }) =>
    incomplete(
      `${resource.kind}: blueprint ${blueprint} has no ${fields.join(', ')}; left out`,
      'Add them to the blueprint, or remove them from the mapping',
    ),
  'defaults-refused': ({ blueprint, reason }) =>
    incomplete(
      `the default blueprint ${blueprint} could not be created: ${reason}`,
      'Create the blueprints in Port, or set INITIALIZE_PORT_RESOURCES=false',
    ),
  'catalog-unreadable': ({ blueprint, reason }) =>
    incomplete(
      `the entities of ${blueprint} in Port could not be read: ${reason}`,
      'Nothing was loaded there; run again',
    ),
  'entity-refused': ({ entity, item, status, message }) =>
    incomplete(
      `Port refused ${entity.blueprint} ${entity.identifier} (${status}): ${message}`,
      `It was mapped from ${item}`,
    ),
  'relation-target-missing': ({ entity, item, missing }) =>
    incomplete(
      `${entity.blueprint} ${entity.identifier} was not loaded: it relates to ${missing.map((target) => `${target.blueprint} ${target.identifier}`).join(', ')}, which Port does not have`,
      `It was mapped from ${item}; map what it relates to, or set createMissingRelatedEntities: true`,
    ),
  'entity-too-large': ({ entity, item, bytes }) =>
    incomplete(
      `${entity.blueprint} ${entity.identifier} has ${grouped(bytes)} bytes, more than the 1 MiB that Port takes`,
      `It was mapped from ${item}; shorten its longest property in the mapping`,
    ),
  'entities-not-loaded': ({ blueprint, count, reason }) =>
    incomplete(
      `${entitiesOf(blueprint, count)} not loaded: ${reason}`,
      'Run again; what was loaded stays',
    ),
  'run-overlaps': ({ identifier, since }) =>
    warning(
      `another run of integration ${identifier} seems to be under way since ${new Date(since).toISOString()}, or was killed`,
      'Let the pipeline start one run at a time; two do no harm, but ask for everything twice',
    ),
  'best-effort-failed': ({ subject, reason }) => warning(`${subject} failed: ${reason}`, null),

  'deletion-threshold': ({ due, owned, threshold, blueprint, victims, changed }) => ({
    severity: 'failure',
    exitCode: 5,
    message: `${grouped(due)} of ${counted(owned, 'entity', 'entities')}${blueprint === null ? '' : ` of ${blueprint}`} would be deleted, more than the threshold of ${percent(threshold)} allows; nothing was deleted. ${victims.length === due ? 'They are' : 'Among them'}: ${victims.map((victim) => `${victim.blueprint} ${victim.identifier}`).join(', ')}${changed === undefined ? '' : `. ${counted(changed.appeared, 'entity', 'entities')} of ${changed.blueprint} appeared in their place: the identifier in the mapping seems to have changed, such as from ${changed.before} to ${changed.now}`}`,
    hint:
      changed === undefined
        ? 'If right, run once: npx bitbucket-port sync --deletion-threshold 1'
        : 'If the change is meant, run once: npx bitbucket-port sync --deletion-threshold 1; if not, take it back',
  }),
  'deletions-withheld': ({ blueprint, count, reason }) => ({
    severity: 'notice',
    exitCode: 0,
    message: `kept ${counted(count, 'entity', 'entities')} of ${blueprint} that this run did not produce: ${WITHHOLDING_WORDS[reason]}`,
    hint: null,
  }),
  'deletion-refused': ({ entity, reason }) =>
    warning(
      `${entity.blueprint} ${entity.identifier} was kept: ${reason}`,
      'Remove what relates to it in Port and run again, or run once with --allow-cascade, which deletes both',
    ),
  'entities-not-deleted': ({ blueprint, count, reason }) =>
    incomplete(`${entitiesOf(blueprint, count)} not deleted: ${reason}`, 'Run again'),
  'taken-over': ({ version, due, isWhole }) =>
    warning(
      `this integration was loaded by ${version} until now; nothing was deleted in this first run`,
      takeOverHint(due, isWhole),
    ),

  interrupted: ({ signal }) => ({
    severity: 'failure',
    exitCode: signal === 'SIGINT' ? 130 : 143,
    message: `stopped by ${signal} before the end; no load or deletion was begun after it`,
    hint: 'Run again; what was loaded stays',
  }),
  'timed-out': ({ limitMilliseconds }) =>
    incomplete(
      `the time limit of ${timeLimit(limitMilliseconds)} ran out before the end; no load or deletion was begun after it`,
      'Raise --timeout, or narrow the selectors of the mapping',
    ),
  'report-not-written': ({ file, reason }) =>
    warning(
      `${file} could not be written: ${reason}`,
      'The run itself is not affected; name a file that this user may write',
    ),
  'internal-error': ({ message }) => ({
    severity: 'failure',
    exitCode: 1,
    message: `this is a bug in bitbucket-port: ${message}`,
    hint: 'Please report it with the output of --log-level debug, which holds no secrets',
  }),
};

/** The words for a problem. */
export function wordsOf(problem: Problem): Words {
  // The table is exhaustive; the compiler cannot tie the key to the argument on its own.
  return lookUp(problem);
}

function lookUp<Code extends ProblemCode>(problem: ProblemOf<Code>): Words {
  const words: Table[Code] = TABLE[problem.code];
  return words(problem);
}

function takeOverHint(due: number, isWhole: boolean): string {
  if (!isWhole)
    return 'Deletions begin after a run that reads everything, without --kinds and the like';
  if (due === 0) return 'The next run deletes what is gone';
  return `The next run would delete ${counted(due, 'entity', 'entities')}; look at them first`;
}

function oneOf(spellings: readonly string[]): string {
  if (spellings.length < 2) return spellings[0] ?? 'it';
  return `${spellings.slice(0, -1).join(', ')} or ${spellings.at(-1) ?? ''}`;
}

function entitiesOf(blueprint: string, count: number): string {
  return `${counted(count, 'entity', 'entities')} of ${blueprint}`;
}

/** Clocks of two machines are compared by answers that took their time. */
function wholeMinutes(milliseconds: number): number {
  return Math.round(Math.abs(milliseconds) / 60_000) * 60_000;
}

const LONGEST_QUOTE = 120;

function shortened(text: string): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  return line.length <= LONGEST_QUOTE ? line : `${line.slice(0, LONGEST_QUOTE - 1)}…`;
}
