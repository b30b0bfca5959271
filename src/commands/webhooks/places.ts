import { z } from 'zod';
import { ProblemError, type Problem } from '../../problems/problem.js';
import type { Settings } from '../../settings/settings.js';
import type { HookLevel } from '../../source/kind-events.js';
import type { Source } from '../../source/source.js';
import { isSince } from '../../stages/webhook-mapping.js';
import type { HookPlace } from './bitbucket-hooks.js';

/** Which webhooks are looked at, and which instead where a server has none of these. */
export interface LevelChoice {
  readonly level: HookLevel;
  /** Null: nothing stands in. */
  readonly fallback: HookLevel | null;
}

const LEVELS = ['auto', 'workspace', 'project', 'repository'] as const;

/** Where the levels are to be had. */
const OF_TYPE = {
  server: ['project', 'repository'],
  cloud: ['workspace', 'repository'],
} as const satisfies Record<Settings['bitbucket']['type'], readonly HookLevel[]>;

/**
 * The level that a command line names; null: whichever there is.
 * @throws ProblemError usage-invalid
 */
export function chosenLevel(
  given: string | true | undefined,
  type: Settings['bitbucket']['type'],
): HookLevel | null {
  const level = LEVELS.find((one) => one === (given ?? 'auto'));
  if (level === 'auto') return null;
  const levels: readonly HookLevel[] = OF_TYPE[type];
  if (level !== undefined && levels.includes(level)) return level;
  const name = type === 'server' ? 'Bitbucket Data Center' : 'Bitbucket Cloud';
  const reason = `option '--level <level>' takes auto, ${levels.join(' or ')} for ${name}`;
  throw ProblemError.of({ code: 'usage-invalid', reason });
}

/** The first version of Data Center whose projects have webhooks. */
const PROJECT_HOOKS = [8, 8] as const;

/**
 * The level that a Bitbucket has: what the user says counts, then the version of the server, then whether it
 * answers 404.
 */
export function levelOf(
  chosen: HookLevel | null,
  { bitbucket, webhooks }: Pick<Settings, 'bitbucket' | 'webhooks'>,
  version: readonly [number, number] | null,
): LevelChoice {
  if (chosen !== null) return { level: chosen, fallback: null };
  if (bitbucket.type === 'cloud') return { level: 'workspace', fallback: 'repository' };
  const { isVersion87OrOlder } = webhooks;
  if (isVersion87OrOlder === null && version === null) {
    return { level: 'project', fallback: 'repository' };
  }
  const isOld = isVersion87OrOlder ?? (version !== null && !isSince(version, PROJECT_HOOKS));
  return { level: isOld ? 'repository' : 'project', fallback: null };
}

/** All levels that may hold webhooks of ours: a server may have been of a former version. */
export function levelsToClear(
  chosen: HookLevel | null,
  settings: Pick<Settings, 'bitbucket' | 'webhooks'>,
  version: readonly [number, number] | null,
): readonly HookLevel[] {
  const { level } = levelOf(chosen, settings, version);
  return chosen !== null || level === 'repository' ? [level] : [level, 'repository'];
}

/** Major and minor of `8.19.2`; null: there is no such version to be had. */
export function versionParts(version: string | null): readonly [number, number] | null {
  const [, major, minor] = /^(\d+)\.(\d+)/u.exec(version ?? '') ?? [];
  return major === undefined || minor === undefined ? null : [Number(major), Number(minor)];
}

const serverProject = z.object({ key: z.string().min(1) });
const serverRepository = z.object({
  slug: z.string().min(1),
  project: serverProject,
  archived: z.boolean().nullish(),
});
const cloudRepository = z.object({ full_name: z.string().regex(/^[^/]+\/[^/]+$/u) });

/**
 * The places of a level. A listing that was not read to its end is reported.
 * @param takesProject whether the project of the key needs a webhook
 */
export async function placesAt(
  level: HookLevel,
  { bitbucket }: Pick<Settings, 'bitbucket'>,
  source: Source,
  now: number,
  takesProject: (key: string) => boolean,
  report: (problem: Problem) => void,
): Promise<readonly HookPlace[]> {
  if (level === 'workspace') {
    const workspace = bitbucket.type === 'cloud' ? bitbucket.workspace : '';
    return [{ level, name: `workspace ${workspace}`, path: ['workspaces', workspace, 'hooks'] }];
  }
  const isServer = bitbucket.type === 'server';
  const places: HookPlace[] = [];
  for await (const value of valuesOf(level, source, now, report)) {
    const place = isServer
      ? serverPlace(level, value, takesProject)
      : cloudPlace(cloudRepository.safeParse(value).data?.full_name);
    if (place !== null) places.push(place);
  }
  return places;
}

async function* valuesOf(
  kind: 'project' | 'repository',
  source: Source,
  now: number,
  report: (problem: Problem) => void,
): AsyncGenerator<unknown, void, undefined> {
  const reading = source.read({
    kind,
    resource: { index: 0, kind },
    selector: { query: 'true' },
    mentions: () => false,
    now,
  });
  for await (const { items } of reading.pages()) yield* items.map(({ value }) => value);
  for (const end of reading.ends()) if (end.status === 'incomplete') report(end.problem);
  for (const problem of reading.takeProblems()) report(problem);
}

function serverPlace(
  level: 'project' | 'repository',
  value: unknown,
  takesProject: (key: string) => boolean,
): HookPlace | null {
  if (level === 'project') {
    const { data: project } = serverProject.safeParse(value);
    if (project === undefined || !takesProject(project.key)) return null;
    const { key } = project;
    return { level, name: `project ${key}`, path: ['projects', key, 'webhooks'] };
  }
  const { data: repository } = serverRepository.safeParse(value);
  // Nothing happens in what is archived, and nothing can be changed there.
  if (repository === undefined || repository.archived === true) return null;
  const { slug, project } = repository;
  return takesProject(project.key)
    ? {
        level,
        name: `repository ${project.key}/${slug}`,
        path: ['projects', project.key, 'repos', slug, 'webhooks'],
      }
    : null;
}

function cloudPlace(fullName: string | undefined): HookPlace | null {
  if (fullName === undefined) return null;
  const path = ['repositories', ...fullName.split('/'), 'hooks'];
  return { level: 'repository', name: `repository ${fullName}`, path };
}
