import { describe, expect, it } from '@jest/globals';
import { nearest } from '../../src/problems/nearest.js';

const WORDS = ['project', 'repository', 'pull-request', 'user'];

describe('the nearest word', () => {
  it.each([
    ['repositry', 'repository'],
    ['Repository', 'repository'],
    ['pull_request', 'pull-request'],
    ['projects', 'project'],
    ['usr', 'user'],
    ['uesr', 'user'],
    ['folder', undefined],
    ['x', undefined],
    ['', undefined],
  ])('to %j is %j', (word, expected) => {
    expect(nearest(word, WORDS)).toBe(expected);
  });

  it('is the first of several that are equally near', () => {
    expect(nearest('bat', ['cat', 'rat'])).toBe('cat');
  });

  it('may be a short one with two letters swapped', () => {
    expect(nearest('PYA', ['WEB', 'PAY'])).toBe('PAY');
  });
});
