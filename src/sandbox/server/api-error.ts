import type { Answer } from '../loopback.js';
import type { JsonObject } from '../../model/json.js';

/** A refusal, as Data Center words it. Thrown by routes, answered in one place. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    message: string,
    /** Java class name, by which clients decide; null where the product names none. */
    readonly exceptionName: string | null = null,
    readonly details: {
      /** The parameter that the message is about. */
      readonly context?: string;
      readonly headers?: Readonly<Record<string, string>>;
      /** Set when the contract does not know the request, rather than the data not allowing it. */
      readonly violation?: boolean;
    } = {},
  ) {
    super(message);
  }
}

/** Data Center's error document. */
export function errorAnswer(error: ApiError): Answer {
  const entry: JsonObject = {
    context: error.details.context ?? null,
    message: error.message,
    exceptionName: error.exceptionName,
  };
  return {
    status: error.status,
    body: { errors: [entry] },
    ...(error.details.headers === undefined ? {} : { headers: error.details.headers }),
  };
}

/** A request outside the contract: a wrong value of a parameter, or a parameter it does not know. */
export function unknownToContract(message: string, context: string): ApiError {
  return new ApiError(400, message, null, { context, violation: true });
}

export function noSuchProject(key: string): ApiError {
  return new ApiError(
    404,
    `Project ${key} does not exist.`,
    'com.atlassian.bitbucket.project.NoSuchProjectException',
  );
}

export function noSuchRepository(project: string, slug: string): ApiError {
  return new ApiError(
    404,
    `Repository ${project}/${slug} does not exist.`,
    'com.atlassian.bitbucket.repository.NoSuchRepositoryException',
  );
}

export function noSuchPullRequest(id: string): ApiError {
  return new ApiError(
    404,
    `No pull request exists with ID ${id} for this repository.`,
    'com.atlassian.bitbucket.pull.NoSuchPullRequestException',
  );
}

export function noSuchGroup(name: string): ApiError {
  return new ApiError(
    404,
    `Group ${name} does not exist.`,
    'com.atlassian.bitbucket.user.NoSuchGroupException',
  );
}

export function noSuchTag(name: string): ApiError {
  return new ApiError(
    404,
    `Tag "${name}" does not exist in this repository.`,
    'com.atlassian.bitbucket.repository.NoSuchTagException',
  );
}

/** What is asked of the default branch of an empty repository ends in this. */
export function noDefaultBranch(): ApiError {
  return new ApiError(
    404,
    'No default branch is defined',
    'com.atlassian.bitbucket.repository.NoDefaultBranchException',
  );
}

export function noSuchCommit(revision: string): ApiError {
  return new ApiError(
    404,
    `Commit '${revision}' does not exist in this repository.`,
    'com.atlassian.bitbucket.commit.NoSuchCommitException',
  );
}

export function noSuchPath(path: string): ApiError {
  return new ApiError(
    404,
    `The path "${path}" does not exist at this revision.`,
    'com.atlassian.bitbucket.content.NoSuchPathException',
  );
}

/** A listing of what is below a file. The documents name the status alone. */
export function notDirectory(path: string): ApiError {
  return new ApiError(400, `"${path}" is not a directory at this revision.`);
}

export function noSuchUser(slug: string): ApiError {
  return new ApiError(
    404,
    `User ${slug} does not exist.`,
    'com.atlassian.bitbucket.user.NoSuchUserException',
  );
}
