import { referenceKey } from '../model/entity.js';
import { mayBeBelow } from './inquiry.js';
import { type Claim, lookAt, type SeenClaim } from './claims.js';
import { findsBySearch, knowsRoots, lacksLeaf, namesKnownBlueprints } from './facts.js';
import {
  answered,
  everything,
  fedBy,
  hasUnknownKey,
  isNamed,
  isNamedAndAbsent,
  isStopped,
  Judging,
  type Kept,
  mayBeFedBy,
  relatedTo,
  those,
} from './judging.js';

/**
 * A reason to keep what this run did not produce. The rows below are all that there are: the page
 * docs/deletions.md, the report and the tests come from them.
 */
export interface Objection<Subject extends Claim> {
  readonly reason: string;
  /** The end of the sentence `kept 3 entities of service that this run did not produce: …` */
  readonly words: string;
  /** What it means and what to do, for docs/deletions.md. */
  readonly remedy: string;
  /** Whom the rule has to ask. Those that ask nobody come first. */
  readonly asks: 'nobody' | 'Port' | 'Bitbucket';
  /** How much it weighs in the exit code: 0, 4 with `--strict`, or 4. */
  readonly weight: 'notice' | 'warning' | 'incomplete';
  /** Whether it holds until somebody changes settings, mapping or catalog; else it may be over soon. */
  readonly lasts: boolean;
  readonly keeps: (
    claims: readonly Subject[],
    judgement: Judging,
  ) => readonly Kept<Subject>[] | Promise<readonly Kept<Subject>[]>;
}

/** Rules that need to know nothing of an entity but its blueprint. */
export const beforeLooking = [
  {
    reason: 'interrupted',
    words: 'the run was stopped',
    remedy: 'Run again, or give it more time with `--timeout`.',
    asks: 'nobody',
    weight: 'notice',
    lasts: false,
    keeps: everything(({ context }) => context.signal.aborted),
  },
  {
    reason: 'deletions off',
    words: 'deletions are switched off',
    remedy:
      'You asked for it: `--no-delete`, `sync.delete: false`, or a threshold of 0 in the mapping or the settings.',
    asks: 'nobody',
    weight: 'notice',
    lasts: true,
    keeps: everything(({ policy }) => !policy.isOn || policy.threshold === 0),
  },
  {
    reason: 'system blueprint',
    words: 'the blueprint is one of Port itself',
    remedy:
      'Deleting there would remove users or teams. If you mean it, name the blueprint in `sync.deleteOnly`.',
    asks: 'nobody',
    weight: 'notice',
    lasts: true,
    keeps: those(
      (claim: Claim, facts) => claim.blueprint.startsWith('_') && !isNamed(claim, facts),
    ),
  },
  {
    reason: 'not named',
    words: 'sync.deleteOnly does not name the blueprint',
    remedy: 'Add the blueprint to `sync.deleteOnly`, or remove that setting.',
    asks: 'nobody',
    weight: 'notice',
    lasts: true,
    keeps: those((claim, facts) => facts.policy.only !== null && !isNamed(claim, facts)),
  },
  {
    reason: 'enableDelete false',
    words: 'a resource that feeds this blueprint says enableDelete: false',
    remedy: 'Remove `enableDelete: false` from the resource if deletions are wanted.',
    asks: 'nobody',
    weight: 'notice',
    lasts: true,
    keeps: those((claim, facts) =>
      mayBeFedBy(
        claim,
        facts,
        (position) => facts.context.mapping.resources[position]?.enableDelete === false,
      ),
    ),
  },
  {
    reason: 'unknown key',
    words: 'the mapping has a key that this version does not know and that may concern deletions',
    remedy:
      'Remove the key, update bitbucket-port, or name the blueprint in `sync.deleteOnly`. The warning names the key.',
    asks: 'nobody',
    weight: 'warning',
    lasts: true,
    keeps: those(hasUnknownKey),
  },
  {
    reason: 'record unreadable',
    words: 'the integration, which tells who loaded it last, could not be read in Port',
    remedy:
      'Give the account the permission to read the integration; the warning says what Port answered.',
    asks: 'nobody',
    weight: 'notice',
    lasts: false,
    keeps: everything(({ policy }) => policy.history.status === 'unreadable'),
  },
  {
    reason: 'identity unknown',
    words: 'its data source cannot be told from that of another integration',
    remedy:
      'Port must list the integrations to these credentials (admin or moderator). Two integrations must not differ in upper and lower case alone.',
    asks: 'nobody',
    weight: 'warning',
    lasts: true,
    keeps: everything(({ policy }) => policy.identity !== 'certain'),
  },
  {
    reason: 'narrowed run',
    words: 'this run was narrowed by a flag or variable',
    remedy:
      'Run without the flags and variables that narrow. What should never be read belongs into the selectors of the mapping.',
    asks: 'nobody',
    weight: 'notice',
    lasts: false,
    keeps: those(
      ({ blueprint }, facts) =>
        facts.policy.narrowed.has(blueprint) ||
        (facts.policy.isNarrowed && !facts.isNamed(blueprint)),
    ),
  },
  {
    reason: 'search identifier',
    words: 'a mapping finds entities there by a search query',
    remedy: 'Give the mapping an identifier, or delete in Port what is gone.',
    asks: 'nobody',
    weight: 'notice',
    lasts: true,
    keeps: those(({ blueprint, feeding }) =>
      feeding.some(({ resource }) => findsBySearch(resource, blueprint)),
    ),
  },
  {
    reason: 'blueprint missing',
    words: 'the mapping names a blueprint that Port lacks, which may stand for this one',
    remedy:
      'Create the blueprint in Port, or correct its name in the mapping; the failure names it.',
    asks: 'nobody',
    weight: 'notice',
    lasts: false,
    // It may be the blueprint of the claim, misspelt.
    keeps: those(
      ({ blueprint }, facts) => !facts.isNamed(blueprint) && !namesKnownBlueprints(facts),
    ),
  },
  {
    reason: 'root listing incomplete',
    words: 'a root listing in Bitbucket could not be read to its end',
    remedy:
      'Nothing is deleted while projects, repositories or users are not known. Fix what interrupted the listing; the failure names it.',
    asks: 'nobody',
    weight: 'notice',
    lasts: false,
    keeps: those(({ feeding }, { runs }) => !knowsRoots(runs) || feeding.some(lacksLeaf)),
  },
  {
    reason: 'resource failed',
    words: 'a resource that feeds this blueprint did not run to its end',
    remedy: 'See the failure of the resource, then run again.',
    asks: 'nobody',
    weight: 'notice',
    lasts: false,
    keeps: fedBy((run) => !run.isFinished),
  },
  {
    reason: 'item failed',
    words: 'an item that feeds this blueprint failed in the mapping',
    remedy:
      'Fix the expression; the failure names the item. Or leave the item out with the selector.',
    asks: 'nobody',
    weight: 'notice',
    lasts: false,
    keeps: fedBy((run) => run.hasFailedItem || run.resource.isBroken === true),
  },
] as const satisfies readonly Objection<Claim>[];

/** Rules that look at the entity as Port holds it, then at what Bitbucket and Port say when asked. */
export const afterLooking = [
  {
    reason: 'made by others',
    words: 'somebody else created it in Port',
    remedy: 'It is not ours to delete. Delete it in Port if it is gone.',
    asks: 'nobody',
    weight: 'notice',
    lasts: true,
    keeps: those(({ isOfOthers }: SeenClaim) => isOfOthers),
  },
  {
    reason: 'clock unknown',
    words: 'Port did not tell the time, so changes made meanwhile cannot be told',
    remedy:
      'Something on the way to Port removes the Date of its answers, or answers from a cache. Let answers of Port pass as they are.',
    asks: 'nobody',
    weight: 'warning',
    lasts: false,
    keeps: those((_: SeenClaim, { startedAt }) => startedAt === null),
  },
  {
    reason: 'changed by others',
    words: 'changed in Port after this run began',
    remedy: 'Somebody needs it. The next run looks again.',
    asks: 'nobody',
    weight: 'notice',
    lasts: false,
    keeps: those(({ isChanged }: SeenClaim) => isChanged),
  },
  {
    reason: 'named and absent',
    words: 'a selector or flag names a project or repository that is not there',
    remedy: 'It may have been renamed. Correct the name in the selector; the warning names it.',
    asks: 'nobody',
    weight: 'notice',
    lasts: false,
    keeps: those(isNamedAndAbsent),
  },
  {
    reason: 'repository not read',
    words: 'its repository could not be read to its end',
    remedy: 'Only what belongs to that repository is kept. Fix what interrupted the reading.',
    asks: 'nobody',
    weight: 'notice',
    lasts: false,
    keeps: async (claims: readonly SeenClaim[], judging) => {
      const homes = await judging.homes(claims);
      return claims
        .filter((claim) => mayBeBelow(claim, judging.facts) && homes.of(claim).type === 'unread')
        .map((claim) => ({ claim }));
    },
  },
  {
    reason: 'outdated',
    words: 'it may only be older than its selector takes, and keepOutdated is set',
    remedy:
      'You asked for it. It goes with its repository. To remove it earlier, delete it in Port, or remove `keepOutdated`.',
    asks: 'nobody',
    weight: 'notice',
    lasts: true,
    // A repository that nobody lists is asked for, and takes what is below it along.
    keeps: async (claims: readonly SeenClaim[], judging) => {
      const outdated = claims.filter(({ feeding }) =>
        feeding.some(({ reading }) => reading.keepsOutdated === true),
      );
      if (outdated.length === 0) return [];
      const homes = await judging.homes(claims);
      return outdated
        .filter((claim) => homes.of(claim).type !== 'unlisted')
        .map((claim) => ({ claim }));
    },
  },
  {
    reason: 'repository unknown',
    words: 'a repository could not be read, and which entities belong to it cannot be told',
    remedy:
      "Map each item's own link, or the repository itself and a relation that leads to it: then only what belongs to the unread repository is kept.",
    asks: 'nobody',
    weight: 'notice',
    lasts: false,
    keeps: async (claims: readonly SeenClaim[], judging) => {
      const homes = await judging.homes(claims);
      return claims
        .filter(
          (claim) =>
            mayBeBelow(claim, judging.facts) &&
            homes.of(claim).type === 'unknown' &&
            homes.hasUnread(claim.blueprint),
        )
        .map((claim) => ({ claim }));
    },
  },
  {
    reason: 'seen again',
    words: 'a second reading of the listing showed what the first had missed',
    remedy: 'It is there. Nothing to do.',
    asks: 'Bitbucket',
    weight: 'notice',
    lasts: false,
    keeps: async (claims: readonly SeenClaim[], judging) => {
      const { alive } = await judging.secondReading(claims);
      return claims.filter((claim) => alive.has(referenceKey(claim))).map((claim) => ({ claim }));
    },
  },
  {
    reason: 'confirmation failed',
    words: 'the listing could not be read a second time to confirm it',
    remedy: 'Run again.',
    asks: 'Bitbucket',
    weight: 'notice',
    lasts: false,
    keeps: async (claims: readonly SeenClaim[], judging) => {
      const { unconfirmed } = await judging.secondReading(claims);
      return claims
        .filter((claim) => unconfirmed.has(referenceKey(claim)))
        .map((claim) => ({ claim }));
    },
  },
  {
    reason: 'hidden',
    words: 'these credentials may no longer see it in Bitbucket',
    remedy:
      'Grant the credentials access to it again. If it should leave the catalog, delete it in Port.',
    asks: 'Bitbucket',
    weight: 'warning',
    lasts: false,
    keeps: answered('hidden'),
  },
  {
    reason: 'still there',
    words: 'Bitbucket still has it, although its listing did not show it',
    remedy:
      "The listing was wrong. Run again; if it stays, tell Bitbucket's administrator which listing leaves it out.",
    asks: 'Bitbucket',
    weight: 'incomplete',
    lasts: false,
    keeps: answered('still there'),
  },
  {
    reason: 'moved',
    words: 'it has another name in Bitbucket, and Port does not have the entity of that name yet',
    remedy:
      'It goes once the entity of the new name is in Port. If it moved out of reach, such as to another workspace, delete it in Port.',
    asks: 'Bitbucket',
    weight: 'warning',
    lasts: false,
    keeps: answered('moved'),
  },
  {
    reason: 'outdated elsewhere',
    words: 'its repository has another name by now, and keepOutdated is set',
    remedy:
      'You asked for it: what is older than its selector takes is not loaded again under the new name. To remove it, delete it in Port, or remove `keepOutdated`.',
    asks: 'Bitbucket',
    weight: 'notice',
    lasts: true,
    keeps: answered('outdated elsewhere'),
  },
  {
    reason: 'unanswered',
    words: 'Bitbucket gave no clear answer when it was asked for it',
    remedy: 'Run again; the reason is given with the name.',
    asks: 'Bitbucket',
    weight: 'incomplete',
    lasts: false,
    keeps: answered('unanswered'),
  },
  {
    reason: 'no request left',
    words: 'the limit of requests left none to ask Bitbucket for it',
    remedy:
      'The next run asks for it. Where that goes on for days, give it more requests: several tokens, or fewer repositories.',
    asks: 'Bitbucket',
    weight: 'notice',
    lasts: false,
    keeps: answered('no request left'),
  },
  {
    reason: 'not asked',
    words: 'another one that the same listing left out is still there',
    remedy: 'The listing was wrong. Run again.',
    asks: 'Bitbucket',
    weight: 'incomplete',
    lasts: false,
    keeps: answered('not asked'),
  },
  {
    reason: 'credentials uncertain',
    words:
      'nothing shows that Bitbucket knows the credentials, and it did not say that this one is gone',
    remedy:
      'A server with public access shows strangers only what is public. See docs/permissions.md for what shows that credentials count.',
    asks: 'Bitbucket',
    weight: 'warning',
    lasts: false,
    keeps: async (claims: readonly SeenClaim[], judging) => {
      const verdicts = await judging.verdicts(claims);
      if (judging.facts.policy.credentials === 'counted') return [];
      return claims
        .filter((claim) => {
          const verdict = verdicts.get(referenceKey(claim));
          const isProven = verdict?.type === 'gone' && verdict.proof !== 'none';
          return !isProven && claim.feeding.length > 0;
        })
        .map((claim) => ({ claim }));
    },
  },
  {
    reason: 'credentials refused',
    words: 'Bitbucket did not take the credentials any more when it was asked again',
    remedy:
      'They may have expired during the run: what Bitbucket said may have been said to a stranger. Renew them and run again.',
    asks: 'Bitbucket',
    weight: 'incomplete',
    lasts: false,
    keeps: async (claims: readonly SeenClaim[], { facts }) =>
      claims.length === 0 || (await facts.areCredentialsTheSame())
        ? []
        : claims.map((claim) => ({ claim })),
  },
  {
    reason: 'dependents unreadable',
    words: 'what relates to it could not be read in Port',
    remedy: 'Run again.',
    asks: 'Port',
    weight: 'notice',
    lasts: false,
    keeps: async (claims: readonly SeenClaim[], judging) => {
      const relations = await judging.relations(claims);
      return relations === null ? claims.map((claim) => ({ claim })) : [];
    },
  },
  {
    reason: 'related to',
    words: 'something that stays relates to it',
    remedy:
      'Remove the relation, or what relates to it. `--allow-cascade` deletes both, once you are sure.',
    asks: 'Port',
    weight: 'notice',
    lasts: true,
    keeps: (claims: readonly SeenClaim[], judging) => relatedTo(claims, judging),
  },
] as const satisfies readonly Objection<SeenClaim>[];

/** Rules about the run as a whole. They come last, so that it is told what would go without them. */
export const untilNextRun = [
  {
    reason: 'first run',
    words: 'no run has judged deletions for this integration yet',
    remedy: 'The first run deletes nothing. The next one does; `plan` shows what.',
    asks: 'nobody',
    weight: 'notice',
    lasts: false,
    keeps: everything(({ policy }) => policy.history.status === 'first'),
  },
  {
    reason: 'taken over',
    words: 'another program loaded this integration before',
    remedy:
      'The first run deletes nothing. The next one does, and asks first if more than ten would go; `plan` shows what.',
    asks: 'nobody',
    weight: 'notice',
    lasts: false,
    keeps: everything(({ policy }) => policy.history.status === 'taken over'),
  },
  {
    reason: 'two writers',
    words: 'another program loads the same integration',
    remedy:
      'Stop the other program, or give one of the two another identifier. Deletions go on with the next run after that.',
    asks: 'nobody',
    weight: 'incomplete',
    lasts: false,
    keeps: everything(({ policy }) => policy.history.status === 'two writers'),
  },
  {
    reason: 'another run',
    words: 'another run of this integration is under way',
    remedy:
      'Let only one run at a time work for an integration. A run that was killed counts for an hour.',
    asks: 'nobody',
    weight: 'incomplete',
    lasts: false,
    keeps: everything(({ policy }) => policy.otherRunSince !== null),
  },
] as const satisfies readonly Objection<Claim>[];

/** Rules that are asked after the guards, right before anything is deleted. */
export const atTheEnd = [
  {
    reason: 'stopped before',
    words: 'an earlier run stopped for safety, and nobody has approved it',
    remedy:
      'A stop stays a stop. Run without anything that narrows: either everything is there again, or it stops again and prints what to approve.',
    asks: 'nobody',
    weight: 'warning',
    lasts: false,
    keeps: (claims: readonly Claim[], { facts, isStopOver }) =>
      isStopped(facts) && !isStopOver ? claims.map((claim) => ({ claim })) : [],
  },
  {
    reason: 'changed meanwhile',
    words: 'changed in Port while Bitbucket was asked for it',
    remedy: 'Somebody needs it. The next run looks again.',
    asks: 'Port',
    weight: 'notice',
    lasts: false,
    keeps: async (claims: readonly Claim[], judging) => {
      const now = await lookAt(claims, judging.facts);
      const same = new Set(now.filter(({ isChanged }) => !isChanged).map(referenceKey));
      const changed = claims.filter((claim) => !same.has(referenceKey(claim)));
      if (changed.length > 0) judging.forgetRelations();
      return changed.map((claim) => ({ claim }));
    },
  },
  {
    reason: 'related to what changed',
    words: 'something relates to it that was changed while Bitbucket was asked',
    remedy: 'The next run looks again.',
    asks: 'Port',
    weight: 'notice',
    lasts: false,
    keeps: (claims: readonly Claim[], judging) => relatedTo(claims, judging),
  },
  {
    reason: 'another run began',
    words: 'another run or program began to load this integration meanwhile',
    remedy: 'Let only one run at a time work for an integration.',
    asks: 'Port',
    weight: 'incomplete',
    lasts: false,
    keeps: async (claims: readonly Claim[], { facts }) =>
      claims.length === 0 || (await facts.lastWord.isStillOurs())
        ? []
        : claims.map((claim) => ({ claim })),
  },
  {
    reason: 'not remembered',
    words: 'Port did not keep what the integration has to remember of deletions',
    remedy: 'Give the account the permission to update the integration. The next run tries again.',
    asks: 'Port',
    weight: 'warning',
    lasts: false,
    keeps: async (claims: readonly Claim[], { facts, isJudged, wouldStop, isStopOver }) => {
      const mark = isJudged ? await facts.markFor(claims.length, wouldStop, isStopOver) : null;
      if (mark === null || (await facts.lastWord.leave(mark))) return [];
      return claims.map((claim) => ({ claim }));
    },
  },
] as const satisfies readonly Objection<Claim>[];

/** All of them, in the order in which they are asked. */
export const objections = [...beforeLooking, ...afterLooking, ...untilNextRun, ...atTheEnd];

/** The name of a reason to keep an entity. */
export type Reason = (typeof objections)[number]['reason'];
