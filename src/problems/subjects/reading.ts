import type { RequestFacts, WithRequest } from '../../model/request-facts.js';
import type { ResourceReference } from '../../model/resource.js';
import {
  askAdministrators,
  counted,
  grouped,
  mebibytes,
  placeWords,
  shortened,
  SIDE_NAMES,
  timeLimit,
  withRequest,
} from '../phrases.js';
import type { AtItem, Excerpt, FileLocation, Side } from '../file-location.js';
import { incomplete, settings, warning, type WordsFor } from '../severity.js';

/** How long ago repositories were read that a run did not reach. */
export interface Staleness {
  /** How many of them were not read for longer than that. */
  readonly stale: number;
  readonly maxStaleMilliseconds: number;
}

/** What could not be read from Bitbucket, or not all of it. */
export interface ReadingProblems {
  /**
   * Nothing could be read or written at all: the probe failed for another reason than refusal.
   * `address`: the variable that says where the server is. `status`: what it answered, if anything.
   */
  'server-unavailable': {
    readonly side: Side;
    readonly subject: string;
    readonly reason: string;
    readonly address: string;
    readonly status?: number;
  } & WithRequest;
  /** A listing was not seen to its end. */
  'listing-incomplete': { readonly listing: string; readonly reason: string } & WithRequest;
  /** A root listing has no end of its own fault: everything below it is unknown. */
  'root-listing-incomplete': { readonly listing: string; readonly reason: string } & WithRequest;
  /** A mapping asks for a path that the settings do not allow, or cannot be asked for. */
  'request-refused': { readonly path: string; readonly reason: string };
  /**
   * Bitbucket refused the text of a selector that narrows a listing. `isEarly`: nothing was sent to Port
   * yet, and the run goes no further.
   */
  'filter-refused': {
    readonly resource: ResourceReference;
    /** Of the selector: `repoQuery`. */
    readonly key: string;
    readonly filter: string;
    readonly reason: string;
    readonly isEarly: boolean;
    readonly excerpt?: Excerpt;
    readonly at?: FileLocation;
  } & WithRequest;
  /**
   * How the requests that a run needs at least compare with what its limits allow, told when they are
   * not there at once. `windowMilliseconds`: the time for which `available` counts; null: the run.
   * `isEnough`: whether waiting makes them enough.
   */
  'request-forecast': {
    readonly what: 'requests' | 'reads of files';
    readonly needed: number;
    readonly available: number;
    readonly windowMilliseconds: number | null;
    readonly isEnough: boolean;
  };
  /** The limits had no room for every repository. Those that were not reached are left as they are. */
  coverage: {
    readonly resource: ResourceReference;
    readonly reached: number;
    readonly total: number;
    readonly reason: string;
    /**
     * How many of the others were not read for longer than `sync.maxStale`; absent where nobody remembers
     * when they were.
     */
    readonly staleness?: Staleness;
  };
  /** The server gives no pages as large as they might be. `listing`: where that showed. */
  'page-size-reduced': {
    readonly listing: string;
    readonly largest: number;
    readonly items: number;
    readonly reason: string;
  };
  /** An attachment of an item (readme, latest commit, file) could not be read. */
  'attachment-unreadable': AtItem & { readonly attachment: string; readonly reason: string };
  /** Files that were left out for their size. `paths`: all of them, or the first few. */
  'files-skipped': AtItem & {
    readonly count: number;
    readonly limitBytes: number;
    readonly paths: readonly string[];
  };
  /** Repositories of projects that the list of projects does not show. `projects`: their keys. */
  'repositories-unlisted': { readonly count: number; readonly projects: readonly string[] };
  /** A selector or a flag names something that a complete listing does not show. */
  'named-absent': {
    readonly kind: 'project' | 'repository';
    readonly name: string;
    /** One that is there and resembles it. */
    readonly nearest?: string;
  };
  /** An entry of NO_PROXY that no host can match. `spelling`: where it stands. */
  'no-proxy-void': { readonly spelling: string; readonly entry: string };
  /** Certificates are not verified, because a setting says so. */
  'verification-off': { readonly side: Side; readonly spelling: string };
}

/** Fields that hold what is read besides an item, as people call it. */
const ATTACHMENTS: Readonly<Record<string, string>> = {
  __readme: 'README',
  __latestCommit: 'newest commit',
  __commit: 'commit',
  __members: 'members',
};

/** Keys in a sentence. */
const PROJECTS_SHOWN = 5;

/** Each of them in words. */
export const readingWords: WordsFor<ReadingProblems> = {
  'server-unavailable': ({ side, subject, reason, address, status, request }) => {
    const lost = connectionLost(reason);
    const name = SIDE_NAMES[side];
    return incomplete(
      lost === null
        ? `${name} could not be asked for ${subject}: ${withRequest(reason, request)}`
        : `cannot connect to ${name} at ${lost}, while asking for ${subject}`,
      remedyFor(side, status, request) ??
        `Check ${address}, the proxy and the network of this machine; then run again`,
    );
  },
  'listing-incomplete': ({ listing, reason, request }) => ({
    ...incomplete(
      `${listing} could not be read to the end: ${withRequest(reason, request)}`,
      `What Port holds of it was kept. ${remedyForListing(reason, request)}`,
    ),
    brief: listing,
  }),
  'root-listing-incomplete': ({ listing, reason, request }) =>
    incomplete(
      `the list of ${listing} could not be read to the end: ${withRequest(reason, request)}`,
      `What depends on it was kept in Port. ${remedyForListing(reason, request)}`,
    ),
  'filter-refused': ({ resource, key, filter, reason, isEarly, at, request }) =>
    (isEarly ? settings : incomplete)(
      `${placeWords(at)}resources[${resource.index}].selector.${key} (${resource.kind}) is refused by Bitbucket: ${withRequest(reason, request)}`,
      `${at === undefined ? `Correct it in Port; it is: ${shortened(filter)}. ` : ''}How to write a filter: https://developer.atlassian.com/cloud/bitbucket/rest/intro/#filtering`,
    ),
  'request-refused': ({ path, reason }) =>
    incomplete(
      `nothing was asked for at ${path}: ${reason}`,
      'What its resource feeds was kept in Port. Correct the mapping; or allow the path in sync.allowRequests in bitbucket-port.yml, if whoever may edit the mapping may see all that is there',
    ),
  'request-forecast': ({ what, needed, available, windowMilliseconds, isEnough }) => ({
    severity: 'notice',
    exitCode: 0,
    message: `this run takes at least ${grouped(needed)} ${what}; ${grouped(available)} are allowed ${windowMilliseconds === null ? 'in one run' : `within ${timeLimit(windowMilliseconds)}`}${isEnough ? ', so that it waits in between' : ''}`,
    hint: 'Use several tokens (separated by commas), select fewer repositories with repoQuery, or run every hour with a time limit: each run goes on where others did not come to',
  }),
  coverage: ({ resource, reached, total, reason, staleness }) => {
    const message = `${resource.kind}: coverage ${grouped(reached)}/${grouped(total)}: ${reason}`;
    if (staleness === undefined) {
      return incomplete(
        message,
        'What belongs to the other repositories was left as it is; a run at another hour begins elsewhere',
      );
    }
    const { stale, maxStaleMilliseconds } = staleness;
    const limit = timeLimit(maxStaleMilliseconds);
    const hint =
      'What belongs to the other repositories was left as it is; the next run begins with those that were read longest ago';
    return stale === 0
      ? {
          severity: 'notice',
          exitCode: 0,
          message: `${message}; each of the others was read within the last ${limit}`,
          hint,
        }
      : incomplete(
          `${message}; ${grouped(stale)} of the others ${stale === 1 ? 'was' : 'were'} not read within the last ${limit} (sync.maxStale)`,
          hint,
        );
  },
  'page-size-reduced': ({ listing, largest, items, reason }) =>
    warning(
      `Bitbucket gives no pages of ${grouped(largest)} items (${listing}: ${reason}); they are read ${grouped(items)} at a time`,
      'Nothing is missing. Its administrators can tell why it is slow, or what in front of it ends requests early',
    ),
  'attachment-unreadable': ({ attachment, item, reason }) => {
    const brief = `the ${ATTACHMENTS[attachment] ?? attachment} of ${item}`;
    const message = `${brief} could not be read: ${reason}`;
    return { ...incomplete(message, 'What is mapped from it was left as it is in Port'), brief };
  },
  'files-skipped': ({ resource, item, count, limitBytes, paths }) =>
    warning(
      `${resource.kind}: ${counted(count, 'file', 'files')} of ${item} left out, larger than ${mebibytes(limitBytes)}: ${paths.join(', ')}${paths.length < count ? ', …' : ''}`,
      'Leave them out with files.path and files.filenames of the selector',
    ),
  'repositories-unlisted': ({ count, projects }) => ({
    severity: 'notice',
    exitCode: 0,
    message: `${counted(count, 'repository', 'repositories')} left out, as the list of projects does not show ${projects.slice(0, PROJECTS_SHOWN).join(', ')}${projects.length > PROJECTS_SHOWN ? ', …' : ''}`,
    hint: 'Bitbucket lists no personal projects (~). Of others, the account needs permission to read the project',
  }),
  'named-absent': ({ kind, name, nearest }) =>
    warning(
      `there is no ${kind} ${name} that these credentials may see, though a selector or a flag names it`,
      `${nearest === undefined ? '' : `Did you mean ${nearest}? `}What Port holds of it is kept. Name it as it is called now, or leave it out`,
    ),
  'no-proxy-void': ({ spelling, entry }) =>
    warning(
      `${spelling}: ${entry} covers no host`,
      'Write hosts, addresses or ranges: example.com, 10.0.0.5, 10.0.0.0/8, 10.*',
    ),
  'verification-off': ({ side, spelling }) =>
    warning(
      `certificates of ${SIDE_NAMES[side]} are not verified, because of ${spelling}`,
      'Trust a private CA with --ca-file instead',
    ),
};

const TOO_MANY_REQUESTS = 429;

/** `http://localhost:1: the connection was refused`, where there was no connection; else null. */
function connectionLost(reason: string): string | null {
  return /^cannot connect to (.*)$/su.exec(reason)?.[1] ?? null;
}

/** What a server that answers has to do with; null: it may be the wrong one, or not answer at all. */
function remedyFor(
  side: Side,
  status: number | undefined,
  request: RequestFacts | undefined,
): string | null {
  if (status === TOO_MANY_REQUESTS) {
    return 'Run again once its limit is over; others may be using the same account';
  }
  const isFailing = status !== undefined && status >= 500;
  return isFailing
    ? `It has a problem of its own: run again later${askAdministrators(side, request)}`
    : null;
}

function remedyForListing(reason: string, request: RequestFacts | undefined): string {
  if (/lacks the scopes? /u.test(reason)) {
    return 'Create a token that has it, or take the kind out of the mapping';
  }
  const status = request?.status ?? null;
  if (status === 401 || status === 403) {
    return 'Give the account or token permission to read it, or leave it out with the selector';
  }
  if (status === 404) {
    return 'If the repository has no such thing, leave it out with the selector; otherwise give the account or token permission to read it';
  }
  if (status === TOO_MANY_REQUESTS || status === null) return 'The next run reads it again';
  return status >= 500
    ? `The next run reads it again${askAdministrators('bitbucket', request)}`
    : 'The next run reads it again; look at the address in a browser if it stays so';
}
