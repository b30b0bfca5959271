import { z } from 'zod';
import { PatternError, pythonMatch } from './python-pattern.js';

/** Selector keys of everything that belongs to projects; `query` is the mapping's. */
export const projectSelectorKeys = {
  query: z.unknown().optional(),
  /** Keys of projects. None at all means all of them. */
  projects: z.array(z.string()).nullish(),
  /** Matched against the key from its start on, as Python's `re.match` does. */
  projectFilterRegex: z
    .string()
    .check((context) => {
      const reason = patternFault(context.value);
      if (reason === null) return;
      context.issues.push({ code: 'custom', input: context.value, message: reason });
    })
    .nullish(),
};

const projectSelector = z.object(projectSelectorKeys);

/** Which projects a resource is about. */
export interface ProjectFilter {
  /** Whether it can leave any out. */
  readonly narrows: boolean;
  matches(projectKey: string): boolean;
  /** Keys that are named, one by one. */
  readonly named: readonly string[];
}

/**
 * The filter of a valid selector: a project has to meet `projects` and `projectFilterRegex` alike.
 * @param override stands in for `projects` in this run; an empty one does not
 */
export function projectFilter(
  selector: unknown,
  override: readonly string[] | undefined,
): ProjectFilter {
  const { projects, projectFilterRegex } = projectSelector.parse(selector);
  const listed = override !== undefined && override.length > 0 ? override : (projects ?? []);
  const keys = listed.length > 0 ? new Set(listed) : null;
  // As in today's integration, an empty pattern is none.
  const pattern = projectFilterRegex ? pythonMatch(projectFilterRegex) : null;
  return {
    named: listed,
    narrows: keys !== null || pattern !== null,
    matches: (key) => (keys?.has(key) ?? true) && (pattern?.test(key) ?? true),
  };
}

function patternFault(pattern: string): string | null {
  try {
    pythonMatch(pattern);
    return null;
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
}
