import type { JsonObject, JsonValue } from '../../model/json.js';
import type { Answer } from '../loopback.js';

/** A refusal, as Bitbucket Cloud shapes it. Thrown by routes, answered in one place. */
export class CloudError extends Error {
  override readonly name = 'CloudError';

  constructor(
    readonly status: number,
    message: string,
    readonly more: {
      /** Text in the documents; the missing scopes come as an object. */
      readonly detail?: JsonValue;
      readonly data?: JsonObject;
      /** Set when the contract does not know the request, rather than the data not allowing it. */
      readonly violation?: boolean;
    } = {},
  ) {
    super(message);
  }
}

/** Bitbucket Cloud's error document. */
export function errorAnswer({ status, message, more }: CloudError): Answer {
  const error: JsonObject = {
    message,
    ...(more.detail === undefined ? {} : { detail: more.detail }),
    ...(more.data === undefined ? {} : { data: more.data }),
  };
  return { status, body: { type: 'error', error } };
}

/** A request outside the contract: an unknown parameter, or a value that it can never have. */
export function unknownToContract(message: string): CloudError {
  return new CloudError(400, message, { violation: true });
}

/** Too many rows asked for in a page; a client may not know, so it is no violation. */
export function invalidPagelen(): CloudError {
  return new CloudError(400, 'Invalid pagelen');
}

/** A filter that does not parse, or that names what cannot be filtered on. */
export function invalidQuery(reason: string): CloudError {
  return new CloudError(400, `Invalid query: ${reason}`);
}

export function noSuchWorkspace(identifier: string): CloudError {
  return new CloudError(404, `No workspace with identifier '${identifier}'.`);
}

/** Also what somebody without access is told: the words leave it open. */
export function noSuchRepository(): CloudError {
  return new CloudError(
    404,
    'You may not have access to this repository or it no longer exists in this workspace. ' +
      'If you think this repository exists and you have access, make sure you are authenticated.',
  );
}

/** A project that is not there; as documented, one that may not be seen is refused instead. */
export function noSuchProject(key: string): CloudError {
  return new CloudError(404, `No project ${key} is hosted in this workspace.`);
}

export function projectRefused(): CloudError {
  return new CloudError(403, 'You are not authorized to access this project.');
}

export function noSuchPullRequest(id: string): CloudError {
  return new CloudError(404, `There is no pull request ${id}.`);
}

export function noSuchBranch(name: string): CloudError {
  return new CloudError(404, `Branch "${name}" not found`);
}

export function noSuchMember(identifier: string): CloudError {
  return new CloudError(404, `${identifier} is not a member of this workspace.`);
}

export function noSuchTag(name: string): CloudError {
  return new CloudError(404, `Tag "${name}" not found`);
}

/** Of what Bitbucket Pipelines has. */
export function noSuchResult(what: string): CloudError {
  return new CloudError(404, `The ${what} does not exist.`);
}

export function noSuchCommit(revision: string): CloudError {
  return new CloudError(404, 'Commit not found', { data: { shas: [revision] } });
}

export function noSuchPath(path: string): CloudError {
  return new CloudError(404, `No such file or directory: ${path}`);
}
