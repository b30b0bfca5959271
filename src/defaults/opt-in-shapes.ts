import type { DefaultBlueprint } from '../model/blueprint.js';
import type { JsonObject } from '../model/json.js';
import { repositoryOf } from './distinct-mapping.js';

/** What a kind that the built-in mapping does not read, or not so much of, is mapped by. */
export interface OptIn {
  /** In the shape in which a mapping has it. Its identifiers fit those that `init` writes. */
  readonly resource: JsonObject;
  /** What it fills. */
  readonly blueprint: DefaultBlueprint;
  /** Why it is so, for whoever reads the mapping. */
  readonly comment: string;
}

/**
 * The name of a branch, a tag or a group as a part of an identifier: what Port takes in none is written as
 * `=` and two digits, so that two names never become one.
 */
export const inIdentifier = (path: string): string =>
  `(${path} | @uri | gsub("%2F"; "/") | gsub("~"; "%7E") | gsub("%"; "="))`;

export const TEXT = { type: 'string' } as const;
export const ADDRESS = { ...TEXT, format: 'url' } as const;
export const MOMENT = { ...TEXT, format: 'date-time' } as const;
export const FLAG = { type: 'boolean' } as const;

/** The repository of something in it, by the identifiers that `init` writes. */
export const CLOUD_REPOSITORY = '.__repository.full_name';
export const SERVER_REPOSITORY = repositoryOf('.__repository');

export const REPOSITORY = { repository: { title: 'Repository', ...one('bitbucketRepository') } };

export function blueprint(
  identifier: string,
  title: string,
  icon: string,
  {
    properties,
    relations = {},
  }: { readonly properties: JsonObject; readonly relations?: JsonObject },
): DefaultBlueprint {
  return {
    identifier,
    title,
    icon,
    schema: { properties, required: [] },
    mirrorProperties: {},
    calculationProperties: {},
    aggregationProperties: {},
    relations,
  };
}

/** A relation to at most one entity, which may be missing. */
export function one(target: string): { target: string; required: false; many: false } {
  return { target, required: false, many: false };
}

export function resource(
  kind: string,
  mappings: JsonObject,
  selector: JsonObject = {},
): JsonObject {
  return { kind, selector: { query: 'true', ...selector }, port: { entity: { mappings } } };
}
