import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { CatalogEntity } from '../../src/sandbox/port/entity.js';
import { isLie, type Listing } from './bitbucket.js';
import {
  BLUEPRINTS,
  catalogOf,
  kindsInto,
  type Catalog,
  type Kind,
  type Made,
  type MappingShape,
} from './mapping-shape.js';
import { isOwn, nameOf, type RunRecord } from './record.js';
import type { TrueRepository } from './truth.js';

/** What a run did and must not have done. */
export interface Violation {
  /** The rule that it breaks, in few words: the same for the same kind of mistake. */
  readonly rule: string;
  readonly run: number;
  readonly what: string;
}

/** What the rules found, and what they let pass. */
export interface Verdict {
  readonly violations: readonly Violation[];
  /** Roots that are alive, hidden behind an answer that may mean anything, and were deleted. */
  readonly ambiguousRoots: number;
}

/** Most roots that a run may delete by mistake, each hidden behind such an answer. */
const MOST_AMBIGUOUS = 10;
/** Most deletions without proof, and most of a blueprint, before a share counts. */
const MOST_UNASKED = 10;
const USUAL_THRESHOLD = 0.9;
const HOUR = 3_600_000;

/** Judges one run by the rules of what may be deleted. No rule looks at how the run decides. */
export function judge(run: RunRecord): Verdict {
  const { bitbucket, mapping, truth, seen } = run;
  const alive = catalogOf(truth, mapping, bitbucket.flavour, run.now);
  const shown = catalogOf(seen, mapping, bitbucket.flavour, run.now);
  const violations: Violation[] = [];
  const object = (rule: string, what: string): void => {
    violations.push({ rule, run: run.number, what });
  };
  const forbid = (rule: string, keys: readonly string[]): void => {
    if (keys.length > 0) object(rule, keys.join(', '));
  };

  const { mistaken, roots } = mistakes(run, alive);
  forbid('alive, and deleted', mistaken);
  if (roots.size > MOST_AMBIGUOUS && run.approved === null) {
    object('more than ten hidden roots deleted', [...roots].join(', '));
  }
  forbid('foreign, and deleted', foreignDeleted(run));
  forbid('foreign, and changed', foreignChanged(run, alive));
  forbid('given away', givenAway(run));
  for (const [rule, keys] of withheld(run, shown)) forbid(rule, keys);
  if (settingsOf(run.specBefore, run) !== settingsOf(run.specAfter, run)) {
    object('settings in spec changed', JSON.stringify(run.specAfter));
  }
  for (const [rule, what] of guarded(run, alive)) object(rule, what);
  for (const [rule, what] of ending(run, shown)) object(rule, what);
  return { violations, ambiguousRoots: roots.size };
}

/** What was deleted although the mapping makes it of what there is; and what excuses some of it. */
function mistakes(
  run: RunRecord,
  alive: Catalog,
): { readonly mistaken: readonly string[]; readonly roots: ReadonlySet<string> } {
  const mistaken: string[] = [];
  const roots = new Set<string>();
  for (const key of run.deleted) {
    const made = alive.get(key);
    if (made === undefined) continue;
    if (isExcused(run, key, made)) roots.add(made.roots.at(-1) ?? made.item);
    else mistaken.push(key);
  }
  return { mistaken, roots };
}

function isExcused(run: RunRecord, key: string, made: Made): boolean {
  const { bitbucket, seen, mapping } = run;
  if (run.credentials === 'dead') return false;
  const hidden = hiddenRoots(run);
  const isHidden = made.roots.some((root) => hidden.has(root));
  const isAskable = hasAddress(made, run.before.get(key), mapping);
  if (isHidden && (isAmbiguous(bitbucket) || !isAskable || isMoved(made, run))) return true;
  const silent = silentLies(run);
  if (silent.length === 0) return false;
  // Without a link there is no address to ask at, and only up to ten pull requests are asked for.
  const isListed = silent.some(({ listing }) =>
    typeof listing === 'string'
      ? dependsOn(made, listing)
      : made.kinds.includes('pull-request') &&
        made.roots.includes(rootOf(seen.repositories, listing.pullRequests)),
  );
  const due = run.deleted.filter((key) => key.startsWith(`${BLUEPRINTS.pullRequest} `)).length;
  const isUnasked = made.kinds.includes('pull-request') && due > 10;
  return isListed && (isUnasked || !isAskable);
}

/** Whether it is listed there, or below what is, or stands for a target that nothing lists. */
function dependsOn(
  { kinds, roots }: Made,
  listing: 'projects' | 'repositories' | 'users',
): boolean {
  if (kinds.length === 0) return true;
  if (listing === 'users') return kinds.includes('user');
  if (listing === 'projects') return !kinds.includes('user');
  return roots.some((root) => root.startsWith('repository'));
}

/** Whether what is hidden is answered as what is not there. */
function isAmbiguous({ flavour, hides }: RunRecord['bitbucket']): boolean {
  return flavour === 'cloud' && hides === 'as missing';
}

/** Whether it held a link that leads to where its item is, in a property known to hold such links. */
function hasAddress(
  { kinds, blueprint }: Made,
  entity: CatalogEntity | undefined,
  { links, second }: MappingShape,
): boolean {
  const isBare = blueprint === BLUEPRINTS.extra && second === 'other-blueprint';
  return links && kinds.length > 0 && !isBare && entity?.properties.link !== undefined;
}

/** Whether it moved out of sight: at its old address, there is truly nothing. */
function isMoved({ roots }: Made, { truth }: RunRecord): boolean {
  return truth.repositories.some(
    ({ id, formerly }) => formerly.length > 0 && roots.includes(`repository ${String(id)}`),
  );
}

function rootOf(repositories: readonly TrueRepository[], at: number): `repository ${string}` {
  return `repository ${String(repositories[at % Math.max(1, repositories.length)]?.id ?? 0)}`;
}

function hiddenRoots({ truth, seen }: RunRecord): ReadonlySet<string> {
  const projects = new Set(seen.projects.map(({ key }) => key));
  const repositories = new Set(seen.repositories.map(({ id }) => id));
  return new Set([
    ...truth.projects.filter(({ key }) => !projects.has(key)).map(({ key }) => `project ${key}`),
    ...truth.repositories
      .filter(({ id }) => !repositories.has(id))
      .map(({ id }) => `repository ${String(id)}`),
  ]);
}

/** Lies that nothing in the answer gives away. */
function silentLies({ troubles }: RunRecord) {
  return troubles
    .filter(({ hits }) => hits > 0)
    .map(({ trouble }) => trouble)
    .filter(({ how }) => how === 'left-out' || how === 'jumped' || how === 'empty');
}

function foreignDeleted(run: RunRecord): readonly string[] {
  return [...run.deleted, ...run.cascaded].filter((key) => {
    const entity = run.before.get(key);
    return entity !== undefined && !isOwn(entity, run) && !run.othersMay.has(key);
  });
}

/** An entity of others that the mapping does not make stays as it is. */
function foreignChanged(run: RunRecord, alive: Catalog): readonly string[] {
  const changed: string[] = [];
  for (const [key, entity] of run.before) {
    if (isOwn(entity, run) || alive.has(key)) continue;
    if (run.othersMay.has(key) || run.changedMeanwhile.has(key)) continue;
    const now = run.after.get(key);
    if (now !== undefined && JSON.stringify(now) !== JSON.stringify(entity)) changed.push(key);
  }
  return changed;
}

/** What was ours and was written by us is ours afterwards. */
function givenAway(run: RunRecord): readonly string[] {
  const given: string[] = [];
  for (const [key, entity] of run.before) {
    if (!isOwn(entity, run) || !run.upserted.has(key)) continue;
    if (run.othersMay.has(key) || run.changedMeanwhile.has(key)) continue;
    const now = run.after.get(key);
    if (now !== undefined && !isOwn(now, run)) given.push(key);
  }
  return given;
}

/** What objects to deletions, whatever is gone: which of them there were all the same. */
function* withheld(run: RunRecord, shown: Catalog): Generator<[string, readonly string[]]> {
  const { deleted, mapping, step, spec, isHosted } = run;
  const none = (rule: string, objects: boolean): [string, readonly string[]] => [
    rule,
    objects ? deleted : [],
  ];
  const isIn = (blueprints: readonly string[]): readonly string[] =>
    deleted.filter((key) => blueprints.some((blueprint) => key.startsWith(`${blueprint} `)));

  yield none('deleted with --no-delete', step.flags.includes('--no-delete'));
  yield none('deleted with a threshold of 0', mapping.threshold === 0);
  yield none('deleted in spite of an unknown key', mapping.unknownKey === 'root');
  // Of two runs that overlap, the inner one may begin when the outer one has signed.
  const isOthers = !isOurs(run.signedBefore) && !run.isOverlapping;
  yield none('deleted although another program had signed', isOthers);
  yield none('deleted beside another run', run.isOtherUnderWay);
  yield none('deleted by a run that stopped for safety', run.exitCode === 5);
  yield none('deleted with dead credentials', run.credentials === 'dead');
  yield none('deleted without a mark', !run.isMarkedBefore);
  // A run that is narrowed judges nothing to the end, and leaves none.
  const isLost =
    spec === 'refused' ||
    (spec === 'dropped' && !isDeepStrictEqual(markIn(run.markAsked), markIn(standingMark(run))));
  const isSilent = step.flags === '' && ((isLost && !isHosted) || failsToSign(run));
  yield none('deleted although no mark can be kept', isSilent);
  yield ['deleted after a signal', run.deletedLate];
  yield ['deleted in spite of keepOutdated', outdated(run, shown)];
  yield ['deleted in a blueprint of Port', deleted.filter((key) => key.startsWith('_'))];
  yield ['deleted in a protected blueprint', isIn(protectedBlueprints(mapping))];
  yield ['deleted in a blueprint of items that failed', isIn(failedBlueprints(run))];
  yield ['deleted in a narrowed run', narrowed(run)];
  yield ['deleted below what was not read', deleted.filter((key) => isUnread(run, key, shown))];
  yield [
    'deleted below what is named and absent',
    deleted.filter((key) => isNamedAbsent(run, key)),
  ];
  yield [
    'deleted although somebody changed it',
    deleted.filter((key) => run.changedMeanwhile.has(key)),
  ];
  yield ['deleted although others relate to it', deleted.filter((key) => isHeld(run, key))];
}

/** The mark alone: notes for the next run may be lost, and it does without them. */
function markIn(part: unknown): unknown {
  const { judged, takenOver, stopped, stoppedAt } = partSchema.parse(part);
  return { judged, takenOver, stopped, stoppedAt };
}

const partSchema = z
  .looseObject({
    judged: z.string(),
    takenOver: z.boolean(),
    stopped: z.boolean(),
    stoppedAt: z.string(),
  })
  .partial()
  .catch({});

/** The mark that stands already: one that Port drops is lost, unless it is the same. */
function standingMark({ specBefore }: RunRecord): unknown {
  return specBefore.bitbucketPort ?? 'none';
}

/** Whether the version on an integration is one of ours. */
function isOurs(version: string): boolean {
  return version.startsWith('bitbucket-port-');
}

function failsToSign({ step, portTroubleHits }: RunRecord): boolean {
  return (
    step.portTrouble?.call === 'sign' && step.portTrouble.times === null && portTroubleHits > 0
  );
}

function blueprintsOf(mapping: MappingShape, kind: Kind): readonly string[] {
  return Object.values(BLUEPRINTS).filter((blueprint) =>
    kindsInto(mapping, blueprint).includes(kind),
  );
}

function protectedBlueprints(mapping: MappingShape): readonly string[] {
  const kinds = mapping.kinds.filter(
    (kind) => kind === mapping.protects || kind === mapping.unknownKey,
  );
  return kinds.flatMap((kind) => blueprintsOf(mapping, kind));
}

/** An identifier that ends in an error protects the blueprint. */
function failedBlueprints(run: RunRecord): readonly string[] {
  const { mapping, seen } = run;
  const fails =
    mapping.failing &&
    mapping.mistake === null &&
    // What a listing leaves out cannot fail in the mapping.
    silentLies(run).length === 0 &&
    mapping.kinds.includes('repository') &&
    seen.repositories.some(
      ({ slug, project }) =>
        slug.endsWith('2') && (mapping.projects === null || mapping.projects.includes(project)),
    );
  return fails ? [BLUEPRINTS.repository] : [];
}

/** What stands in Port from below a repository that is there and is read: all of it may be too old alone. */
function outdated(
  { mapping, deleted, lineage, seen, bitbucket }: RunRecord,
  shown: Catalog,
): readonly string[] {
  if (!mapping.window || !mapping.keepOutdated || mapping.mistake !== null) return [];
  const items = new Set([...shown.values()].map(({ item }) => item));
  return deleted.filter((key) => {
    const of = lineage.get(key);
    const kind = of?.kinds[0];
    if (of === undefined || kind === undefined || items.has(of.item)) return false;
    return (
      (kind === 'pull-request' || kind === 'branch') &&
      mapping.kinds.includes(kind) &&
      seen.repositories.some(
        ({ id, project, formerly }) =>
          // A server that forgets old names says that there is no such repository.
          (formerly.length === 0 || bitbucket.moved !== 'not-found') &&
          of.roots.includes(`repository ${String(id)}`) &&
          of.project === project &&
          (mapping.projects === null || mapping.projects.includes(project)),
      )
    );
  });
}

function narrowed({ step, deleted, mapping }: RunRecord): readonly string[] {
  const [, kinds] = /--kinds (\S+)/u.exec(step.flags) ?? [];
  const isTouched = (blueprint: string): boolean => {
    const into = kindsInto(mapping, blueprint);
    if (kinds !== undefined) return into.some((kind) => !kinds.split(',').includes(kind));
    return step.flags.includes('--projects') && into.some((kind) => kind !== 'user');
  };
  return deleted.filter((key) => isTouched(key.split(' ')[0] ?? ''));
}

/** Whether the listing that would have shown it could not be read. */
function isUnread(run: RunRecord, key: string, shown: Catalog): boolean {
  const lineage = run.lineage.get(key);
  if (lineage === undefined || shown.has(key)) return false;
  return unreadListings(run).some(({ listing }) => {
    if (listing === 'projects') return lineage.kinds.includes('project');
    if (listing === 'users') return lineage.kinds.includes('user');
    if (listing === 'repositories') {
      return lineage.kinds.some((kind) => kind !== 'project' && kind !== 'user');
    }
    return (
      lineage.kinds.includes('pull-request') &&
      lineage.roots.includes(rootOf(run.seen.repositories, listing.pullRequests))
    );
  });
}

/** Whether the run has to read a listing: one beside it may have met its trouble. */
function reads({ mapping, step, besideOwn }: RunRecord, listing: Listing): boolean {
  if (!besideOwn) return true;
  const [, only] = /--kinds (\S+)/u.exec(step.flags) ?? [];
  const kinds = mapping.kinds.filter((kind) => only?.split(',').includes(kind) !== false);
  if (typeof listing !== 'string') return kinds.includes('pull-request');
  if (listing === 'users') return kinds.includes('user');
  if (listing === 'projects') return kinds.some((kind) => kind !== 'user');
  return kinds.some((kind) => kind !== 'user' && kind !== 'project');
}

/** Listings that failed or contradicted themselves each time. */
function unreadListings({ troubles }: RunRecord) {
  return troubles
    .filter(({ hits, trouble }) => hits > 0 && trouble.times === null)
    .map(({ trouble }) => trouble)
    .filter(({ how }) => !isLie(how) || how === 'broken-off' || how === 'repeated');
}

function isNamedAbsent({ mapping, seen, lineage }: RunRecord, key: string): boolean {
  const project = lineage.get(key)?.project ?? null;
  return (
    project !== null &&
    mapping.projects?.includes(project) === true &&
    seen.projects.every((one) => one.key !== project)
  );
}

/** Whether something that is not ours relates to it. */
function isHeld(run: RunRecord, key: string): boolean {
  const [blueprint, identifier] = key.split(' ');
  return [...run.before.values()].some(
    (entity) =>
      !isOwn(entity, run) &&
      !run.upserted.has(nameOf(entity)) &&
      Object.entries(entity.relations).some(
        ([relation, target]) =>
          target === identifier && blueprint?.toLowerCase() === `chaos${relation}`,
      ) &&
      run.after.has(nameOf(entity)),
  );
}

/** What stands in a spec beside our mark; all of it where Port hosts the integration. */
function settingsOf(spec: RunRecord['specBefore'], { isHosted }: RunRecord): string {
  return JSON.stringify(isHosted ? spec : { ...spec, bitbucketPort: undefined });
}

/** More than may go at once without being asked. */
function* guarded(run: RunRecord, alive: Catalog): Generator<[string, string]> {
  const { deleted, approved, isStillStopped, step } = run;
  if (isStillStopped && approved === null && deleted.length > 0) {
    yield ['deleted after a stop that nobody approved', deleted.join(', ')];
  }
  if (approved !== null) {
    if (deleted.length > approved) {
      yield ['deleted more than was approved', `${deleted.length} instead of ${approved}`];
    }
    const isSame = isStillStopped && step.approval === 'as printed' && isQuiet(run);
    if (isSame && run.exitCode === 5) yield ['stopped in spite of its approval', run.text];
    return;
  }
  if (run.isJustTakenOver && deleted.length > MOST_UNASKED) {
    yield ['more than ten deleted unasked after taking over', deleted.join(', ')];
  }
  const items = new Set([...alive.values()].map(({ item }) => item));
  const isElsewhere = (key: string): boolean => items.has(run.lineage.get(key)?.item ?? '');
  const unproven = deleted.filter((key) => {
    const lineage = run.lineage.get(key);
    if (lineage === undefined || isElsewhere(key) || isLeftOut(run, key)) return false;
    const isBelowGone = lineage.roots.some(
      (root) => root.startsWith('repository') && isGone(run, root),
    );
    const isRoot = lineage.kinds.some((kind) => kind !== 'pull-request' && kind !== 'branch');
    return (isRoot || isBelowGone) && !hasProof(run);
  });
  if (unproven.length > MOST_UNASKED) {
    yield ['more than ten unproven roots deleted unasked', unproven.join(', ')];
  }
  const threshold = run.mapping.threshold ?? USUAL_THRESHOLD;
  for (const blueprint of Object.values(BLUEPRINTS)) {
    const due = deleted.filter(
      (key) => key.startsWith(`${blueprint} `) && (isElsewhere(key) || isLeftOut(run, key)),
    ).length;
    const owned = [...run.before.values()].filter(
      (entity) =>
        entity.blueprint === blueprint &&
        isOwn(entity, run) &&
        Date.parse(entity.createdAt) <= (run.judgedAt ?? 0),
    ).length;
    if (due > MOST_UNASKED && due > owned * threshold) {
      yield ['more than the threshold deleted unasked', `${due} of ${owned} in ${blueprint}`];
    }
  }
  if (step.approval !== 'none' && isStillStopped && run.exitCode === 0 && step.flags === '') {
    yield ['a stop was forgotten', 'exit 0 with an approval that does not count'];
  }
}

/**
 * Whether the item is there as it was when deletions were last judged, and only the mapping does not take it
 * any more. Clocks are off by up to an hour each.
 */
function isLeftOut({ seen, lineage, judgedAt, now }: RunRecord, key: string): boolean {
  const [kind = '', id = '', name = ''] = (lineage.get(key)?.item ?? '').split(' ');
  const repository = seen.repositories.find((one) => String(one.id) === id);
  const isOld = (one: { readonly changed: number } | undefined): boolean =>
    one !== undefined && one.changed + 2 * HOUR <= Math.min(judgedAt ?? 0, now);
  switch (kind) {
    case 'project':
      return seen.projects.some((one) => one.key === id);
    case 'repository':
      return repository !== undefined;
    case 'pull-request':
      return isOld(repository?.pullRequests.find((one) => String(one.id) === name));
    case 'branch':
      return isOld(repository?.branches.find((one) => one.name === name));
    default:
      return false;
  }
}

function isGone({ truth }: RunRecord, root: string): boolean {
  return truth.repositories.every(({ id }) => `repository ${String(id)}` !== root);
}

/** Whether an address can tell that something is gone, rather than hidden. */
function hasProof({ bitbucket, mapping }: RunRecord): boolean {
  return bitbucket.flavour === 'server' && mapping.links;
}

/** How it ended, and what it says of that. */
function* ending(run: RunRecord, shown: Catalog): Generator<[string, string]> {
  const { exitCode, step, text, credentials } = run;
  const code = `exit ${String(exitCode)}: ${text.slice(-400)}`;
  // Where a root listing answers 404, a setting may be wrong.
  const isNotThere = run.troubles.some(({ hits, trouble }) => hits > 0 && trouble.how === 404);
  if (![0, 3, 4, 5, 6, 130, ...(isNotThere ? [2] : [])].includes(exitCode)) {
    yield ['an exit code out of place', code];
  }
  if (exitCode === 130 && !run.isStopped) yield ['interrupted by nobody', code];
  const isUnread = unreadListings(run).some(({ listing }) => reads(run, listing));
  const isPortDown = (call: string): boolean =>
    step.portTrouble?.call === call &&
    step.portTrouble.times === null &&
    run.portTroubleHits > 0 &&
    // A run beside it may have met the trouble.
    !run.besideOwn;
  if (exitCode === 0 && isUnread) yield ['exit 0 with something unread', code];
  if (exitCode === 0 && (isPortDown('search') || isPortDown('upsert'))) {
    yield ['exit 0 with something not loaded', code];
  }
  if (credentials === 'dead') {
    if (exitCode !== 3 && !run.isStopped) yield ['dead credentials, and no exit 3', code];
    if (run.upserted.size > 0) yield ['loaded with dead credentials', [...run.upserted].join(', ')];
  }
  // What somebody changed meanwhile is due no more.
  const isAsBefore = run.changedMeanwhile.size === 0;
  const isStopped = run.isStillStopped && run.approved === null && isAsBefore;
  if (isStopped && exitCode === 0 && step.flags === '') {
    yield ['a stop was forgotten', code];
  }
  // Whether Port keeps what it is told, a plan cannot see without writing.
  const isKept = run.spec === 'kept' || run.isHosted;
  if (run.plannedDeletions !== null && isKept && isQuiet(run) && exitCode !== 5) {
    const planned = [...run.plannedDeletions].sort().join(', ');
    const done = [...run.deleted].sort().join(', ');
    if (planned !== done) yield ['plan and sync differ', `planned [${planned}], did [${done}]`];
  }
  if (exitCode !== 0) {
    if (isCalm(run, shown) && exitCode !== 5) yield ['nothing was wrong, and no exit 0', code];
    return;
  }
  if (step.flags !== '' || silentLies(run).length > 0 || run.besideOwn) return;
  for (const [key, made] of shown) {
    if (made.kinds.length === 0 || made.searched) continue;
    const entity = run.after.get(key);
    if (entity === undefined) {
      yield ['exit 0 with something not loaded', `${key} is not there`];
    } else {
      for (const [relation, target] of Object.entries(made.relations)) {
        if (entity.relations[relation] !== target) {
          yield ['exit 0 with something not loaded', `${key} does not relate to ${target}`];
        }
      }
    }
  }
}

/** Nothing happened during the run that did not happen during its plan. */
function isQuiet(run: RunRecord): boolean {
  return (
    run.troubles.every(({ hits }) => hits === 0) &&
    run.portTroubleHits === 0 &&
    !run.isStopped &&
    run.changedMeanwhile.size === 0 &&
    run.step.beside === null
  );
}

/** Nothing objects to an exit code of 0. */
function isCalm(run: RunRecord, shown: Catalog): boolean {
  return (
    isQuiet(run) &&
    !run.mayOtherBeUnderWay &&
    // What is left out may be what others relate to.
    run.step.flags === '' &&
    isOurs(run.signedBefore) &&
    run.credentials === 'alive' &&
    !run.mapping.failing &&
    hiddenRoots(run).size === 0 &&
    // A search may find nothing.
    [...shown].every(([key, { searched }]) => !searched || run.before.has(key))
  );
}
