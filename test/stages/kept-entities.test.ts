import { expect, it } from '@jest/globals';
import type { Problem } from '../../src/problems/problem.js';
import { KeptEntities } from '../../src/stages/kept-entities.js';

it('tells one number for each blueprint and reason', () => {
  const kept = new KeptEntities();
  kept.add('service', 'repository not read');
  kept.add('service', 'repository not read', 4);
  kept.add('service', 'changed by others');
  kept.add('user', 'repository not read', 2);
  kept.add('user', 'deletions off', 0);
  const problems: Problem[] = [];
  kept.report((problem) => problems.push(problem));
  const code = 'deletions-withheld';
  expect(problems).toEqual([
    { code, blueprint: 'service', count: 5, reason: 'repository not read' },
    { code, blueprint: 'service', count: 1, reason: 'changed by others' },
    { code, blueprint: 'user', count: 2, reason: 'repository not read' },
  ]);
});
